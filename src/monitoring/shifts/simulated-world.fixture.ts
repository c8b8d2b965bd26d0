/** A world with four features and a model that knows it, in which one thing at a time can change. */

import {exp, normal, quantileEdges, type Random} from '../../math/index.ts';
import type {MonitorWindow} from '../../protocol/index.ts';
import type {BinCounts, DriftPair} from '../drift/cells.ts';
import {DRIFT_DEFAULTS} from '../drift/drift-settings.ts';
import {judgeDrift} from '../drift/judge-drift.ts';
import {FIRST_DAY, windowWith} from '../testing/windows.ts';
import type {ReferenceRows} from '../windows/row-sample.ts';

export type World = {
  /** Moves the mean of `distance`. */
  readonly inputs?: number;
  /** Share of label 1; rows of each class stay as they are. */
  readonly baseRate?: number;
  /** Adds to the log odds of every row. */
  readonly odds?: number;
  /** Multiplies what the features do. */
  readonly slope?: number;
  /** `distance` is null throughout. */
  readonly blind?: boolean;
};

const NAMES = ['distance', 'wind', 'fog', 'airport'];
const DAY = 86_400_000;
const sigmoid = (x: number) => 1 / (1 + exp(-x));

/** Rows with the model's scores and what came of them. */
export function rowsOf(rows: number, random: Random, world: World = {}): ReferenceRows {
  const columns = NAMES.map(() => new Float64Array(rows));
  const [scores, labels] = [new Float64Array(rows), new Float64Array(rows)];
  for (let row = 0; row < rows; row++) {
    const wanted = world.baseRate === undefined ? null : random() < world.baseRate ? 1 : 0;
    do {
      const values = [
        normal(random) + (world.inputs ?? 0),
        normal(random),
        normal(random),
        Math.floor(12 * random() ** 2),
      ];
      const effects = values[0]! + 0.6 * values[1]! - 0.05 * values[3]!;
      const seen = effects - (world.blind ? values[0]! : 0);
      scores[row] = sigmoid(seen - 1.3);
      labels[row] = random() < sigmoid((world.slope ?? 1) * effects - 1.3 + (world.odds ?? 0)) ? 1 : 0;
      for (const [f, column] of columns.entries()) column[row] = f === 0 && world.blind ? Number.NaN : values[f]!;
    } while (wanted !== null && labels[row] !== wanted);
  }
  const categorical = NAMES.map(name => name === 'airport');
  return {rows, of: rows, names: NAMES, columns, categorical, scores, labels};
}

/** The record of a day, its drift judged as in production. */
export function windowOfRows(day: number, reference: ReferenceRows, rows: ReferenceRows): MonitorWindow {
  const pairs = NAMES.map((subject, f): DriftPair => {
    const binOf = binsOf(reference.columns[f]!, reference.categorical[f]!);
    const kind = reference.categorical[f]! ? 'categorical' : 'numeric';
    return {subject, kind, reference: counted(reference.columns[f]!, binOf), current: counted(rows.columns[f]!, binOf)};
  });
  const from = FIRST_DAY + day * DAY;
  return {...windowWith({day, predictions: rows.rows}), from, to: from + DAY, drift: judgeDrift(pairs, DRIFT_DEFAULTS)};
}

function binsOf(column: Float64Array, isCategory: boolean): (value: number) => number {
  if (isCategory) return code => code;
  const edges = quantileEdges(column, 10);
  return value => edges.filter(edge => value >= edge).length;
}

function counted(column: Float64Array, binOf: (value: number) => number): BinCounts {
  const counts = new Array<number>(12).fill(0);
  let nulls = 0;
  for (const value of column) {
    if (Number.isNaN(value)) nulls++;
    else counts[binOf(value)]!++;
  }
  return {counts, nulls};
}
