/** What a model must be better than to be worth its keep. A definition is frozen data; fitting sees the training split only. */

import {seededRandom} from '../math/index.ts';
import {type ColumnData, MillraceError} from '../protocol/index.ts';

export type BaselineDefinition =
  | {readonly kind: 'zero-rule'; readonly name: string}
  | {readonly kind: 'random'; readonly name: string; readonly seed: number}
  | {readonly kind: 'historical-rate'; readonly name: string; readonly column: string; readonly smoothing: number};

/** The rows a baseline sees: labels to fit on, and the spine's columns. */
export type BaselineRows = {
  readonly labels: Float64Array;
  readonly columns: {readonly [name: string]: ColumnData};
};

export type FittedBaseline = {
  readonly name: string;
  /** A score per row; labels of `rows` are not read. */
  score(rows: BaselineRows): Float64Array;
};

/** Every row gets the base rate of the training split. */
export function zeroRule(): BaselineDefinition {
  return Object.freeze({kind: 'zero-rule', name: 'zero-rule'});
}

/** Every row gets a uniform number of (0, 1): AUC 0.5 up to chance, and a log loss near 1. */
export function randomScores({seed = 1}: {readonly seed?: number} = {}): BaselineDefinition {
  return Object.freeze({kind: 'random', name: 'random', seed});
}

/**
 * Every row gets the share of positives that its key had in the training split, pulled towards the base
 * rate as if by `smoothing` more rows of it (100 unless told). New and null keys get the base rate.
 * A second one in the same evaluation needs a `name` of its own.
 */
export function historicalRate(
  column: string,
  {smoothing = 100, name = 'historical-rate'}: {readonly smoothing?: number; readonly name?: string} = {},
): BaselineDefinition {
  return Object.freeze({kind: 'historical-rate', name, column, smoothing});
}

/** Learns the baseline from the training split. Throws NAME_UNKNOWN if its column is absent. */
export function fitBaseline(definition: BaselineDefinition, train: BaselineRows): FittedBaseline {
  const {name} = definition;
  switch (definition.kind) {
    case 'zero-rule': {
      const rate = meanOf(train.labels);
      return {name, score: rows => new Float64Array(rows.labels.length).fill(rate)};
    }
    case 'random':
      return {
        name,
        score: rows => {
          const next = seededRandom(definition.seed);
          return Float64Array.from(rows.labels, () => next() || Number.EPSILON);
        },
      };
    case 'historical-rate': {
      const base = meanOf(train.labels);
      const rates = smoothedRates(columnOf(train, definition), train.labels, base, definition.smoothing);
      return {
        name,
        score: rows => {
          const keys = columnOf(rows, definition);
          const scores = new Float64Array(keys.length);
          for (let i = 0; i < keys.length; i++) scores[i] = rates.get(keys[i]!) ?? base;
          return scores;
        },
      };
    }
  }
}

function smoothedRates(keys: ColumnData, labels: Float64Array, base: number, smoothing: number) {
  const tallies = new Map<string | number, {rows: number; positives: number}>();
  for (let i = 0; i < keys.length; i++) {
    const key = keys[i] ?? null;
    if (key === null || Number.isNaN(key)) continue;
    const tally = tallies.get(key);
    if (tally) {
      tally.rows++;
      tally.positives += labels[i]!;
    } else tallies.set(key, {rows: 1, positives: labels[i]!});
  }
  const rates = new Map<string | number | null, number>();
  for (const [key, {rows, positives}] of tallies) rates.set(key, (positives + smoothing * base) / (rows + smoothing));
  return rates;
}

function columnOf(rows: BaselineRows, {name, column}: {readonly name: string; readonly column: string}): ColumnData {
  const data = rows.columns[column];
  if (data) return data;
  throw new MillraceError(
    'NAME_UNKNOWN',
    `The baseline '${name}' groups by '${column}', which is no column of the spine.`,
    {
      fix: `Take one of ${Object.keys(rows.columns).join(', ')}.`,
    },
  );
}

function meanOf(values: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < values.length; i++) sum += values[i]!;
  return values.length === 0 ? 0 : sum / values.length;
}
