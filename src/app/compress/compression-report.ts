/** A model before and after it was made smaller: size, latency, and quality overall and for each slice. */
import {
  calibrationBins,
  gatherSlice,
  groupRows,
  type Improvement,
  metricsOf,
  pairedImprovement,
  type SliceDefinition,
} from '../../evaluation/index.ts';
import {quantileOfSorted} from '../../math/index.ts';
import type {CompressionStep} from '../../models/index.ts';
import type {CalibrationBin, ColumnData, Metrics} from '../../protocol/index.ts';
import type {Latency} from './latency.ts';

/** One of the two: how large, how fast, how good on the test split. */
export type CompressionSide = {
  readonly kind: string;
  /** Of the artifact. */
  readonly bytes: number;
  readonly latency: Latency;
  readonly metrics: Metrics;
  readonly calibration: readonly CalibrationBin[];
};

/** After against before on the same rows: above 0 where after is better. Null where a class has too few rows. */
export type PairedChange = {readonly auc: Improvement | null; readonly logLoss: Improvement | null};

export type SliceChange = PairedChangeOf<Metrics> & {readonly feature: string; readonly value: string};
type PairedChangeOf<M> = {readonly before: M; readonly after: M; readonly change: PairedChange};

export type CompressionReport = {
  readonly model: string;
  readonly version: number;
  readonly steps: readonly CompressionStep[];
  /** The training set could be made again just as it was. */
  readonly sameData: boolean;
  readonly testRows: number;
  readonly before: CompressionSide;
  readonly after: CompressionSide;
  readonly change: PairedChange;
  /** |after - before| of the predictions on the test split. */
  readonly difference: {readonly mean: number; readonly p99: number; readonly max: number};
  readonly slices: readonly SliceChange[];
};

/** What is known of one side: its size and speed, and its predictions on the test rows. */
export type Scored = Pick<CompressionSide, 'kind' | 'bytes' | 'latency'> & {readonly scores: Float64Array};

export type TestRows = {
  readonly labels: Float64Array;
  readonly columns: Readonly<Record<string, ColumnData>>;
  readonly slices: readonly SliceDefinition[];
};

export function compressionReport(
  about: Pick<CompressionReport, 'model' | 'version' | 'steps' | 'sameData'>,
  before: Scored,
  after: Scored,
  {labels, columns, slices}: TestRows,
): CompressionReport {
  const groups = slices.map(slice => groupRows(slice, columns[slice.column]!));
  return {
    ...about,
    testRows: labels.length,
    before: sideOf(before, labels),
    after: sideOf(after, labels),
    change: changeOf(before.scores, after.scores, labels),
    difference: differenceOf(before.scores, after.scores),
    slices: groups.flatMap(group =>
      group.values.map((value, g): SliceChange => {
        const was = gatherSlice(group, g, before.scores, labels);
        const is = gatherSlice(group, g, after.scores, labels);
        return {
          feature: group.feature,
          value,
          before: metricsOf(was.scores, was.labels),
          after: metricsOf(is.scores, is.labels),
          change: changeOf(was.scores, is.scores, was.labels),
        };
      }),
    ),
  };
}

function sideOf({scores, ...side}: Scored, labels: Float64Array): CompressionSide {
  return {...side, metrics: metricsOf(scores, labels), calibration: calibrationBins(scores, labels)};
}

function changeOf(before: Float64Array, after: Float64Array, labels: Float64Array): PairedChange {
  return {
    auc: pairedImprovement('auc', after, before, labels),
    logLoss: pairedImprovement('logLoss', after, before, labels),
  };
}

export function differenceOf(before: ArrayLike<number>, after: ArrayLike<number>): CompressionReport['difference'] {
  const sizes = Float64Array.from(before, (value, i) => Math.abs(after[i]! - value)).sort();
  const mean = sizes.reduce((sum, size) => sum + size, 0) / sizes.length;
  return {mean, p99: quantileOfSorted(sizes, 0.99), max: sizes.at(-1)!};
}
