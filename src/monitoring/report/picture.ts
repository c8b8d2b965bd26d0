import type {ComparedColumn} from '../profiles/compare-profiles.ts';
import type {NumericSketch} from '../profiles/numeric-sketch.ts';
import type {TextSketch} from '../profiles/text-sketch.ts';
import type {Picture} from './table-report.ts';

const BARS = 24;
const LABELS = 8;
/** Bars span what is between these shares of either side: an outlier must not press all others into one bar. */
const TAIL = 0.005;

/** Both distributions over the same bars; null if there is nothing to draw on a side. */
export function pictureOf({reference, current}: ComparedColumn): Picture | null {
  const [a, b] = [reference.sketch, current.sketch];
  if (a.count === 0 && b.count === 0) return null;
  if (a.kind === 'numeric' && (b.kind === 'numeric' || b.count === 0))
    return ofNumbers(a, b.kind === 'numeric' ? b : null);
  if (b.kind === 'numeric' && a.count === 0) return ofNumbers(null, b);
  if (a.kind === 'text' && (b.kind === 'text' || b.count === 0)) return ofTexts(a, b.kind === 'text' ? b : null);
  return b.kind === 'text' && a.count === 0 ? ofTexts(null, b) : null;
}

function ofNumbers(...sides: readonly (NumericSketch | null)[]): Picture | null {
  const filled = sides.filter(side => side !== null && side.summary.count > 0) as NumericSketch[];
  if (filled.length === 0) return null;
  const ends = (p: number) => filled.map(({quantiles}) => quantiles.quantile(p)).filter(Number.isFinite);
  let [low, high] = [Math.min(...ends(TAIL)), Math.max(...ends(1 - TAIL))];
  if (!(Number.isFinite(low) && Number.isFinite(high))) return null;
  // Whole numbers of few values: a bar each.
  const whole = filled.every(({quantiles}) => quantiles.sorted().values.every(Number.isInteger));
  const bars = whole && high - low < BARS ? high - low + 1 : BARS;
  if (whole && high - low < BARS) [low, high] = [low - 0.5, high + 0.5];
  if (low === high) [low, high] = [low - 0.5, high + 0.5];
  const shares = (side: NumericSketch | null): number[] => {
    if (side === null || side.count === 0) return new Array<number>(bars).fill(0);
    const distribution = side.quantiles.sorted();
    const below = Array.from({length: bars - 1}, (_, i) => distribution.below(low + ((high - low) * (i + 1)) / bars));
    return [...below, distribution.rows].map((rows, i) => (rows - (below[i - 1] ?? 0)) / distribution.rows);
  };
  const [reference, current] = sides;
  return {range: {low, high}, labels: null, reference: shares(reference ?? null), current: shares(current ?? null)};
}

/** The most frequent texts of the reference, then of the current rows, and all others. */
function ofTexts(...sides: readonly (TextSketch | null)[]): Picture {
  const [reference, current] = sides;
  const of = (side: TextSketch | null | undefined) => side?.frequent.items(LABELS).map(({value}) => value) ?? [];
  const [first, then] = [of(reference), of(current)];
  const kept = first.slice(0, LABELS - Math.min(2, then.filter(value => !first.includes(value)).length));
  const labels = [...kept, ...then.filter(value => !kept.includes(value))].slice(0, LABELS);
  const shares = (side: TextSketch | null | undefined): number[] => {
    if (!side || side.count === 0) return new Array<number>(labels.length + 1).fill(0);
    const listed = labels.map(label => side.frequent.countOf(label) / side.count);
    return [...listed, Math.max(0, 1 - listed.reduce((sum, share) => sum + share, 0))];
  };
  const both = [shares(reference), shares(current)] as const;
  const others = both.some(side => side.at(-1)! > 1e-9);
  const cut = (side: readonly number[]) => (others ? side : side.slice(0, -1));
  return {range: null, labels: others ? [...labels, 'other'] : labels, reference: cut(both[0]), current: cut(both[1])};
}
