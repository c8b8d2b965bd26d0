/** What MLflow's clients send as the inputs of a model: columns by name, or by place where neither side has names. */
import {type Datatype, MillraceError, type Tensor, type TensorSpec} from '../../protocol/index.ts';
import {readJsonValues} from '../tensors/json-values.ts';
import {checkShape, flatten} from '../tensors/nested-data.ts';
import type {InvocationData, Table} from './invocation-data.ts';

/**
 * `exact` gives the same data with all digits of long integers, for 64-bit inputs. Throws REQUEST_INVALID for data that
 * the inputs cannot be made of; a cell of a text is read as the input's datatype.
 */
export function invocationInputs(
  data: InvocationData,
  specs: readonly TensorSpec[],
  exact: () => InvocationData = () => data,
): Tensor[] {
  return specs.map(spec => {
    const tensor = partOf(data, spec, specs);
    const rounded = LONG.has(spec.datatype) && tensor.values.some(isUnsafe);
    const {shape, values} = rounded ? partOf(exact(), spec, specs) : tensor;
    return {name: spec.name, datatype: spec.datatype, shape, data: readJsonValues(spec.name, spec.datatype, values)};
  });
}

const LONG: ReadonlySet<Datatype> = new Set(['INT64', 'UINT64']);
const isUnsafe = (value: unknown): boolean => typeof value === 'number' && !Number.isSafeInteger(value);

/** A tensor before its values are read as its datatype; row-major. */
type Part = {readonly shape: readonly number[]; readonly values: readonly unknown[]};

function partOf(data: InvocationData, spec: TensorSpec, specs: readonly TensorSpec[]): Part {
  if ('list' in data) {
    if (specs.length === 1) return nested(spec, data.list);
    throw new MillraceError('REQUEST_INVALID', `The model has ${specs.length} inputs, and the data have no names.`, {
      fix: `Name the columns: ${specs.map(({name}) => name).join(', ')}.`,
    });
  }
  const {table} = data;
  // Columns that the model names come first: one of them, or one beside them, may be called like the input.
  if (specs.length === 1 && spec.columns?.some(name => table.names?.includes(name))) return matrix(spec, table);
  const own = table.names?.indexOf(spec.name) ?? -1;
  if (own !== -1) return nested(spec, table.columns[own]!);
  if (specs.length === 1 && spec.shape.length === 2) return matrix(spec, table);
  if (table.names === null && table.columns.length === specs.length)
    return nested(spec, table.columns[specs.indexOf(spec)]!);
  throw new MillraceError('REQUEST_INVALID', `There is no column '${spec.name}'.`, {
    fix: `Give the columns ${specs.map(({name}) => name).join(', ')}.`,
  });
}

/** The columns of a table side by side: those the model names, in its order, or all as they come. */
function matrix({name, shape, columns: wanted}: TensorSpec, {names, columns, rows}: Table): Part {
  const chosen = wanted && names ? pick(wanted, names, columns) : columns;
  const width = wanted?.length ?? shape[1]!;
  if (width !== -1 && chosen.length !== width)
    throw new MillraceError('REQUEST_INVALID', `There are ${chosen.length} columns.`, {
      fix: `Give ${width}${wanted ? `: ${wanted.join(', ')}` : `, in the order of the model's input '${name}'`}.`,
    });
  const values: unknown[] = [];
  for (let i = 0; i < rows; i++) for (const column of chosen) values.push(column[i]);
  return {shape: [rows, chosen.length], values};
}

function pick(
  wanted: readonly string[],
  names: readonly string[],
  columns: readonly (readonly unknown[])[],
): (readonly unknown[])[] {
  const places = new Map(names.map((name, i) => [name, i]));
  const missing = wanted.filter(name => !places.has(name));
  if (missing.length > 0)
    throw new MillraceError('REQUEST_INVALID', `The columns ${missing.slice(0, 20).join(', ')} are missing.`, {
      fix: `Give all ${wanted.length} columns of the model; others may stand beside them.`,
    });
  return wanted.map(name => columns[places.get(name)!]!);
}

/** A list, nested or not, of one row each. A column may stand for a tensor of rows and one column. */
function nested({name, shape: wanted}: TensorSpec, list: readonly unknown[]): Part {
  const shape: number[] = [];
  for (let level: unknown = list; Array.isArray(level) && shape.length < MAX_DIMENSIONS; level = level[0])
    shape.push(level.length);
  while (shape.length < wanted.length && (wanted[shape.length] === 1 || wanted[shape.length] === -1)) shape.push(1);
  return {shape, values: flatten(name, list, shape, checkShape(name, shape))};
}

/** Deeper lists are none of data. */
const MAX_DIMENSIONS = 32;
