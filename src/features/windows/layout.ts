// How the state of a view is laid out: which values are kept of each event, which partial aggregates are kept of each
// tile, and which of them a window reads. Made once per view; everything hot runs on it.

import {canonicalJson, type TypeName} from '../../protocol/index.ts';
import type {Aggregation} from '../aggregations/aggregation.ts';
import type {Collection, CollectionRead} from '../aggregations/collection.ts';
import {aggregationOf} from '../aggregations/table.ts';
import type {Measure} from '../definitions/aggregate.ts';
import type {FeatureView, WindowFeature} from '../definitions/view.ts';
import {reachMs, type WindowSpec} from '../definitions/window.ts';
import type {Node} from '../expressions/node.ts';

/** A value kept of every event: the input where the filter holds, else NaN. */
export type Input = {readonly node: Node | null; readonly where: Node | null; readonly type: TypeName};

/** One partial aggregate: its state, which several answers may be read from, lies at `slot`. Column 0 of the events are the times, column c is input c - 1. */
export type Accumulator = {readonly aggregation: Aggregation; readonly column: number; readonly slot: number};

/** The same with a state that does not fit into slots: it is number `index` among the objects of a partial aggregate. */
export type Collector = {
  readonly collection: Collection<unknown>;
  readonly column: number;
  readonly index: number;
  readonly text: boolean;
};

/** One measure read once, and the features that take its answers. */
export type Answer = {
  readonly measured: Measured;
  readonly features: readonly {
    readonly feature: number;
    readonly element: number;
    readonly divisor: Measured | null;
  }[];
};

export type Measured =
  | {readonly accumulator: Accumulator; readonly collector: null; readonly outputs: number}
  | {
      readonly accumulator: null;
      readonly collector: Collector;
      readonly answer: CollectionRead<unknown>;
      readonly outputs: number;
    };

/** What is folded together. */
export type Folded = {
  readonly accumulators: readonly Accumulator[];
  readonly collectors: readonly Collector[];
  /** Slots whose merge is an addition, and the accumulators of all others: the hot path of a merge. */
  readonly added: Int32Array;
  readonly merged: readonly Accumulator[];
};

/** A window, what is folded for it, and where each answer goes. */
export type WindowRead = Folded & {
  readonly window: WindowSpec;
  readonly answers: readonly Answer[];
};

export type Layout = Folded & {
  readonly inputs: readonly Input[];
  /** Length of the flat state of a partial aggregate. */
  readonly slots: number;
  readonly reads: readonly WindowRead[];
  /** How far back the windows reach that time bounds. */
  readonly reachMs: number;
  /** Events at least this far back can no longer arrive. */
  readonly latenessMs: number;
  /** The largest window of rows; 0 without one. */
  readonly rows: number;
  /** The largest gap of a session; 0 without one. */
  readonly gapMs: number;
  readonly lifetime: WindowRead | null;
  /** Whether the lifetime answers depend on the events only, not on how they are grouped. */
  readonly lifetimeExact: boolean;
  readonly outputs: number;
  readonly features: readonly WindowFeature[];
};

/** Aggregations of numbers that round: their answers depend on the order in which parts are folded. */
const ROUNDS = new Set(['sum', 'mean', 'variance', 'deviation', 'decayedSum', 'decayedMean']);

export function layoutOf(view: FeatureView): Layout {
  const inputs: Input[] = [];
  const accumulators: Accumulator[] = [];
  const collectors: Collector[] = [];
  const measures = new Map<string, Measured>();
  const columns = new Map<string, number>();
  const collectorsByState = new Map<string, Collector>();
  let slots = 0;

  const columnOf = ({input, inputType, where}: Measure): number => {
    if (input === null && where === null) return 0;
    const key = canonicalJson([input, where]);
    const known = columns.get(key);
    if (known !== undefined) return known;
    const column = inputs.push({node: input, where, type: inputType ?? 'number'});
    columns.set(key, column);
    return column;
  };
  const measured = (measure: Measure): Measured => {
    const column = columnOf(measure);
    const key = canonicalJson([measure.aggregation, column]);
    const known = measures.get(key);
    if (known) return known;
    const algebra = aggregationOf(measure.aggregation);
    let made: Measured;
    if ('collection' in algebra) {
      const stateKey = `${algebra.state}/${column}`;
      let collector = collectorsByState.get(stateKey);
      if (!collector) {
        const {collection} = algebra;
        collector = {collection, column, index: collectors.length, text: measure.inputType === 'string'};
        collectors.push(collector);
        collectorsByState.set(stateKey, collector);
      }
      made = {accumulator: null, collector, answer: algebra.answer, outputs: algebra.answer.outputs};
    } else {
      const shared = accumulators.find(
        ({aggregation: {state}, column: of}) => state !== undefined && state === algebra.state && of === column,
      );
      const accumulator = {aggregation: algebra, column, slot: shared?.slot ?? slots};
      if (shared === undefined) {
        slots += algebra.slots;
        accumulators.push(accumulator);
      }
      made = {accumulator, collector: null, outputs: algebra.outputs};
    }
    measures.set(key, made);
    return made;
  };

  const windows = new Map<string, {window: WindowSpec; answers: Map<Measured, Answer['features'][number][]>}>();
  view.features.forEach((feature, position) => {
    const key = canonicalJson(feature.over);
    const read = windows.get(key) ?? {window: feature.over, answers: new Map()};
    windows.set(key, read);
    const of = measured(feature);
    const divisor = feature.divisor === null ? null : measured(feature.divisor);
    const features = read.answers.get(of) ?? [];
    features.push({feature: position, element: feature.element, divisor});
    read.answers.set(of, features);
  });
  const reads = [...windows.values()].map(({window, answers}): WindowRead => {
    const used = [...answers].flatMap(([of, features]) => [of, ...features.flatMap(f => f.divisor ?? [])]);
    return {
      window,
      ...folded(
        accumulators.filter(a => used.some(m => m.accumulator?.slot === a.slot)),
        collectors.filter(c => used.some(m => m.collector === c)),
      ),
      answers: [...answers].map(([of, features]) => ({measured: of, features})),
    };
  });
  const specs = reads.map(read => read.window);
  return {
    inputs,
    ...folded(accumulators, collectors),
    slots,
    reads,
    reachMs: Math.max(0, ...specs.map(reachMs).filter(Number.isFinite)),
    latenessMs: view.source.latenessMs,
    rows: Math.max(0, ...specs.map(spec => (spec.kind === 'rows' ? spec.count : 0))),
    gapMs: Math.max(0, ...specs.map(spec => (spec.kind === 'session' ? spec.gapMs : 0))),
    lifetime: reads.find(read => read.window.kind === 'lifetime') ?? null,
    lifetimeExact: !view.features.some(
      ({over, aggregation, divisor}) =>
        over.kind === 'lifetime' && (ROUNDS.has(aggregation.name) || (divisor && ROUNDS.has(divisor.aggregation.name))),
    ),
    outputs: Math.max(1, ...[...measures.values()].map(m => m.outputs)),
    features: view.features,
  };
}

function folded(accumulators: readonly Accumulator[], collectors: readonly Collector[]): Folded {
  const adding = accumulators.filter(({aggregation}) => aggregation.adds);
  const added = adding.flatMap(({slot, aggregation}) => Array.from({length: aggregation.slots}, (_, k) => slot + k));
  const merged = accumulators.filter(({aggregation}) => !aggregation.adds);
  return {accumulators, collectors, added: Int32Array.from(added), merged};
}
