import {MillraceError} from '../../protocol/index.ts';
import type {LogisticParameters} from '../definition.ts';
import {runThreads} from '../threads/run-threads.ts';
import type {Fitted, TrainOptions} from '../train-model.ts';
import {shareColumns, type TrainingSet} from '../training-set.ts';
import type {LinearJob, LinearProgress, LinearResult} from './linear-thread.ts';
import {LogisticRows} from './logistic-rows.ts';

/** Fits a logistic regression on worker threads. Throws TRAINING_FAILED if it does not converge. */
export async function trainLinear(parameters: LogisticParameters, options: TrainOptions): Promise<Fitted> {
  const {train, validation, threads = 1, signal, onProgress} = options;
  const sets = validation === undefined ? [train] : [train, validation];
  const {matrix} = train;
  const trainRows = matrix.rows;
  const validationRows = validation?.matrix.rows ?? 0;
  const labels = shared(trainRows + validationRows);
  const weights = shared(trainRows + validationRows);
  let at = 0;
  for (const set of sets) {
    labels.set(set.labels, at);
    for (let i = 0; i < set.labels.length; i++)
      weights[at + i] = (set.weights?.[i] ?? 1) * (set.labels[i] === 1 ? parameters.positiveWeight : 1);
    at += set.matrix.rows;
  }
  const terms = mostTerms(train, parameters.maxCategories);
  const job: LinearJob = {
    kind: 'linear',
    columns: await shareColumns(sets),
    categorical: matrix.kinds.map(kind => kind === 'categorical'),
    trainRows,
    validationRows,
    labels,
    weights,
    parameters,
    exchange: new SharedArrayBuffer(8 * LogisticRows.exchangeLength(trainRows, validationRows, terms)),
  };
  const result = await runThreads<LinearJob, LinearProgress, LinearResult>(job, {threads, signal, onProgress});
  if (!result.converged)
    throw new MillraceError(
      'TRAINING_FAILED',
      `The logistic regression did not converge in ${result.iterations} iterations.`,
      {
        fix: 'Raise maxIterations, l2 or tolerance.',
      },
    );
  return {kind: 'linear', task: 'binary', arrays: result.model, iterations: result.iterations, history: result.history};
}

/** At most: a number and an indicator per feature, and `maxCategories` (or all) codes of a categorical one. */
function mostTerms({matrix}: TrainingSet, maxCategories: number): number {
  return matrix.kinds.reduce((sum, kind, f) => {
    if (kind === 'numeric') return sum + 2;
    let largest = -1;
    for (let i = 0; i < matrix.rows; i++) if (matrix.columns[f]![i]! > largest) largest = matrix.columns[f]![i]!;
    return sum + 1 + Math.min(maxCategories, largest + 1);
  }, 0);
}

function shared(length: number): Float64Array {
  return new Float64Array(new SharedArrayBuffer(8 * length));
}
