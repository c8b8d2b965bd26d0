import type {Matrix} from '../models/index.ts';
import {MillraceError, type Problem} from '../protocol/index.ts';

/** Rows to learn from: features, what they led to, and how much each row counts (1 if absent). */
export type TrainingSet = {
  readonly matrix: Matrix;
  /** 0 or 1 for a binary task (0 to 1 with `softLabels`); any finite number for regression. */
  readonly labels: Float64Array;
  readonly weights?: Float64Array;
};

/** Float32 features of all rows, column after column, in memory that threads share. */
export type SharedColumns = {readonly rows: number; readonly features: number; readonly buffer: SharedArrayBuffer};

export function columnView({rows, buffer}: SharedColumns, feature: number): Float32Array {
  return new Float32Array(buffer, feature * rows * 4, rows);
}

/**
 * Copies the features of several sets, one below the other. One float32 copy (half the size of the given
 * columns) is all that training holds besides its bins; the event loop gets a turn after each column.
 */
export async function shareColumns(sets: readonly TrainingSet[]): Promise<SharedColumns> {
  const rows = sets.reduce((sum, {matrix}) => sum + matrix.rows, 0);
  const features = sets[0]!.matrix.columns.length;
  const shared = {rows, features, buffer: new SharedArrayBuffer(rows * features * 4)};
  for (let f = 0; f < features; f++) {
    let at = 0;
    const to = columnView(shared, f);
    for (const {matrix} of sets) {
      to.set(matrix.columns[f]!.subarray(0, matrix.rows), at);
      at += matrix.rows;
    }
    await new Promise(resolve => setImmediate(resolve));
  }
  return shared;
}

/** What labels may be: classes 0 and 1, probabilities from 0 to 1, or any finite number. */
export type LabelRange = 'class' | 'probability' | 'number';

const LABELS: Readonly<Record<LabelRange, {readonly holds: (y: number) => boolean; readonly words: string}>> = {
  class: {holds: y => y === 0 || y === 1, words: '0 or 1'},
  probability: {holds: y => y >= 0 && y <= 1, words: 'a number from 0 to 1'},
  number: {holds: Number.isFinite, words: 'a finite number'},
};

/** Throws TRAINING_FAILED with everything that is wrong with the sets. */
export function checkTrainingSets(train: TrainingSet, validation: TrainingSet | undefined, range: LabelRange): void {
  const problems: Problem[] = [];
  const add = (path: string, message: string) => problems.push({path, message});
  checkSet('train', train, range, add);
  if (validation !== undefined) {
    checkSet('validation', validation, range, add);
    if (validation.matrix.names.join('\n') !== train.matrix.names.join('\n'))
      add('validation.matrix.names', 'validation has other features than train.');
  }
  if (range === 'class' && problems.length === 0 && new Set(train.labels).size < 2)
    add('train.labels', `every training row has label ${train.labels[0]}; a binary task needs both 0 and 1.`);
  if (problems.length === 0) return;
  throw new MillraceError('TRAINING_FAILED', problems.map(({message}) => message).join(' '), {
    problems,
    fix: 'Correct the training set.',
  });
}

function checkSet(
  path: string,
  {matrix, labels, weights}: TrainingSet,
  range: LabelRange,
  add: (path: string, message: string) => void,
): void {
  const {rows, columns, names, kinds} = matrix;
  if (rows === 0) add(path, `${path} has no rows.`);
  if (columns.length === 0) add(path, `${path} has no features.`);
  if (names.length !== columns.length || kinds.length !== columns.length)
    add(path, `${path} has ${columns.length} columns, ${names.length} names and ${kinds.length} kinds.`);
  if (labels.length !== rows) add(`${path}.labels`, `${path} has ${rows} rows and ${labels.length} labels.`);
  const wrong = labels.findIndex(y => !LABELS[range].holds(y));
  if (wrong !== -1)
    add(`${path}.labels`, `label ${wrong} of ${path} is ${labels[wrong]}; allowed is ${LABELS[range].words}.`);
  if (weights !== undefined && weights.length !== rows)
    add(`${path}.weights`, `${path} has ${rows} rows and ${weights.length} weights.`);
  if (weights?.some(w => !(w >= 0 && w < Number.POSITIVE_INFINITY)))
    add(`${path}.weights`, `weights of ${path} must be finite and not negative.`);
  columns.forEach((column, f) => {
    if (column.length < rows)
      add(`${path}.${names[f]}`, `feature '${names[f]}' has ${column.length} values for ${rows} rows.`);
    if (kinds[f] !== 'categorical') return;
    const code = column.find(x => !Number.isNaN(x) && !(x >= 0 && x < 65_536 && Number.isInteger(x)));
    if (code !== undefined)
      add(`${path}.${names[f]}`, `category code ${code} of '${names[f]}' must be an integer from 0 to 65535, or NaN.`);
  });
}
