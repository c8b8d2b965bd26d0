import {MillraceError} from '../../protocol/index.ts';
import {NumericSketch, type NumericSketchState} from './numeric-sketch.ts';
import {TextSketch, type TextSketchState} from './text-sketch.ts';

/** What values of a column are. Times are numbers (UTC ms), booleans texts, to a sketch. */
export type ColumnType = 'number' | 'integer' | 'boolean' | 'text' | 'time';

export type ColumnSketch = NumericSketch | TextSketch;

export type ProfiledColumn = {readonly name: string; readonly type: ColumnType; readonly sketch: ColumnSketch};

/** Plain JSON. */
export type TableProfileState = {
  readonly rows: number;
  readonly columns: readonly {
    readonly name: string;
    readonly type: ColumnType;
    readonly sketch: NumericSketchState | TextSketchState;
  }[];
};

/**
 * All that is kept of the rows of a table, or of a partition of one such as a day, so that it need not be read again:
 * a sketch for each column. Profiles of partitions merge to that of the whole.
 */
export class TableProfile {
  readonly rows: number;
  readonly columns: readonly ProfiledColumn[];

  /** Every sketch must have seen all `rows`, nulls included. */
  constructor(rows: number, columns: readonly ProfiledColumn[]) {
    this.rows = rows;
    this.columns = columns;
  }

  column(name: string): ProfiledColumn | undefined {
    return this.columns.find(column => column.name === name);
  }

  toJSON(): TableProfileState {
    return {
      rows: this.rows,
      columns: this.columns.map(({name, type, sketch}) => ({name, type, sketch: sketch.toJSON()})),
    };
  }

  static fromJSON({rows, columns}: TableProfileState): TableProfile {
    return new TableProfile(
      rows,
      columns.map(({name, type, sketch}) => ({name, type, sketch: sketchOf(sketch)})),
    );
  }
}

/**
 * The profile of all rows together; the parts stay as they are. A column that a part does not have counts as null there.
 * Throws REQUEST_INVALID where a column is of numbers in one part and of texts in another.
 */
export function mergeProfiles(parts: readonly TableProfile[]): TableProfile {
  const columns = new Map<string, {name: string; type: ColumnType; sketch: ColumnSketch; rows: number}>();
  let rows = 0;
  for (const part of parts) {
    for (const {name, type, sketch} of part.columns) {
      const known = columns.get(name);
      if (!known) {
        const copy = sketchOf(sketch.toJSON());
        copy.addNulls(rows);
        columns.set(name, {name, type, sketch: copy, rows: rows + part.rows});
        continue;
      }
      mergeSketches(name, known.sketch, sketch);
      if (type !== known.type) known.type = known.sketch.kind === 'numeric' ? 'number' : 'text';
      known.rows = rows + part.rows;
    }
    rows += part.rows;
    for (const column of columns.values()) {
      column.sketch.addNulls(rows - column.rows);
      column.rows = rows;
    }
  }
  return new TableProfile(
    rows,
    [...columns.values()].map(({name, type, sketch}) => ({name, type, sketch})),
  );
}

function mergeSketches(name: string, into: ColumnSketch, from: ColumnSketch): void {
  if (into instanceof NumericSketch && from instanceof NumericSketch) into.merge(from);
  else if (into instanceof TextSketch && from instanceof TextSketch) into.merge(from);
  else
    throw new MillraceError('REQUEST_INVALID', `'${name}' holds numbers in one profile and texts in another.`, {
      fix: 'Merge the profiles from before and from after the change apart, and compare the two.',
    });
}

const sketchOf = (state: NumericSketchState | TextSketchState): ColumnSketch =>
  state.kind === 'numeric' ? NumericSketch.fromJSON(state) : TextSketch.fromJSON(state);
