/** A mean that is updated by one value at a time. */

export type RunningMean = {count: number; mean: number};

export function updateMean(state: RunningMean, value: number): void {
  state.count++;
  state.mean += (1 / state.count) * (value - state.mean);
}
