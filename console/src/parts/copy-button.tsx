import {useState} from 'react';

/** Copies the text and says so, or why it could not. */
export function CopyButton({
  text,
  label = 'Copy',
  quiet = false,
}: {
  text: string | (() => string);
  label?: string;
  quiet?: boolean;
}) {
  const [said, setSaid] = useState<string | null>(null);
  const copy = async () => {
    try {
      await navigator.clipboard.writeText(typeof text === 'string' ? text : text());
      setSaid('Copied');
    } catch {
      setSaid('The browser does not allow it');
    }
    setTimeout(() => setSaid(null), 2_000);
  };
  return (
    <button type="button" className={quiet ? 'button quiet' : 'button'} onClick={() => void copy()} aria-live="polite">
      {said ?? label}
    </button>
  );
}
