import {
  DistinctSketch,
  emptyHistogram,
  emptySummary,
  type Histogram,
  mergeHistograms,
  mergeSummaries,
  QuantileSketch,
  type Summary,
  summarize,
} from '../../math/index.ts';
import {fromBase64, toBase64} from './base64.ts';
import {BinCounter} from './bin-counter.ts';

export type NumericSketchOptions = {
  /** Edges over which rows are counted exactly, such as the deciles of a reference; null: counts come from the quantiles. */
  readonly edges?: readonly number[] | null;
  /** Accuracy of quantiles: ranks within 2 / k of the rows. 200. */
  readonly k?: number;
  readonly seed?: number;
};

/** Plain JSON; sketches are base64 of their bytes. */
export type NumericSketchState = {
  readonly kind: 'numeric';
  readonly summary: Summary;
  readonly infinite: number;
  readonly bins: Histogram | null;
  readonly quantiles: string;
  readonly distinct: string;
};

/** What is kept of a column of numbers: a few kilobytes for any number of rows, mergeable. NaN is a null. */
export class NumericSketch {
  readonly kind = 'numeric';
  /** Moments and range of the finite values; nulls. */
  summary: Summary = emptySummary();
  /** Values that are infinite: in the quantiles and bins, not in the moments. */
  infinite = 0;
  bins: Histogram | null;
  #counter: BinCounter | null = null;
  readonly quantiles: QuantileSketch;
  readonly distinct: DistinctSketch;

  constructor({edges = null, k = 200, seed = 1}: NumericSketchOptions = {}) {
    this.bins = edges && emptyHistogram(edges);
    this.quantiles = new QuantileSketch(k, seed);
    this.distinct = new DistinctSketch();
  }

  /** Rows with a value. */
  get count(): number {
    return this.summary.count + this.infinite;
  }

  get nulls(): number {
    return this.summary.nulls;
  }

  add(column: Float64Array): void {
    const values = withoutNaN(column);
    let summary = summarize(values);
    if (values.length > 0 && !Number.isFinite(summary.mean)) {
      const finite = values.filter(Number.isFinite);
      this.infinite += values.length - finite.length;
      summary = summarize(finite);
    }
    summary.nulls = column.length - values.length;
    this.summary = mergeSummaries(this.summary, summary);
    this.quantiles.addAll(values);
    this.distinct.addNumbers(values);
    if (this.bins) {
      this.#counter ??= new BinCounter(this.bins.edges);
      this.#counter.count(values, this.bins.counts);
    }
  }

  /** Adds rows without a value. */
  addNulls(rows: number): void {
    this.summary = {...this.summary, nulls: this.summary.nulls + rows};
  }

  /** Takes in another sketch. Exact counts stay only where both have the same edges. */
  merge(other: NumericSketch): void {
    this.bins =
      this.bins && other.bins && sameEdges(this.bins, other.bins) ? mergeHistograms(this.bins, other.bins) : null;
    this.summary = mergeSummaries(this.summary, other.summary);
    this.infinite += other.infinite;
    this.quantiles.merge(other.quantiles);
    this.distinct.merge(other.distinct);
  }

  toJSON(): NumericSketchState {
    const {kind, summary, infinite, bins} = this;
    return {
      kind,
      summary,
      infinite,
      bins,
      quantiles: toBase64(this.quantiles.toBytes()),
      distinct: toBase64(this.distinct.toBytes()),
    };
  }

  static fromJSON({summary, infinite, bins, quantiles, distinct}: NumericSketchState): NumericSketch {
    return Object.assign(new NumericSketch(), {
      summary,
      infinite,
      bins: bins && {...bins, counts: [...bins.counts]},
      quantiles: QuantileSketch.fromBytes(fromBase64(quantiles)),
      distinct: DistinctSketch.fromBytes(fromBase64(distinct)),
    });
  }
}

export const sameEdges = (a: Pick<Histogram, 'edges'>, b: Pick<Histogram, 'edges'>): boolean =>
  a.edges.length === b.edges.length && a.edges.every((edge, i) => edge === b.edges[i]);

/** Where the values of a column with nulls stand while they are counted; no one keeps them. */
let scratch = new Float64Array(0);

function withoutNaN(column: Float64Array): Float64Array {
  let nulls = 0;
  for (let i = 0; i < column.length; i++) if (Number.isNaN(column[i]!)) nulls++;
  if (nulls === 0) return column;
  if (scratch.length < column.length) scratch = new Float64Array(column.length);
  const count = column.length - nulls;
  for (let i = 0, to = 0; to < count; i++) if (!Number.isNaN(column[i]!)) scratch[to++] = column[i]!;
  return scratch.subarray(0, count);
}
