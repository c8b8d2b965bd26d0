// The meaning of a feature value as a double loop: slow and obviously right. Every execution is tested
// against it.

import {type PositionedBatch, positionAt} from '../../protocol/index.ts';
import type {Measure} from '../definitions/aggregate.ts';
import type {FeatureView} from '../definitions/view.ts';
import {windowRows} from '../definitions/window-rows.ts';
import {bindExpression} from '../expressions/bind.ts';
import {keyOf} from '../stream/view-state.ts';
import {compareIds} from '../windows/event-order.ts';
import {naiveJoin} from './naive-join.ts';

export type Query = {readonly key: readonly (string | number | null)[]; readonly q: number; readonly position?: number};

type NaiveEvent = {
  readonly batch: PositionedBatch;
  readonly row: number;
  readonly time: number;
  readonly arrival: number;
  readonly id: string;
  readonly position: number;
};

type Plain = number | string;

const total = (values: readonly number[]) => values.reduce((a, b) => a + b, 0);

/** The quantile as numpy computes it by default. */
export function plainQuantile(values: readonly number[], p: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  const rank = (sorted.length - 1) * p;
  const low = Math.floor(rank);
  return sorted[low]! + (rank - low) * ((sorted[low + 1] ?? sorted[low]!) - sorted[low]!);
}

/** Values with how often each was seen, the most frequent first. */
export function plainTop(values: readonly Plain[]): [Plain, number][] {
  const counts = new Map<Plain, number>();
  for (const value of values) counts.set(value, (counts.get(value) ?? 0) + 1);
  const order = (a: Plain, b: Plain) => (typeof a === 'string' ? compareIds(a, b as string) : a - (b as number));
  return [...counts].sort((a, b) => b[1] - a[1] || order(a[0], b[0]));
}

/** One answer of a measure over values in order of time. Sketches are answered exactly: they are compared within their accuracy. */
export function naiveAnswer(
  {aggregation: spec}: Pick<Measure, 'aggregation'>,
  element: number,
  values: readonly Plain[],
  times: readonly number[],
  q: number,
): Plain | null {
  const numbers = values as readonly number[];
  const orNull = (answer: () => Plain | undefined) => (values.length === 0 ? null : (answer() ?? null));
  const squares = () => {
    const mean = total(numbers) / numbers.length;
    return total(numbers.map(x => (x - mean) ** 2)) / (numbers.length - 1);
  };
  switch (spec.name) {
    case 'count':
      return values.length;
    case 'sum':
    case 'integerSum':
      return orNull(() => total(numbers));
    case 'mean':
      return orNull(() => total(numbers) / values.length);
    case 'variance':
      return values.length < 2 ? null : squares();
    case 'deviation':
      return values.length < 2 ? null : Math.sqrt(squares());
    case 'min':
      return orNull(() => numbers.reduce((a, b) => Math.min(a, b)));
    case 'max':
      return orNull(() => numbers.reduce((a, b) => Math.max(a, b)));
    case 'first':
      return values[element] ?? null;
    case 'last':
      return values[values.length - 1 - element] ?? null;
    case 'sinceLast':
      return orNull(() => q - times.at(-1)!);
    case 'distinct':
    case 'distinctSketch':
      return new Set(values).size;
    case 'quantile':
      return orNull(() => plainQuantile(numbers, spec.p));
    case 'quantileSketch':
      return orNull(() => numbers.toSorted((a, b) => a - b)[Math.floor(spec.p * (numbers.length - 1))]);
    case 'top': {
      const ranked = plainTop(values)[Math.floor(element / 2)];
      return element % 2 === 0 ? (ranked?.[0] ?? null) : (ranked?.[1] ?? 0);
    }
    case 'histogram': {
      const [from, to] = [spec.edges[element - 1] ?? Number.NEGATIVE_INFINITY, spec.edges[element]];
      return numbers.filter(x => x >= from && (to === undefined || x < to)).length;
    }
    case 'decayedSum':
    case 'decayedMean': {
      const weights = times.map(time => 2 ** (-(q - time) / spec.halfLifeMs));
      const sum = total(numbers.map((x, i) => x * weights[i]!));
      return orNull(() => (spec.name === 'decayedSum' ? sum : sum / total(weights)));
    }
  }
}

/** The events of a key that a query may see, in order of (time, id). */
function visibleEvents(view: FeatureView, batches: readonly PositionedBatch[], query: Query): NaiveEvent[] {
  const wanted = keyOf(query.key);
  return naiveJoin(view, batches)
    .flatMap(batch =>
      batch.ids.map((id, row) => ({
        batch,
        row,
        id,
        time: batch.eventTimes[row]!,
        arrival: batch.arrivalTimes[row]!,
        position: positionAt(batch, row),
      })),
    )
    .filter(({batch, row}) => {
      const key = Object.keys(view.entity.keys).map(k => {
        const column = batch.columns[view.keys[k]!]!;
        const value = column[row]!;
        return typeof value === 'number' && Number.isNaN(value) ? null : value;
      });
      return wanted !== null && keyOf(key) === wanted;
    })
    .filter(e => e.time < query.q && e.arrival <= query.q)
    .filter(e => query.position === undefined || e.position < query.position)
    .filter(e => e.arrival - e.time <= view.source.latenessMs)
    .sort((a, b) => a.time - b.time || compareIds(a.id, b.id));
}

/** The features of a view for one query, over batches of its source, and of those it looks up, in order of position. */
export function naiveFeatures(
  view: FeatureView,
  batches: readonly PositionedBatch[],
  query: Query,
): Record<string, Plain | null> {
  const visible = visibleEvents(view, batches, query);
  const answerOf = (measure: Measure, element: number, inside: readonly NaiveEvent[]) => {
    const rows = inside
      .filter(e => measure.where === null || bindExpression(measure.where, e.batch.columns)(e.row) === true)
      .map(e => ({
        time: e.time,
        value: measure.input === null ? 1 : bindExpression(measure.input, e.batch.columns)(e.row),
      }))
      .filter(({value}) => value !== null);
    const values = rows.map(({value}) => (typeof value === 'boolean' ? Number(value) : value!));
    return naiveAnswer(
      measure,
      element,
      values,
      rows.map(r => r.time),
      query.q,
    );
  };
  return Object.fromEntries(
    view.features.map(feature => {
      const inside = windowRows(visible, feature.over, query.q);
      const value = answerOf(feature, feature.element, inside);
      if (feature.divisor === null) return [feature.name, value ?? feature.default];
      const divisor = answerOf(feature.divisor, 0, inside);
      const none = value === null || divisor === null || divisor === 0;
      return [feature.name, none ? feature.default : Number(value) / Number(divisor)];
    }),
  );
}
