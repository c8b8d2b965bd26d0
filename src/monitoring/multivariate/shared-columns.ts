import {type Random, sampleIndices} from '../../math/index.ts';
import type {RowSample} from '../windows/row-sample.ts';
import type {DomainColumns} from './domain-folds.ts';

/** The features that both sides have, in the order of the reference. */
export type SharedColumns = DomainColumns & {readonly names: readonly string[]};

/** Columns of both sides by name, without those of `except`; at most `rows` rows of each side, drawn at random. */
export function sharedColumns(
  reference: RowSample,
  sample: RowSample,
  except: readonly string[],
  rows: number,
  random: Random,
): SharedColumns {
  const names = reference.names.filter(name => sample.names.includes(name) && !except.includes(name));
  const columnsOf = (side: RowSample): Float64Array[] => {
    const chosen = sampleIndices(side.rows, rows, random);
    return names.map(name => {
      const column = side.columns[side.names.indexOf(name)]!;
      return chosen.length === side.rows
        ? column.subarray(0, side.rows)
        : Float64Array.from(chosen, row => column[row]!);
    });
  };
  return {
    names,
    reference: columnsOf(reference),
    current: columnsOf(sample),
    categorical: names.map(name => reference.categorical[reference.names.indexOf(name)]!),
  };
}
