import type {Matrix} from '../../models/index.ts';
import {MillraceError} from '../../protocol/index.ts';
import type {TreeParameters} from '../definition.ts';
import {compileKernel} from '../kernel/kernel.ts';
import {wasm} from '../kernel/web-assembly.ts';
import {shareColumns, type TrainingSet} from '../training-set.ts';
import {type TreeShape, treeLayout} from './tree-layout.ts';
import type {TreeJob} from './tree-thread.ts';

const PAGE = 65_536;

type TreeSettings = {
  readonly threads: number;
  readonly seed: number;
  readonly softLabels: boolean;
  readonly init?: Uint8Array | undefined;
};

/** Brings data and kernel to where threads see them: the features once as float32, the rest in one memory. */
export async function prepareTrees(
  sets: readonly TrainingSet[],
  parameters: TreeParameters,
  {threads, seed, softLabels, init}: TreeSettings,
): Promise<TreeJob> {
  const train = sets[0]!;
  const weighted = parameters.positiveWeight !== 1 || sets.some(({weights}) => weights !== undefined);
  const shape: TreeShape = {
    trainRows: train.matrix.rows,
    validationRows: sets[1]?.matrix.rows ?? 0,
    features: train.matrix.columns.length,
    weighted,
    codes: train.matrix.kinds.map((kind, f) =>
      kind === 'categorical'
        ? codeCount(
            sets.map(s => s.matrix),
            f,
          )
        : 0,
    ),
    threads,
  };
  const layout = treeLayout(shape, parameters);
  const pages = Math.ceil(layout.bytes / PAGE);
  if (pages > 65_536)
    throw new MillraceError(
      'TRAINING_FAILED',
      `Training would need ${(layout.bytes / 2 ** 30).toFixed(1)} GiB in one memory; 4 is the most.`,
      {
        fix: 'Train on fewer rows, fewer features or with fewer leaves.',
      },
    );
  const memory = new wasm.Memory({initial: pages, maximum: pages, shared: true});
  let at = 0;
  for (const {matrix, labels, weights} of sets) {
    new Float64Array(memory.buffer, layout.labels + 8 * at, matrix.rows).set(labels);
    if (weighted) {
      const to = new Float64Array(memory.buffer, layout.weights + 8 * at, matrix.rows);
      to.set(weights ?? new Float64Array(matrix.rows).fill(1));
      if (parameters.positiveWeight !== 1)
        for (let i = 0; i < labels.length; i++) if (labels[i] === 1) to[i]! *= parameters.positiveWeight;
    }
    at += matrix.rows;
  }
  const [module, columns] = await Promise.all([compileKernel(), shareColumns(sets)]);
  const loss = softLabels && parameters.loss === 'logLoss' ? 'crossEntropy' : parameters.loss;
  return {kind: 'trees', module, memory, shape, parameters, loss, seed, columns, init: init ?? null};
}

/** How many codes a categorical feature has: its vocabulary, or up to the largest code seen. */
function codeCount(matrices: readonly Matrix[], f: number): number {
  let count = matrices[0]!.vocabularies?.[f]?.length ?? 0;
  for (const {columns, rows} of matrices)
    for (let i = 0; i < rows; i++) if (columns[f]![i]! >= count) count = columns[f]![i]! + 1;
  return count;
}
