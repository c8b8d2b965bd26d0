import {type ColumnData, MillraceError, type Value} from '../../protocol/index.ts';
import {functionSpec} from './functions.ts';
import type {Node} from './node.ts';

type Reader = (row: number) => Value;

/** Times and booleans are numbers in columns; expressions see booleans as booleans. */
function column(name: string, node: Node & {op: 'column'}, data: ColumnData | undefined): Reader {
  if (data === undefined)
    throw new MillraceError('NAME_UNKNOWN', `An expression reads column '${name}', which is not there.`);
  if (!(data instanceof Float64Array)) return row => data[row] ?? null;
  if (node.type === 'bool') return row => (Number.isNaN(data[row]!) ? null : data[row] !== 0);
  return row => (Number.isNaN(data[row]!) ? null : data[row]!);
}

/** Compiles an expression over these columns to a function of the row's index. */
export function bindExpression(node: Node, columns: Readonly<Record<string, ColumnData>>): Reader {
  if (node.op === 'literal') {
    const {value} = node;
    return () => value;
  }
  if (node.op === 'column') return column(node.name, node, columns[node.name]);
  const spec = functionSpec(node.fn);
  const args = node.args.map(arg => bindExpression(arg, columns));
  const {js} = spec;
  if (args.length === 1) {
    const [a] = args as [Reader];
    if (spec.nulls) return row => js(a(row));
    return row => {
      const x = a(row);
      return x === null ? null : js(x);
    };
  }
  if (args.length === 2) {
    const [a, b] = args as [Reader, Reader];
    if (spec.nulls) return row => js(a(row), b(row));
    return row => {
      const x = a(row);
      const y = b(row);
      return x === null || y === null ? null : js(x, y);
    };
  }
  return row => {
    const values = args.map(arg => arg(row));
    return !spec.nulls && values.includes(null) ? null : js(...values);
  };
}

/** As `bindExpression`, for results that are kept as float64: true is 1, false 0, null NaN. */
export function bindNumber(node: Node, columns: Readonly<Record<string, ColumnData>>): (row: number) => number {
  if (node.op === 'column') {
    const data = columns[node.name];
    if (data instanceof Float64Array) return row => data[row]!;
  }
  const read = bindExpression(node, columns);
  return row => {
    const value = read(row);
    return typeof value === 'number' ? value : value === true ? 1 : value === false ? 0 : Number.NaN;
  };
}
