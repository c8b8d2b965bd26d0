/** What will stand here, the one command that fills it, and where to read about it. */
import {CopyButton} from './copy-button.tsx';

type Props = {readonly title: string; readonly text: string; readonly command?: string; readonly docs?: string};

export function Empty({title, text, command, docs}: Props) {
  return (
    <div className="empty">
      <p>
        <strong>{title}</strong>
      </p>
      <p className="muted">{text}</p>
      {command !== undefined && (
        <div className="command">
          <code>{command}</code>
          <CopyButton text={command} />
        </div>
      )}
      {docs !== undefined && (
        <p className="muted small">
          More in <code>{docs}</code>.
        </p>
      )}
    </div>
  );
}
