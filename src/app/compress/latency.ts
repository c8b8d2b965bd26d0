import {type Matrix, type Predictor, readRow, sliceRows} from '../../models/index.ts';

export type Latency = {
  /** Median time of one row, in microseconds. */
  readonly rowUs: number;
  /** Median time of a batch of `batchRows`, in milliseconds. */
  readonly batchMs: number;
  readonly batchRows: number;
};

const WARM_UP = 500;
const ROUNDS = 8;
const ROWS_IN_ROUND = 500;
const BATCHES_IN_ROUND = 4;
const BATCH_ROWS = 1_000;

/**
 * How fast predictors answer on the same rows, in turns, so that whatever else the machine does falls on all of them.
 * `now` gives milliseconds with fractions.
 */
export function measureLatency(predictors: readonly Predictor[], matrix: Matrix, now: () => number): Latency[] {
  const count = Math.min(BATCH_ROWS, matrix.rows);
  const batch = sliceRows(matrix, 0, count);
  const rows = Array.from({length: count}, (_, i) => readRow(matrix, i));
  const samples = predictors.map(() => ({row: [] as number[], batch: [] as number[]}));
  for (const predictor of predictors) for (let i = 0; i < WARM_UP; i++) predictor.predictRow(rows[i % count]!);
  for (let round = 0; round < ROUNDS; round++)
    predictors.forEach((predictor, k) => {
      const {row, batch: batches} = samples[k]!;
      for (let i = 0; i < ROWS_IN_ROUND; i++) row.push(timed(() => predictor.predictRow(rows[i % count]!), now));
      for (let i = 0; i < BATCHES_IN_ROUND; i++) batches.push(timed(() => predictor.predictBatch(batch), now));
    });
  return samples.map(({row, batch: batches}) => ({
    rowUs: 1_000 * median(row),
    batchMs: median(batches),
    batchRows: count,
  }));
}

function timed(work: () => unknown, now: () => number): number {
  const started = now();
  work();
  return now() - started;
}

export function median(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[values.length >> 1]!;
}
