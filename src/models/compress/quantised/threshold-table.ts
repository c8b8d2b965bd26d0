import type {Forest} from '../../trees/forest.ts';

/** The thresholds of one numeric column, ascending, and which of them each threshold of the forest became. */
export type ThresholdTable = {readonly values: Float32Array; readonly placeOf: ReadonlyMap<number, number>};

/**
 * At most `limit` thresholds for a feature. Where there are more distinct ones, neighbours are merged into runs of
 * about the same gain, each standing for its threshold in the middle of that gain: rows between the two change sides.
 */
export function thresholdTable(forest: Forest, nodes: readonly number[], limit: number): ThresholdTable {
  const gains = new Map<number, number>();
  for (const n of nodes) {
    const threshold = forest.threshold[n]! + 0; // no negative zero
    gains.set(threshold, (gains.get(threshold) ?? 0) + Math.max(forest.gain[n]!, Number.MIN_VALUE));
  }
  const distinct = [...gains.keys()].sort((a, b) => a - b);
  const runs = distinct.length <= limit ? distinct.map(value => [value]) : runsOfGain(distinct, gains, limit);
  const values = Float32Array.from(runs, run => middleOf(run, gains));
  return {values, placeOf: new Map(runs.flatMap((run, place) => run.map(value => [value, place] as const)))};
}

/** Never more than `limit` runs, and never fewer while there are values for them. */
function runsOfGain(distinct: readonly number[], gains: ReadonlyMap<number, number>, limit: number): number[][] {
  let left = distinct.reduce((sum, value) => sum + gains.get(value)!, 0);
  const runs: number[][] = [];
  let run: number[] = [];
  let gain = 0;
  distinct.forEach((value, i) => {
    run.push(value);
    gain += gains.get(value)!;
    const open = limit - runs.length;
    const rest = distinct.length - i - 1;
    if ((gain >= left / open && open > 1) || rest < open) {
      runs.push(run);
      left -= gain;
      run = [];
      gain = 0;
    }
  });
  return runs;
}

function middleOf(run: readonly number[], gains: ReadonlyMap<number, number>): number {
  const half = run.reduce((sum, value) => sum + gains.get(value)!, 0) / 2;
  let sum = 0;
  for (const value of run) {
    sum += gains.get(value)!;
    if (sum >= half) return value;
  }
  return run.at(-1)!;
}
