import {inSet} from '../../trees/forest.ts';
import {MISSING} from './bin-values.ts';
import {isWide, type QuantisedForest} from './quantised-forest.ts';

/**
 * The leaf, counted from 0 within the tree, that a row reaches in the tree of `size` splits from split `s` on; the bins
 * of the row stand at `bins[at …]`. Two loops that differ in how a word is read. Hot paths: measured, not pretty.
 */
export type LeafOf = (s: number, size: number, bins: Int32Array, at: number) => number;

export function leafFinder(forest: QuantisedForest): LeafOf {
  return isWide(forest) ? wideLeaf(forest) : narrowLeaf(forest);
}

function narrowLeaf({words, numericFeature, setStart, setAt, sets}: QuantisedForest): LeafOf {
  const numeric = numericFeature.length;
  return (s, size, bins, at) => {
    let leaf = 0;
    while (size > 0) {
      const word = words[s]!;
      const column = (word >>> 19) & 0xfff;
      const bin = bins[at + column]!;
      const left = ((word >>> 8) & 0x7ff) + 1;
      const goesLeft =
        bin === MISSING
          ? word < 0
          : column < numeric
            ? bin <= (word & 0xff)
            : inSet(sets, setAt[setStart[column - numeric]! + (word & 0xff)]!, bin);
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

function wideLeaf({words, skip, numericFeature, setStart, setAt, sets}: QuantisedForest): LeafOf {
  const numeric = numericFeature.length;
  return (s, size, bins, at) => {
    let leaf = 0;
    while (size > 0) {
      const word = words[s]!;
      const column = (word >>> 16) & 0x7fff;
      const bin = bins[at + column]!;
      const left = skip[s]! + 1;
      const goesLeft =
        bin === MISSING
          ? word < 0
          : column < numeric
            ? bin <= (word & 0xffff)
            : inSet(sets, setAt[setStart[column - numeric]! + (word & 0xffff)]!, bin);
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
