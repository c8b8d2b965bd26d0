/** Classifiers that tell rows of a window from rows of the reference, each tried on rows that it has not seen. */

import {type Random, shuffle} from '../../math/index.ts';
import type {Matrix, Predictor} from '../../models/index.ts';
import {gradientBoostedTrees, trainModel} from '../../training/index.ts';

export type DomainFold = {
  readonly predictor: Predictor;
  /** The rows that the predictor was not trained with: positions in reference, then current. */
  readonly rows: Uint32Array;
  readonly matrix: Matrix;
  /** 1 for rows of the current window. */
  readonly labels: Float64Array;
};

export type DomainColumns = {
  readonly reference: readonly Float64Array[];
  readonly current: readonly Float64Array[];
  readonly categorical: readonly boolean[];
};

const FOLDS = 3;

/** Small trees: larger ones learn chance, and find less in windows of a few hundred rows. */
const TREES = gradientBoostedTrees({
  trees: 50,
  leaves: 5,
  maxDepth: 4,
  maxBins: 63,
  earlyStoppingRounds: 0,
});

/**
 * One classifier per fold, none without columns or with fewer than two rows on a side. Rows are dealt to folds at
 * random within their side, so that neither their order nor a fold's share of the window tells anything. Trains on a
 * worker thread, one fold after the other.
 */
export async function domainFolds(columns: DomainColumns, random: Random): Promise<DomainFold[]> {
  const {reference, current, categorical} = columns;
  const before = reference[0]?.length ?? 0;
  const now = current[0]?.length ?? 0;
  const count = Math.min(FOLDS, before, now);
  if (count < 2) return [];
  const foldOf = new Uint8Array(before + now);
  for (const [start, rows] of [[0, before] as const, [before, now] as const])
    shuffle(
      Uint32Array.from({length: rows}, (_, i) => start + i),
      random,
    ).forEach((row, i) => {
      foldOf[row] = i % count;
    });
  const names = categorical.map((_, f) => `${f}`);
  const kinds = categorical.map(is => (is ? ('categorical' as const) : ('numeric' as const)));
  const sides = reference.map((column, f) => [column, current[f]!] as const);
  const pick = (rows: Uint32Array) => ({
    matrix: {rows: rows.length, names, kinds, columns: sides.map(([a, b]) => valuesOf(a, b, rows))},
    labels: Float64Array.from(rows, row => (row < before ? 0 : 1)),
  });
  const folds: DomainFold[] = [];
  for (let fold = 0; fold < count; fold++) {
    const [rows, others] = partition(foldOf, fold);
    const {predictor} = await trainModel(TREES, {train: pick(others), seed: random.uint32()});
    folds.push({predictor, rows, ...pick(rows)});
  }
  return folds;
}

function partition(foldOf: Uint8Array, fold: number): [Uint32Array, Uint32Array] {
  const all = Uint32Array.from(foldOf, (_, row) => row);
  return [all.filter(row => foldOf[row] === fold), all.filter(row => foldOf[row] !== fold)];
}

function valuesOf(reference: Float64Array, current: Float64Array, rows: Uint32Array): Float64Array {
  const values = new Float64Array(rows.length);
  const before = reference.length;
  for (let i = 0; i < rows.length; i++) {
    const row = rows[i]!;
    values[i] = row < before ? reference[row]! : current[row - before]!;
  }
  return values;
}
