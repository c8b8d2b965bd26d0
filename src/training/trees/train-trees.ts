import {loadModel, type TreePredictor} from '../../models/index.ts';
import type {TreeParameters} from '../definition.ts';
import {runThreads} from '../threads/run-threads.ts';
import type {Fitted, TrainOptions} from '../train-model.ts';
import type {BoostProgress, BoostResult} from './boost.ts';
import {buildForest} from './build-forest.ts';
import {prepareTrees} from './prepare-trees.ts';
import type {TreeJob} from './tree-thread.ts';

/** Boosts trees on worker threads. */
export async function trainTrees(parameters: TreeParameters, options: TrainOptions): Promise<Fitted> {
  const {train, validation, seed, softLabels = false, threads = 1, init, signal, onProgress} = options;
  const sets = validation === undefined ? [train] : [train, validation];
  const job = await prepareTrees(sets, parameters, {threads, seed, softLabels, init});
  const result = await runThreads<TreeJob, BoostProgress, BoostResult>(job, {threads, signal, onProgress});
  const earlier = init === undefined ? undefined : (loadModel(init) as TreePredictor).forest;
  const {base, trees, binning, history} = result;
  return {
    kind: 'trees',
    task: parameters.loss === 'logLoss' ? 'binary' : 'regression',
    arrays: buildForest(base, trees, binning, earlier),
    iterations: trees.length,
    history,
  };
}
