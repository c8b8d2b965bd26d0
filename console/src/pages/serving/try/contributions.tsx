import {signed} from '../../../format/numbers.ts';

type Props = {readonly base: number; readonly contributions: {readonly [feature: string]: number}};

/** Shown one by one; what the others added is one figure. */
const SHOWN = 10;

/** What each feature added to the margin or took from it, the largest first, about a common middle. */
export function Contributions({base, contributions}: Props) {
  const all = Object.entries(contributions).sort(([, a], [, b]) => Math.abs(b) - Math.abs(a));
  const added = all.reduce((sum, [, by]) => sum + by, 0);
  const most = Math.max(1e-12, Math.abs(all[0]?.[1] ?? 0));
  const rest = all.slice(SHOWN).reduce((sum, [, by]) => sum + by, 0);
  return (
    <>
      <h3 className="after">What each feature added</h3>
      <p className="muted small">
        In units of the margin, log odds for a probability: {signed(base, 3)} is the base, the features added{' '}
        {signed(added, 3)}, the sum is {signed(base + added, 3)}. Bars to the right raise, to the left lower.
      </p>
      <ul className="contributions small">
        {all.slice(0, SHOWN).map(([feature, by]) => (
          <li key={feature}>
            <span className="feature" title={feature}>
              {feature}
            </span>
            <span className="effect" aria-hidden="true" data-sign={by < 0 ? 'down' : 'up'}>
              <span style={{width: `${(Math.abs(by) / most) * 50}%`}} />
            </span>
            <span className="number">{signed(by, 3)}</span>
          </li>
        ))}
      </ul>
      {all.length > SHOWN && (
        <p className="muted small">
          {all.length - SHOWN} more added {signed(rest, 3)} together.
        </p>
      )}
    </>
  );
}
