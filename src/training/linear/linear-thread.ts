import type {LinearModel} from '../../models/index.ts';
import type {LogisticParameters} from '../definition.ts';
import type {ThreadStart} from '../threads/run-threads.ts';
import {leadTeam, serveTeam} from '../threads/team.ts';
import type {SharedColumns} from '../training-set.ts';
import {lbfgs} from './lbfgs.ts';
import {LogisticRows} from './logistic-rows.ts';
import {learnPreprocessing, type Preprocessing} from './preprocessing.ts';

/** Everything that a thread needs to fit a logistic regression. `labels` and `weights` view shared memory. */
export type LinearJob = {
  readonly kind: 'linear';
  readonly columns: SharedColumns;
  readonly categorical: readonly boolean[];
  readonly trainRows: number;
  readonly validationRows: number;
  readonly labels: Float64Array;
  readonly weights: Float64Array;
  readonly parameters: LogisticParameters;
  /** Room for coefficients, intercept, and per block of rows a gradient and a loss: see `LogisticRows`. */
  readonly exchange: SharedArrayBuffer;
};

export type LinearProgress = {
  readonly iteration: number;
  readonly trainLoss: number;
  readonly validationLoss: number | null;
};
export type LinearResult = {
  readonly model: LinearModel;
  readonly iterations: number;
  readonly converged: boolean;
  readonly history: readonly LinearProgress[];
};

const PHASE = {gradient: 0, validate: 1} as const;

export function startLinearThread(
  {job, thread, threads, control}: ThreadStart<LinearJob>,
  post: (message: unknown) => void,
): void {
  const {columns, trainRows, categorical, parameters} = job;
  const preprocessing = learnPreprocessing(columns, trainRows, categorical, parameters.maxCategories);
  const rows = new LogisticRows(job, preprocessing, thread, threads);
  const phases = [() => rows.gradients(), () => rows.validate()];
  const team = new Int32Array(control);
  if (thread > 0) serveTeam(team, phases);
  const result = minimise(job, preprocessing, rows, leadTeam(team, threads, phases), progress => post({progress}));
  post({result});
}

/** Minimises the mean of (sum of weighted log losses + l2/2 · |coefficients|²). */
function minimise(
  {parameters, trainRows, validationRows, weights}: LinearJob,
  preprocessing: Preprocessing,
  rows: LogisticRows,
  run: (phase: number) => void,
  report: (progress: LinearProgress) => void,
): LinearResult {
  const {terms} = preprocessing;
  const total = weights.subarray(0, trainRows).reduce((a, b) => a + b, 0);
  const validationTotal = weights.subarray(trainRows, trainRows + validationRows).reduce((a, b) => a + b, 0);
  const history: LinearProgress[] = [];
  let trainLoss = 0;
  const objective = (x: Float64Array, gradient: Float64Array) => {
    rows.coefficients.set(x);
    run(PHASE.gradient);
    trainLoss = rows.addUp(gradient) / total;
    let penalty = 0;
    for (let k = 0; k <= terms; k++) {
      const shrink = k < terms ? parameters.l2 * x[k]! : 0; // the last is the intercept
      gradient[k] = (gradient[k]! + shrink) / total;
      penalty += (shrink * x[k]!) / 2;
    }
    return trainLoss + penalty / total;
  };
  const minimum = lbfgs(objective, new Float64Array(terms + 1), {
    tolerance: parameters.tolerance,
    maxIterations: parameters.maxIterations,
    onIteration: iteration => {
      if (validationRows > 0) run(PHASE.validate);
      const validationLoss = validationRows > 0 ? rows.validationLoss() / validationTotal : null;
      history.push({iteration, trainLoss, validationLoss});
      report(history.at(-1)!);
    },
  });
  const model = linearModel(preprocessing, minimum.x);
  return {model, iterations: minimum.iterations, converged: minimum.converged, history};
}

function linearModel({preparations, terms, center}: Preprocessing, x: Float64Array): LinearModel {
  const numeric = preparations.filter(p => p.kind === 'numeric');
  const marked = preparations.filter(p => p.missing !== null);
  const categories = preparations.flatMap(p =>
    p.kind === 'categorical' ? p.codes.map(code => ({code, feature: p.feature})) : [],
  );
  return {
    intercept: Float64Array.of(x[terms]!),
    numericFeature: Int32Array.from(numeric, p => p.feature),
    mean: Float64Array.from(numeric, p => p.mean),
    scale: Float64Array.from(numeric, p => p.scale),
    indicatorFeature: Int32Array.from(marked, p => p.feature),
    categoryFeature: Int32Array.from(categories, ({feature}) => feature),
    categoryCode: Int32Array.from(categories, ({code}) => code),
    coefficient: x.slice(0, terms),
    center,
  };
}
