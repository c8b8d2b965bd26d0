import {readFile} from 'node:fs/promises';
import {MillraceError} from '../../protocol/index.ts';
import {type KernelModule, type SharedMemory, wasm} from './web-assembly.ts';

/** The functions of kernel/assembly/index.ts, which describes them. Pointers are byte offsets into the memory. */
export type Kernel = {
  histogram(
    rows: number,
    count: number,
    bins: number,
    stride: number,
    gradients: number,
    tile: number,
    narrow: number,
    wide: number,
    features: number,
  ): void;
  addHistogram(to: number, from: number, entries: number): void;
  subtractHistogram(to: number, from: number, entries: number): void;
  total(wide: number, out: number): void;
  scan(
    wide: number,
    bins: number,
    node: number,
    gUnit: number,
    hUnit: number,
    l2: number,
    minRows: number,
    minHessian: number,
    out: number,
  ): void;
  partition(rows: number, count: number, bins: number, stride: number, goesLeft: number, spare: number): number;
  route(bins: number, stride: number, from: number, to: number, nodes: number, tables: number, scores: number): void;
  logisticGradients(
    scores: number,
    labels: number,
    gradients: number,
    from: number,
    to: number,
    peaks: number,
    likelihood: number,
  ): void;
  quantise(gradients: number, from: number, to: number, gUnit: number, hUnit: number, seed: number): void;
  assignBins(values: number, count: number, edges: number, out: number, stride: number): void;
};

/** Compiles the kernel once; a module can be sent to threads. */
export async function compileKernel(): Promise<KernelModule> {
  const url = new URL('./histogram.wasm', import.meta.url);
  try {
    return await wasm.compile(await readFile(url));
  } catch (cause) {
    throw new MillraceError('TRAINING_FAILED', `The training kernel ${url.pathname} cannot be loaded.`, {
      cause,
      fix: 'Run npm run build:kernel.',
    });
  }
}

export function instantiateKernel(module: KernelModule, memory: SharedMemory): Kernel {
  return new wasm.Instance(module, {env: {memory}}).exports as Kernel;
}
