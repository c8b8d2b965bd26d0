/** One subject of the heat strip: a cell a window. */
import type {DriftReport} from 'millrace/protocol';

const HEIGHT = 20;
/** The effect (PSI) at which a cell is at its darkest. */
export const FULL_EFFECT = 0.25;

type Props = {
  readonly reports: readonly (DriftReport | undefined)[];
  /** The same in words. */
  readonly name: string;
  readonly width: number;
  /** The window under the pointer. */
  readonly onPoint: (index: number | null) => void;
};

export function HeatRow({reports, name, width, onPoint}: Props) {
  const each = width / Math.max(1, reports.length);
  const half = Math.min(3.5, each / 2 - 1);
  const middle = (i: number) => (i + 0.5) * each;
  const crosses = reports.map((report, i) => (report?.verdict === 'drift' ? cross(middle(i), half) : '')).join('');
  return (
    <svg
      width={width}
      height={HEIGHT}
      role="img"
      aria-label={name}
      onMouseMove={event =>
        onPoint(Math.floor((event.clientX - event.currentTarget.getBoundingClientRect().left) / each))
      }
      onMouseLeave={() => onPoint(null)}
    >
      <rect y="1" width={width} height={HEIGHT - 2} fill="var(--n2)" />
      {reports.map((report, i) => {
        if (!report) return null;
        if (report.verdict === 'insufficient data')
          // biome-ignore lint/suspicious/noArrayIndexKey: a cell is its place.
          return <circle key={i} cx={middle(i)} cy={HEIGHT / 2} r="1.2" fill="var(--n6)" />;
        return (
          <rect
            // biome-ignore lint/suspicious/noArrayIndexKey: a cell is its place.
            key={i}
            x={i * each}
            y="1"
            width={Math.max(1, each - (each > 4 ? 1 : 0))}
            height={HEIGHT - 2}
            fill={report.verdict === 'drift' ? 'var(--watch)' : 'var(--accent)'}
            opacity={0.08 + 0.92 * Math.min(1, report.effect / FULL_EFFECT)}
          />
        );
      })}
      {half > 0.5 && <path d={crosses} stroke="var(--n9)" strokeWidth="1.2" fill="none" />}
    </svg>
  );
}

const cross = (x: number, half: number): string =>
  `M${x - half} ${HEIGHT / 2 - half}l${2 * half} ${2 * half}m0 ${-2 * half}l${-2 * half} ${2 * half}`;
