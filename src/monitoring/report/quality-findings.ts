import type {ComparedColumn, ProfileComparison} from '../profiles/compare-profiles.ts';
import type {QualityFinding} from './table-report.ts';
import {figure, rows, share, shown} from './words.ts';

/** Rows that it takes to call a column constant or without a value. */
const ENOUGH = 30;
/** A rise of the share of nulls, and a share of values never seen, that are worth a look. */
const NULLS = 0.05;
const UNSEEN = 0.01;

/**
 * What is wrong with the data, whatever the distributions do. `broken` is what no model can have been trained for: a column
 * that is gone, of another type, empty, or constant where it was not. Columns that come later (`pending`) may be missing.
 */
export function qualityFindings(
  {columns, schema}: ProfileComparison,
  pending: readonly string[] = [],
): QualityFinding[] {
  const found: QualityFinding[] = schema
    .filter(({column, after}) => after !== null || !pending.includes(column))
    .map(({column, before, after}) => {
      if (before === null) return {column, severity: 'watch', message: `new column of type ${after}`};
      if (after === null) return {column, severity: 'broken', message: `gone; was of type ${before}`};
      return {column, severity: 'broken', message: `was of type ${before}, is of type ${after}`};
    });
  for (const compared of columns) {
    const finding = pending.includes(compared.column) ? null : findingOf(compared);
    if (finding) found.push({column: compared.column, ...finding});
  }
  const rank = {broken: 0, watch: 1};
  return found.sort((a, b) => rank[a.severity] - rank[b.severity]);
}

type Finding = Omit<QualityFinding, 'column'>;

function findingOf({reference, current}: ComparedColumn): Finding | null {
  const [before, now] = [reference.sketch, current.sketch];
  if (before.count === 0) return null;
  const all = now.count + now.nulls;
  if (now.count === 0)
    return all >= ENOUGH
      ? {severity: 'broken', message: `all ${rows(all)} are null; ${nullWords(before)} before`}
      : null;
  if (before.distinct.estimate() > 1 && now.distinct.estimate() === 1 && now.count >= ENOUGH)
    return {severity: 'broken', message: `always ${onlyValue(now)}; had ${rangeWords(before)} before`};
  const nulls = [before.nulls / (before.count + before.nulls), now.nulls / all] as const;
  if (nulls[1] - nulls[0] >= NULLS && now.nulls >= ENOUGH)
    return {severity: 'watch', message: `nulls rose from ${share(nulls[0])} to ${share(nulls[1])}`};
  if (before.kind === 'text' && now.kind === 'text') return unseenValues(before, now);
  if (before.kind === 'numeric' && now.kind === 'numeric') return impossibleNumbers(before, now);
  return null;
}

type Sketch<K> = Extract<ComparedColumn['reference']['sketch'], {kind: K}>;

/** Only where all values of the reference are known. */
function unseenValues(before: Sketch<'text'>, now: Sketch<'text'>): Finding | null {
  if (before.frequent.error > 0) return null;
  const known = new Set(before.frequent.items().map(({value}) => value));
  const unseen = now.frequent.items().filter(({value}) => !known.has(value));
  const part = unseen.reduce((sum, {count}) => sum + count, 0) / now.count;
  if (part < UNSEEN || unseen[0]!.count < ENOUGH) return null;
  const which = unseen.slice(0, 3).map(({value}) => shown(value));
  return {
    severity: 'watch',
    message: `${share(part)} of values were never seen before, such as ${which.join(', ')}`,
  };
}

function impossibleNumbers(before: Sketch<'numeric'>, now: Sketch<'numeric'>): Finding | null {
  if (now.infinite > 0 && before.infinite === 0)
    return {severity: 'watch', message: `${rows(now.infinite)} infinite; none were before`};
  const [least, lowest] = [before.summary.min, now.summary.min];
  if (least !== null && lowest !== null && least >= 0 && lowest < 0)
    return {severity: 'watch', message: `negative values, down to ${figure(lowest)}; none were before`};
  return null;
}

const nullWords = ({count, nulls}: {readonly count: number; readonly nulls: number}): string =>
  share(nulls / (count + nulls));

const onlyValue = (sketch: ComparedColumn['current']['sketch']): string =>
  sketch.kind === 'numeric' ? figure(sketch.summary.mean) : shown(sketch.frequent.items(1)[0]?.value ?? '');

const rangeWords = (sketch: ComparedColumn['current']['sketch']): string =>
  sketch.kind === 'numeric'
    ? `${figure(sketch.summary.min)} to ${figure(sketch.summary.max)}`
    : `${Math.min(sketch.count, sketch.distinct.estimate())} values`;
