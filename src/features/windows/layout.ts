// How the state of a view is laid out: which values are kept of each event, which partial aggregates are
// kept of each tile, and which of them a window reads. Made once per view; everything hot runs on it.
import {canonicalJson, type TypeName} from '../../protocol/index.ts';
import type {Aggregation} from '../aggregations/aggregation.ts';
import {AGGREGATIONS} from '../aggregations/table.ts';
import type {FeatureView, WindowFeature} from '../definitions/view.ts';
import type {Node} from '../expressions/node.ts';

/** A value kept of every event: the input where the filter holds, else NaN. */
export type Input = {readonly node: Node | null; readonly where: Node | null; readonly type: TypeName};

/** One partial aggregate: its state lies at `slot` of a tile's state. */
export type Accumulator = {readonly aggregation: Aggregation; readonly input: number; readonly slot: number};

/** A window, the accumulators folded for it, and where each answer goes. */
export type WindowRead = {
  readonly windowMs: number;
  readonly accumulators: readonly Accumulator[];
  readonly answers: readonly {readonly accumulator: Accumulator; readonly feature: number}[];
};

export type Layout = {
  readonly inputs: readonly Input[];
  readonly accumulators: readonly Accumulator[];
  /** Length of a state; one more slot holds the number of events of a tile. */
  readonly slots: number;
  readonly reads: readonly WindowRead[];
  readonly maxWindowMs: number;
  /** Widths of the tiles (ms), each a divisor of the next. */
  readonly levels: readonly number[];
  readonly features: readonly WindowFeature[];
};

const TILE_WIDTHS = [300_000, 3_600_000, 86_400_000];

export function layoutOf(view: FeatureView): Layout {
  const inputs: Input[] = [];
  const inputIndex = new Map<string, number>();
  const accumulators: Accumulator[] = [];
  const accumulatorIndex = new Map<string, Accumulator>();
  const reads = new Map<
    number,
    {accumulators: Set<Accumulator>; answers: {accumulator: Accumulator; feature: number}[]}
  >();
  let slots = 0;

  view.features.forEach((feature, position) => {
    const inputKey = canonicalJson([feature.input, feature.where]);
    let input = inputIndex.get(inputKey);
    if (input === undefined) {
      input = inputs.length;
      inputIndex.set(inputKey, input);
      inputs.push({node: feature.input, where: feature.where, type: feature.type});
    }
    const key = `${feature.aggregation}/${input}`;
    let accumulator = accumulatorIndex.get(key);
    if (!accumulator) {
      const aggregation = AGGREGATIONS[feature.aggregation];
      accumulator = {aggregation, input, slot: slots};
      slots += aggregation.slots;
      accumulatorIndex.set(key, accumulator);
      accumulators.push(accumulator);
    }
    const read = reads.get(feature.windowMs) ?? {accumulators: new Set(), answers: []};
    reads.set(feature.windowMs, read);
    read.accumulators.add(accumulator);
    read.answers.push({accumulator, feature: position});
  });

  const maxWindowMs = Math.max(0, ...view.features.map(f => f.windowMs));
  return {
    inputs,
    accumulators,
    slots,
    reads: [...reads].map(([windowMs, read]) => ({
      windowMs,
      accumulators: [...read.accumulators],
      answers: read.answers,
    })),
    maxWindowMs,
    levels: TILE_WIDTHS.filter(width => width * 2 <= maxWindowMs),
    features: view.features,
  };
}
