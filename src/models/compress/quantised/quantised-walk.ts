import {inSet} from '../../trees/forest.ts';
import type {QuantisedForest} from './quantised-forest.ts';

// The leaf, counted from 0 within the tree, that a row reaches in the tree of `size` splits from split `s` on; its values
// stand at `row[at …]`, one per column. Two functions that differ in how a word is read, and take all that they need as
// arguments: closures would not be inlined where several models are loaded. Hot paths: measured, not pretty.

export function narrowLeaf(forest: QuantisedForest, s: number, size: number, row: Float32Array, at: number): number {
  const {words, numericStart, thresholds} = forest;
  const numeric = numericStart.length - 1;
  let leaf = 0;
  while (size > 0) {
    const word = words[s]!;
    const column = (word >>> 19) & 0xfff;
    const x = row[at + column]!;
    const left = ((word >>> 8) & 0x7ff) + 1;
    const goesLeft =
      // biome-ignore lint/suspicious/noSelfCompare: the cheapest test for NaN
      x !== x
        ? word < 0
        : column < numeric
          ? x <= thresholds[numericStart[column]! + (word & 0xff)]!
          : inColumnSet(forest, column - numeric, word & 0xff, x);
    if (goesLeft) {
      s++;
      size = left - 1;
    } else {
      s += left;
      size -= left;
      leaf += left;
    }
  }
  return leaf;
}

export function wideLeaf(forest: QuantisedForest, s: number, size: number, row: Float32Array, at: number): number {
  const {words, skip, numericStart, thresholds} = forest;
  const numeric = numericStart.length - 1;
  let leaf = 0;
  while (size > 0) {
    const word = words[s]!;
    const column = (word >>> 16) & 0x7fff;
    const x = row[at + column]!;
    const left = skip[s]! + 1;
    const goesLeft =
      // biome-ignore lint/suspicious/noSelfCompare: the cheapest test for NaN
      x !== x
        ? word < 0
        : column < numeric
          ? x <= thresholds[numericStart[column]! + (word & 0xffff)]!
          : inColumnSet(forest, column - numeric, word & 0xffff, x);
    if (goesLeft) {
      s++;
      size = left - 1;
    } else {
      s += left;
      size -= left;
      leaf += left;
    }
  }
  return leaf;
}

function inColumnSet({setStart, setAt, sets}: QuantisedForest, column: number, place: number, code: number): boolean {
  return inSet(sets, setAt[setStart[column]! + place]!, code);
}
