import {inSet} from '../../trees/forest.ts';
import {isWide, type QuantisedForest} from './quantised-forest.ts';

/**
 * The leaf, counted from 0 within the tree, that a row reaches in the tree of `size` splits from split `s` on; its
 * values stand at `row[at …]`, one per column. Two loops that differ in how a word is read. Hot paths: measured, not pretty.
 */
export type LeafOf = (s: number, size: number, row: Float32Array, at: number) => number;

export function leafFinder(forest: QuantisedForest): LeafOf {
  return isWide(forest) ? wideLeaf(forest) : narrowLeaf(forest);
}

function narrowLeaf({words, numericStart, thresholds, setStart, setAt, sets}: QuantisedForest): LeafOf {
  const numeric = numericStart.length - 1;
  return (s, size, row, at) => {
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
            : inSet(sets, setAt[setStart[column - numeric]! + (word & 0xff)]!, x);
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
  };
}

function wideLeaf({words, skip, numericStart, thresholds, setStart, setAt, sets}: QuantisedForest): LeafOf {
  const numeric = numericStart.length - 1;
  return (s, size, row, at) => {
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
            : inSet(sets, setAt[setStart[column - numeric]! + (word & 0xffff)]!, x);
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
  };
}
