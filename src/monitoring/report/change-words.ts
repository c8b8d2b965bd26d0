import type {ComparedColumn} from '../profiles/compare-profiles.ts';
import type {NumericSketch} from '../profiles/numeric-sketch.ts';
import type {TextSketch} from '../profiles/text-sketch.ts';
import {figuresOf} from './column-figures.ts';
import type {ColumnFigures} from './table-report.ts';
import {figure, share, shown} from './words.ts';

/** A change of the share of nulls that is told first. */
const NULLS = 0.02;

/** What is different in a column, largest first: `median 4.2 → 6.1`. */
export function changeWords({reference, current}: ComparedColumn): string {
  const [before, now] = [reference.sketch, current.sketch];
  const words: string[] = [];
  const nulls = [nullShare(before), nullShare(now)] as const;
  if (Math.abs(nulls[0] - nulls[1]) >= NULLS) words.push(`nulls ${share(nulls[0])} → ${share(nulls[1])}`);
  if (before.count === 0 || now.count === 0) return words.join(', ') || 'no value on a side';
  if (before.kind === 'numeric' && now.kind === 'numeric') words.push(...numberWords(before, now));
  if (before.kind === 'text' && now.kind === 'text') words.push(...textWords(before, now));
  return words.slice(0, 3).join(', ');
}

type Numbers = NonNullable<ColumnFigures['numbers']>;

function numberWords(before: NumericSketch, now: NumericSketch): string[] {
  const [a, b] = [figuresOf(before).numbers as Numbers, figuresOf(now).numbers as Numbers];
  const spread = a.deviation || Math.abs(a.mean ?? 0) || 1;
  return (['median', 'mean', 'low', 'high'] as const)
    .map(name => ({name, size: Math.abs((b[name] ?? 0) - (a[name] ?? 0)) / spread}))
    .filter(({size}) => size > 0.02)
    .sort((x, y) => y.size - x.size)
    .slice(0, 2)
    .map(({name}) => `${NAMES[name]} ${figure(a[name])} → ${figure(b[name])}`);
}

const NAMES = {median: 'median', mean: 'mean', low: '5th percentile', high: '95th percentile'};

function textWords(before: TextSketch, now: TextSketch): string[] {
  const values = new Set([...before.frequent.items(20), ...now.frequent.items(20)].map(({value}) => value));
  return [...values]
    .map(value => ({
      value,
      a: before.frequent.countOf(value) / before.count,
      b: now.frequent.countOf(value) / now.count,
    }))
    .map(change => ({...change, size: Math.abs(change.a - change.b)}))
    .filter(({size}) => size > 0.005)
    .sort((x, y) => y.size - x.size)
    .slice(0, 2)
    .map(({value, a, b}) => `${shown(value)} ${share(a)} → ${share(b)}`);
}

const nullShare = ({count, nulls}: {readonly count: number; readonly nulls: number}): number =>
  nulls / (count + nulls || 1);
