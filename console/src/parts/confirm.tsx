/** What will happen, asked once. It takes the focus, so that the keyboard is where the question is. */
import {type ReactNode, useEffect, useRef} from 'react';
import {Failure} from './failure.tsx';

type Props = {
  readonly title: string;
  /** What it is doing; null while it waits. */
  readonly busy: string | null;
  readonly error: Error | null;
  readonly unaffected: string;
  readonly act: () => void;
  readonly close: () => void;
  readonly children: ReactNode;
};

export function Confirm({title, busy, error, unaffected, act, close, children}: Props) {
  const box = useRef<HTMLDivElement>(null);
  useEffect(() => box.current?.focus(), []);
  return (
    <div ref={box} className="confirm" role="alertdialog" aria-label={title} tabIndex={-1}>
      {children}
      <p className="buttons">
        <button type="button" className="button main" disabled={busy !== null} onClick={act}>
          {busy ?? title}
        </button>{' '}
        <button type="button" className="button" disabled={busy !== null} onClick={close}>
          Cancel
        </button>
      </p>
      {error && <Failure error={error} unaffected={unaffected} />}
    </div>
  );
}
