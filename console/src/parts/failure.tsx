/** What happened, each problem with its fix, what is unaffected, and the next step. */
import {ClientError} from 'millrace/client';

type Props = {
  readonly error: Error;
  readonly retry?: () => void;
  /** What still stands. */
  readonly unaffected?: string;
};

const PAGE = 'Only this page could not be read; events and predictions are served independently of it.';

export function Failure({error, retry, unaffected = PAGE}: Props) {
  const known = error instanceof ClientError ? error : null;
  return (
    <div className="failure" role="alert">
      <p>
        <strong>{error.message}</strong>
      </p>
      {known !== null && known.problems.length > 0 && (
        <ul className="problems">
          {known.problems.map(problem => (
            <li key={`${problem.path}: ${problem.message}`}>
              <code>{problem.path}</code> <span>{problem.message}</span>{' '}
              {problem.fix !== undefined && <span className="muted">{problem.fix}</span>}
            </li>
          ))}
        </ul>
      )}
      {known?.fix !== undefined && <p>{known.fix}</p>}
      <p className="muted small">
        {known !== null && `${known.code}. `}
        {unaffected}
      </p>
      {retry && (
        <p>
          <button type="button" className="button" onClick={retry}>
            Try again
          </button>
        </p>
      )}
    </div>
  );
}
