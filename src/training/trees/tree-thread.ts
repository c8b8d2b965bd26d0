import type {TreeParameters} from '../definition.ts';
import {instantiateKernel, type Kernel} from '../kernel/kernel.ts';
import type {KernelModule, SharedMemory} from '../kernel/web-assembly.ts';
import type {ThreadStart} from '../threads/run-threads.ts';
import {leadTeam, serveTeam} from '../threads/team.ts';
import type {SharedColumns} from '../training-set.ts';
import {binPhases} from './bin-phases.ts';
import {type BoostProgress, type BoostResult, boost} from './boost.ts';
import {gradientPhases} from './gradient-phases.ts';
import {histogramPhases} from './histogram-phases.ts';
import {LOSSES, type Loss} from './loss.ts';
import {ownRange, type TreeLayout, type TreeShape, treeLayout} from './tree-layout.ts';

/** Everything that a thread needs to train trees. Labels and weights already stand in `memory`. */
export type TreeJob = {
  readonly kind: 'trees';
  readonly module: KernelModule;
  readonly memory: SharedMemory;
  readonly shape: TreeShape;
  readonly parameters: TreeParameters;
  readonly loss: keyof typeof LOSSES;
  readonly seed: number;
  readonly columns: SharedColumns;
  /** Artifact to continue from. */
  readonly init: Uint8Array | null;
};

/** One thread's view of the job. `first` to `last` are the training rows it owns. */
export type TreeThread = {
  readonly kernel: Kernel;
  readonly layout: TreeLayout;
  readonly shape: TreeShape;
  readonly parameters: TreeParameters;
  readonly loss: Loss;
  readonly seed: number;
  readonly init: Uint8Array | null;
  readonly thread: number;
  readonly first: number;
  readonly last: number;
  /** The whole memory, as each type. */
  readonly u8: Uint8Array;
  readonly i32: Int32Array;
  readonly f32: Float32Array;
  readonly f64: Float64Array;
  readonly numbers: Float64Array;
  /** Where each node's rows stand among the thread's own rows. */
  readonly nodeStart: Int32Array;
  readonly nodeRows: Int32Array;
};

/** The phases, in the order of the functions below. */
export const PHASE = {edges: 0, bins: 1, start: 2, gradients: 3, root: 4, split: 5, scan: 6} as const;

export function startTreeThread(
  {job, thread, threads, control}: ThreadStart<TreeJob>,
  post: (message: unknown) => void,
): void {
  const state = openThread(job, thread);
  const phases = [...binPhases(state, job.columns), ...gradientPhases(state), ...histogramPhases(state)];
  const team = new Int32Array(control);
  if (thread > 0) serveTeam(team, phases);
  const result: BoostResult = boost(state, leadTeam(team, threads, phases), (progress: BoostProgress) =>
    post({progress}),
  );
  post({result});
}

function openThread(job: TreeJob, thread: number): TreeThread {
  const {module, memory, shape, parameters, loss, seed, init} = job;
  const layout = treeLayout(shape, parameters);
  const [first, last] = ownRange(shape.trainRows, thread, shape.threads);
  const {buffer} = memory;
  return {
    kernel: instantiateKernel(module, memory),
    layout,
    shape,
    parameters,
    loss: LOSSES[loss],
    seed,
    init,
    thread,
    first,
    last,
    u8: new Uint8Array(buffer),
    i32: new Int32Array(buffer),
    f32: new Float32Array(buffer),
    f64: new Float64Array(buffer),
    numbers: new Float64Array(buffer, layout.numbers, 8),
    nodeStart: new Int32Array(layout.maxNodes),
    nodeRows: new Int32Array(layout.maxNodes),
  };
}
