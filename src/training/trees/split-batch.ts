import type {TreeLayout} from './tree-layout.ts';

/** Splits that all threads carry out together, as they stand in shared memory. */
export type PendingSplit = {
  readonly node: number;
  readonly feature: number;
  readonly left: number;
  readonly right: number;
  /** Histogram of the node, which becomes that of its larger child; -1 for the root's own first histogram. */
  readonly parentSlot: number;
  /** Where the histogram of the smaller child goes; -1 if neither child needs one. */
  readonly smallSlot: number;
  /** 0 if the left child is the smaller, 1 if the right. */
  readonly smallSide: 0 | 1;
};

const WORDS = 8;

export function writeSplits(i32: Int32Array, {splits}: TreeLayout, batch: readonly PendingSplit[]): void {
  let at = splits / 4;
  i32[at] = batch.length;
  for (const {node, feature, left, right, parentSlot, smallSlot, smallSide} of batch) {
    at += WORDS;
    i32.set([node, feature, left, right, parentSlot, smallSlot, smallSide], at);
  }
}

export function readSplits(i32: Int32Array, {splits}: TreeLayout): PendingSplit[] {
  const start = splits / 4;
  return Array.from({length: i32[start]!}, (_, k) => {
    const at = start + (k + 1) * WORDS;
    return {
      node: i32[at]!,
      feature: i32[at + 1]!,
      left: i32[at + 2]!,
      right: i32[at + 3]!,
      parentSlot: i32[at + 4]!,
      smallSlot: i32[at + 5]!,
      smallSide: i32[at + 6]! as 0 | 1,
    };
  });
}
