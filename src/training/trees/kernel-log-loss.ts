import type {Kernel} from '../kernel/kernel.ts';
import {type Loss, logLoss} from './loss.ts';
import type {TreeLayout} from './tree-layout.ts';

/** The part of a thread's state that it needs. */
type KernelRows = {
  readonly kernel: Kernel;
  readonly layout: Pick<TreeLayout, 'scores' | 'labels' | 'gradients' | 'scratch'>;
  readonly thread: number;
  readonly f64: Float64Array;
  readonly i32: Int32Array;
};

/**
 * `logLoss.gradients` for unweighted rows by the kernel, two rows at a time. Its exponential is good to a
 * relative 1e-11, plenty for derivatives that are rounded to 13 bits.
 */
export function kernelLogLoss({kernel, layout, thread, f64, i32}: KernelRows): Loss['gradients'] {
  const {scores, labels, gradients} = layout;
  const peaks = layout.scratch[thread]!;
  const likelihood = peaks + 16;
  return (rows, from, to, peak) => {
    const even = to - ((to - from) & 1);
    f64[peaks / 8] = peak.first;
    f64[peaks / 8 + 1] = peak.second;
    kernel.logisticGradients(scores, labels, gradients, from, even, peaks, likelihood);
    peak.first = f64[peaks / 8]!;
    peak.second = f64[peaks / 8 + 1]!;
    const at = likelihood / 8;
    const exponents = i32[2 * at + 4]! + i32[2 * at + 6]!; // small: their low words say it all
    const loss = -Math.log(f64[at]! * f64[at + 1]!) - exponents * Math.LN2;
    return even === to ? loss : loss + logLoss.gradients(rows, even, to, peak);
  };
}
