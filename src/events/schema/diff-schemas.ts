import type {InferredColumn, InferredSchema} from './inferred-schema.ts';

/** One way in which newer data differ from older. */
export type SchemaChange = {
  readonly column: string;
  readonly kind: 'added' | 'removed' | 'type' | 'nullable' | 'range' | 'values';
  /** Would a source that was declared for the older data refuse newer rows? */
  readonly breaks: boolean;
  readonly message: string;
};

/** What changed from one schema to a newer one, in the order of the older's columns, then the new ones. */
export function diffSchemas(older: InferredSchema, newer: InferredSchema): SchemaChange[] {
  const now = new Map(newer.columns.map(column => [column.name, column]));
  const before = new Set(older.columns.map(({name}) => name));
  const added = newer.columns.filter(({name}) => !before.has(name));
  return [
    ...older.columns.flatMap(column => {
      const next = now.get(column.name);
      return next ? columnChanges(column, next) : removed(column);
    }),
    ...added.map(
      (column): SchemaChange => ({
        column: column.name,
        kind: 'added',
        breaks: true,
        message: `'${column.name}' (${typeOf(column)}) is new: a source refuses columns that it does not declare.`,
      }),
    ),
  ];
}

const removed = ({name, type, nullable}: InferredColumn): SchemaChange => ({
  column: name,
  kind: 'removed',
  breaks: true,
  message: `'${name}' (${type}) is gone: ${nullable ? 'CSV and Parquet files must have every column.' : 'it was never null.'}`,
});

function columnChanges(was: InferredColumn, is: InferredColumn): SchemaChange[] {
  const column = was.name;
  const changes: SchemaChange[] = [];
  if (was.type !== is.type || was.size !== is.size) {
    const fits = was.size === null && is.size === null && was.type === 'number' && is.type === 'int';
    const message = `'${column}' is ${typeOf(is)}; it was ${typeOf(was)}.`;
    changes.push({column, kind: 'type', breaks: !fits, message});
  }
  if (is.nullable && !was.nullable) {
    const share = (is.nullShare * 100).toFixed(is.nullShare < 0.01 ? 2 : 0);
    changes.push({
      column,
      kind: 'nullable',
      breaks: true,
      message: `'${column}' is null in ${share} % of the rows; it never was.`,
    });
  }
  if (was.type === is.type) changes.push(...rangeChange(was, is), ...valuesChange(was, is));
  return changes;
}

function rangeChange(was: InferredColumn, is: InferredColumn): SchemaChange[] {
  if (was.min === null || is.min === null) return [];
  if (is.min >= was.min && is.max! <= was.max!) return [];
  const message = `'${was.name}' goes from ${is.min} to ${is.max}; it went from ${was.min} to ${was.max}.`;
  return [{column: was.name, kind: 'range', breaks: false, message}];
}

function valuesChange(was: InferredColumn, is: InferredColumn): SchemaChange[] {
  if (was.values === null) return [];
  if (is.values === null)
    return [
      {
        column: was.name,
        kind: 'values',
        breaks: false,
        message: `'${was.name}' has too many values to list; it had ${was.values.length}.`,
      },
    ];
  const fresh = is.values.filter(value => !was.values!.includes(value));
  if (fresh.length === 0) return [];
  const message = `'${was.name}' has new values: ${fresh.map(v => JSON.stringify(v)).join(', ')}.`;
  return [{column: was.name, kind: 'values', breaks: false, message}];
}

const typeOf = ({type, size}: InferredColumn) => (size === null ? type : `a vector of ${size}`);
