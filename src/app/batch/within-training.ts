import type {Matrix, Predictor} from '../../models/index.ts';
import type {ColumnData} from '../../protocol/index.ts';
import {InputRanges, type ServingPolicy, type TrainedRanges} from '../../serving/index.ts';

/** One a row. */
export type Scores = {
  /** NaN where the model refuses to answer. */
  readonly predictions: Float64Array;
  /** Names of the inputs outside what training saw; null where there is none. */
  readonly outside: readonly (string | null)[];
};

/** Scores rows by the rule of the serving policy about inputs outside what training saw, as the live model does. */
export function withinTraining(
  predictor: Predictor,
  ranges: TrainedRanges,
  {outside: rule, margin}: ServingPolicy['inputs'],
): (matrix: Matrix, columns: Readonly<Record<string, ColumnData>>) => Scores {
  const trained = new InputRanges(predictor.spec.features, ranges, margin);
  const vector = new Float64Array(predictor.spec.features.length);
  return (matrix, columns) => {
    const outside = new Array<string | null>(matrix.rows).fill(null);
    if (rule === 'ignore') return {predictions: predictor.predictBatch(matrix), outside};
    const given = matrix.names.map(name => columns[name]!);
    let scored = matrix.columns;
    for (let row = 0; row < matrix.rows; row++) {
      for (let f = 0; f < vector.length; f++) vector[f] = matrix.columns[f]![row]!;
      const names = trained.outside(vector, f => isGiven(given[f]!, row));
      if (names.length === 0) continue;
      outside[row] = names.join(', ');
      if (rule !== 'clip') continue;
      // The columns are those of the features too, which stay as they are.
      if (scored === matrix.columns) scored = matrix.columns.map(column => column.slice());
      trained.clip(vector);
      for (let f = 0; f < vector.length; f++) scored[f]![row] = vector[f]!;
    }
    const predictions = predictor.predictBatch({...matrix, columns: scored});
    if (rule === 'refuse')
      for (let row = 0; row < matrix.rows; row++) if (outside[row] !== null) predictions[row] = Number.NaN;
    return {predictions, outside};
  };
}

const isGiven = (column: ColumnData, row: number): boolean =>
  column instanceof Float64Array ? !Number.isNaN(column[row]!) : column[row] !== null;
