/** Fields of requests as they are monitored: which of them, and what they were in training. */

import type {RowRange, TrainingSet} from '../../datasets/index.ts';
import type {Matrix} from '../../models/index.ts';
import type {ProfiledFeature, SplitRows as ProfiledRows, RequestValues} from '../../monitoring/index.ts';
import {type ColumnData, type ColumnSpec, columnRows, columnSpecs} from '../../protocol/index.ts';
import type {ModelDefinition} from '../definitions/model.ts';

/** By name: the rows of one split. */
export type RequestColumns = Readonly<Record<string, ColumnData>>;

/**
 * All fields but times, which are new at every request, and those that a feature of the model repeats unchanged: that
 * feature tells the same. Fields by which traffic is told apart are always among them.
 */
export function monitoredInputs({features, inputs, monitor}: ModelDefinition): ColumnSpec[] {
  const repeated = new Set(
    features.derived.flatMap(({name, node}) => (inputs.includes(name) && node.op === 'column' ? [node.name] : [])),
  );
  return columnSpecs(features.request).filter(
    ({name, type}) => type !== 'time' && (!repeated.has(name) || monitor.slices.includes(name)),
  );
}

export function requestColumns(definition: ModelDefinition, {kept}: TrainingSet, {from, to}: RowRange): RequestColumns {
  return Object.fromEntries(monitoredInputs(definition).map(({name}) => [name, columnRows(kept[name]!, from, to)]));
}

export function profiledInputs(definition: ModelDefinition, columns: RequestColumns): ProfiledFeature[] {
  return monitoredInputs(definition).map(({name, type}) => {
    const column = columns[name]!;
    if (type !== 'bool')
      return {name, kind: column instanceof Float64Array ? 'numeric' : 'categorical', importance: 0, values: column};
    const texts = Array.from(column as Float64Array, value => (Number.isNaN(value) ? null : String(value !== 0)));
    return {name, kind: 'categorical', importance: 0, values: texts};
  });
}

/** The rows of a split, one by one, as they are when they are served. */
export function profiledRows(definition: ModelDefinition, matrix: Matrix, columns: RequestColumns): ProfiledRows {
  const vector = new Float64Array(matrix.columns.length);
  const specs = monitoredInputs(definition);
  return {
    rows: matrix.rows,
    vector: row => {
      for (let f = 0; f < vector.length; f++) vector[f] = matrix.columns[f]![row]!;
      return vector;
    },
    request: row => {
      const request: Record<string, unknown> = {};
      for (const {name, type} of specs) {
        const value = columns[name]![row] ?? null;
        request[name] = type === 'bool' && value !== null && !Number.isNaN(value) ? value !== 0 : value;
      }
      return request satisfies RequestValues;
    },
  };
}
