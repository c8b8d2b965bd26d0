// The features that Feast has in `feast/make_repo.py`: the latest row of an entity, 5 views of 50 numbers, read as sets
// of one view and of all five.

import {events} from '../../../src/events/index.ts';
import {
  type Aggregate,
  type Aggregates,
  entity,
  type FeatureSet,
  type FeatureView,
  featureSet,
  featureView,
  lifetime,
  use,
} from '../../../src/features/index.ts';
import {normal, seededRandom} from '../../../src/math/index.ts';
import {type EventBatch, type Schema, type Type, t} from '../../../src/protocol/index.ts';
import {ENTITIES} from '../target.ts';

const VIEWS = 5;
const PER_VIEW = 50;
export const NOW = Date.UTC(2026, 0, 1);

const columns = Array.from({length: VIEWS * PER_VIEW}, (_, f) => `feature_${f}`);
const schema: Record<string, Type<unknown>> = {
  id: t.string,
  entity: t.int,
  at: t.time,
  ...Object.fromEntries(columns.map((name, f) => [name, f % 2 === 0 ? t.int : t.number])),
};

export const facts = events('facts', {
  schema: schema as Schema & {id: typeof t.string; at: typeof t.time},
  time: 'at',
  id: 'id',
} as never);
const thing = entity('thing', {entity: t.int});

const views = Array.from({length: VIEWS}, (_, v) =>
  featureView(`view_${v}`, {
    from: facts as never,
    entity: thing,
    keys: {entity: 'entity'} as never,
    features: (a: Aggregates<Schema>) =>
      Object.fromEntries(
        columns
          .slice(v * PER_VIEW, (v + 1) * PER_VIEW)
          .map(name => [name, a.last(a.col[name]! as never).over(lifetime()) as unknown as Aggregate<unknown, 'ever'>]),
      ),
  } as never),
) as unknown as FeatureView[];

const setOf = (name: string, used: readonly FeatureView[]): FeatureSet =>
  featureSet(name, {request: {entity: t.int}, views: used.map(view => use(view, {entity: 'entity'}))}) as FeatureSet;

export const sets: readonly FeatureSet[] = [setOf('features_50', views.slice(0, 1)), setOf('features_250', views)];

/** One row of every entity: even features are whole numbers, odd ones fractions. */
export function* rows(count = 1_000): Generator<EventBatch> {
  const random = seededRandom(20_260_101);
  for (let from = 0; from < ENTITIES; from += count) {
    const n = Math.min(count, ENTITIES - from);
    const times = new Float64Array(n).fill(NOW - 3_600_000);
    const ids = Array.from({length: n}, (_, i) => `r${from + i}`);
    yield {
      stream: 'facts',
      count: n,
      ids,
      eventTimes: times,
      arrivalTimes: times,
      columns: {
        id: ids,
        at: times,
        entity: Float64Array.from({length: n}, (_, i) => from + i),
        ...Object.fromEntries(
          columns.map((name, f) => [
            name,
            Float64Array.from({length: n}, () => (f % 2 === 0 ? Math.floor(random() * 1e6) : normal(random) * 100)),
          ]),
        ),
      },
    };
  }
}
