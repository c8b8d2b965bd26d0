// Expressions as JavaScript: closures over columns, made once and called per row.
import {type ColumnData, MillraceError, type Value} from '../../protocol/index.ts';
import {FUSED, type NumberReader} from './bind-number.ts';
import {type FunctionName, functionSpec} from './functions.ts';
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
  if (FUSED[node.fn] !== undefined) {
    const read = bindNumber(node, columns);
    return row => {
      const value = read(row);
      return Number.isNaN(value) ? null : value;
    };
  }
  const args = node.args.map(arg => bindExpression(arg, columns));
  const lazy = LAZY[node.fn];
  if (lazy !== undefined) return lazy(args);
  const spec = functionSpec(node.fn);
  const literals = node.args.slice(1).flatMap(arg => (arg.op === 'literal' && arg.value !== null ? [arg.value] : []));
  if (spec.prepare !== undefined && literals.length === args.length - 1)
    return ofOne({nulls: spec.nulls, js: spec.prepare(...literals)}, args[0]!);
  if (args.length === 1) return ofOne(spec, args[0]!);
  if (args.length === 2) return ofTwo(spec, args[0]!, args[1]!);
  const {nulls, js} = spec;
  return row => {
    const values = args.map(arg => arg(row));
    return !nulls && values.includes(null) ? null : js(...values);
  };
}

type Applied<F> = {readonly nulls?: true | undefined; readonly js: F};

function ofOne({nulls, js}: Applied<(x: Value) => Value>, a: Reader): Reader {
  if (nulls) return row => js(a(row));
  return row => {
    const x = a(row);
    return x === null ? null : js(x);
  };
}

function ofTwo({nulls, js}: Applied<(x: Value, y: Value) => Value>, a: Reader, b: Reader): Reader {
  if (nulls) return row => js(a(row), b(row));
  return row => {
    const x = a(row);
    const y = b(row);
    return x === null || y === null ? null : js(x, y);
  };
}

/** Functions that need not read all their arguments. */
const LAZY: {readonly [F in FunctionName]?: (args: readonly Reader[]) => Reader} = {
  choose: args => {
    const [when, then, otherwise] = args as [Reader, Reader, Reader];
    return row => (when(row) === true ? then(row) : otherwise(row));
  },
  coalesce: args =>
    args.reduceRight((otherwise, value) => row => {
      const found = value(row);
      return found === null ? otherwise(row) : found;
    }),
};

/** As `bindExpression`, for results that are kept as float64: true is 1, false 0, null NaN. */
export function bindNumber(node: Node, columns: Readonly<Record<string, ColumnData>>): (row: number) => number {
  if (node.op === 'literal') {
    const value = typeof node.value === 'string' || node.value === null ? Number.NaN : Number(node.value);
    return () => value;
  }
  if (node.op === 'column') {
    const data = columns[node.name];
    if (data instanceof Float64Array) return row => data[row]!;
  }
  const fused = node.op === 'call' ? FUSED[node.fn] : undefined;
  if (node.op === 'call' && fused !== undefined) {
    const [a, b] = node.args.map(arg => bindNumber(arg, columns)) as [NumberReader, NumberReader];
    return fused(a, b);
  }
  const read = bindExpression(node, columns);
  return row => {
    const value = read(row);
    return typeof value === 'number' ? value : value === true ? 1 : value === false ? 0 : Number.NaN;
  };
}
