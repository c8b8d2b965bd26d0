/** The four to six figures that matter: value, unit, trend, and what they were measured on. */
import type {ReactNode} from 'react';
import {Sparkline} from '../charts/sparkline.tsx';
import {Go} from './page.tsx';

export type FigureProps = {
  readonly title: string;
  readonly value: string;
  readonly unit?: string;
  /** Oldest first; null is a gap. */
  readonly trend?: readonly (number | null)[];
  /** Its window, its n, or how fresh it is. */
  readonly note: string;
  /** What it was computed from. */
  readonly to?: string;
};

export function Figures({children}: {children: ReactNode}) {
  return <dl className="figures">{children}</dl>;
}

export function Figure({title, value, unit, trend, note, to}: FigureProps) {
  return (
    <div className="figure">
      <dt>
        {to === undefined ? (
          title
        ) : (
          <Go to={to} className="bare">
            {title}
          </Go>
        )}
      </dt>
      <dd className="value">
        <span key={value} className="changed">
          {value}
        </span>
        {unit !== undefined && <small>{unit}</small>}
      </dd>
      <dd aria-hidden="true">{trend !== undefined && <Sparkline values={trend} />}</dd>
      <dd className="note" title={note}>
        {note}
      </dd>
    </div>
  );
}
