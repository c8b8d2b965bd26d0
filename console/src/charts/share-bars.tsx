/** Shares of a whole as bars from zero, largest first, each with its name and figure. */
import {percent} from '../format/numbers.ts';
import {Go} from '../parts/page.tsx';

export type Share = {readonly name: string; readonly share: number; readonly to: string; readonly note?: string};

export function ShareBars({shares}: {shares: readonly Share[]}) {
  const most = Math.max(1e-9, ...shares.map(one => one.share));
  return (
    <ul className="shares">
      {shares.map(one => (
        <li key={one.name}>
          <Go to={one.to}>{one.name}</Go>
          <span className="track" aria-hidden="true">
            <span style={{width: `${(one.share / most) * 100}%`}} />
          </span>
          <span className="number">{percent(one.share)}</span>
        </li>
      ))}
    </ul>
  );
}
