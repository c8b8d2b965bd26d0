/** The request of a model as tensors: one input for each field, as many elements as there are rows. */
import {
  DATATYPES,
  type Datatype,
  MillraceError,
  makeTensorData,
  type Problem,
  type Schema,
  type Tensor,
  type TensorSpec,
  type TypeName,
  type Value,
} from '../../protocol/index.ts';

const DATATYPE: Record<TypeName, Datatype> = {
  string: 'BYTES',
  number: 'FP64',
  int: 'INT64',
  bool: 'BOOL',
  time: 'INT64',
};

/** Name of the optional input that holds the callers' own ids. */
const ID = 'id';

const decoder = new TextDecoder('utf-8', {fatal: true});
const encoder = new TextEncoder();

/** Times are whole milliseconds since 1970 (UTC). */
export const requestSpecs = (schema: Schema): TensorSpec[] => [
  ...Object.entries(schema).map(([name, {type}]) => ({name, datatype: DATATYPE[type], shape: [-1]})),
];

export type TensorRow = {readonly fields: Record<string, Value>; readonly id: string | undefined};

/**
 * The rows of a request. Fields that may be null may be left out; of numbers, NaN is null. An input [rows, 1] counts as
 * one of [rows]. Throws REQUEST_INVALID with all problems.
 */
export function rowsOfTensors(schema: Schema, inputs: readonly Tensor[], mostRows: number): TensorRow[] {
  const problems: Problem[] = [];
  const byName = new Map(inputs.map(tensor => [tensor.name, tensor]));
  const known = [...Object.keys(schema), ID];
  for (const {name} of inputs)
    if (!known.includes(name))
      problems.push({path: name, message: `There is no input '${name}'.`, fix: `Inputs are ${known.join(', ')}.`});
  let rows: number | null = null;
  const accept = (tensor: Tensor, wanted: Datatype): void => {
    const {name, datatype, shape} = tensor;
    if (!fits(datatype, wanted))
      problems.push({path: name, message: `'${name}' is ${datatype}.`, fix: `Send ${wanted}.`});
    const [first = 1, second = 1] = shape;
    if (shape.length > 2 || second !== 1)
      problems.push({
        path: name,
        message: `'${name}' has the shape [${shape.join(', ')}].`,
        fix: 'Send [rows] or [rows, 1].',
      });
    else if (rows !== null && rows !== first)
      problems.push({
        path: name,
        message: `'${name}' has ${first} rows, inputs before it ${rows}.`,
        fix: 'Send as many of each.',
      });
    else rows = first;
  };
  for (const [name, {type, nullable}] of Object.entries(schema)) {
    const tensor = byName.get(name);
    if (tensor) accept(tensor, DATATYPE[type]);
    else if (!nullable)
      problems.push({path: name, message: `The input '${name}' is missing.`, fix: `Send ${DATATYPE[type]} [rows].`});
  }
  const ids = byName.get(ID);
  if (ids) accept(ids, 'BYTES');
  const count = rows ?? 0;
  if (problems.length === 0 && (count === 0 || count > mostRows))
    problems.push({path: 'inputs', message: `There are ${count} rows.`, fix: `Send 1 to ${mostRows} at a time.`});
  if (problems.length > 0) throw invalid(problems);
  const readers = Object.entries(schema).map(([name, {type}]) => [name, readerOf(byName.get(name), type)] as const);
  const idAt = readerOf(ids, 'string');
  return Array.from({length: count}, (_, row) => ({
    fields: Object.fromEntries(readers.map(([name, read]) => [name, read(row)])),
    id: (idAt(row) as string | null) ?? undefined,
  }));
}

const INTEGERS: ReadonlySet<Datatype> = new Set([
  'INT8',
  'INT16',
  'INT32',
  'INT64',
  'UINT8',
  'UINT16',
  'UINT32',
  'UINT64',
]);

/** Numbers may come as any number that loses nothing. */
const fits = (given: Datatype, wanted: Datatype): boolean =>
  given === wanted ||
  (wanted === 'FP64' && (given === 'FP32' || INTEGERS.has(given))) ||
  (wanted === 'INT64' && INTEGERS.has(given));

function readerOf(tensor: Tensor | undefined, type: TypeName): (row: number) => Value {
  if (!tensor) return () => null;
  const {data, name} = tensor;
  return row => {
    const value = data[row]!;
    if (value instanceof Uint8Array) return textOf(value, name, row);
    if (type === 'bool') return value !== 0;
    const number = Number(value);
    // A number that would lose digits is left as its digits, which the field's own check refuses and shows.
    if (typeof value === 'bigint' && BigInt(number) !== value) return String(value);
    return Number.isNaN(number) ? null : number;
  };
}

function textOf(bytes: Uint8Array, name: string, row: number): string {
  try {
    return decoder.decode(bytes);
  } catch {
    throw invalid([{path: name, message: `'${name}' is no UTF-8 at row ${row}.`, fix: 'Send strings as UTF-8.'}]);
  }
}

const invalid = (problems: readonly Problem[]): MillraceError =>
  new MillraceError('REQUEST_INVALID', `The request cannot be answered: ${problems.map(p => p.message).join(' ')}`, {
    problems,
  });

/** A tensor of one value for each row. */
export function column(name: string, datatype: Datatype, values: readonly (number | string)[]): Tensor {
  const shape = [values.length];
  if (datatype === 'BYTES') return {name, datatype, shape, data: values.map(value => encoder.encode(String(value)))};
  const data = makeTensorData(datatype, values.length) as Float64Array | BigInt64Array;
  values.forEach((value, i) => {
    data[i] = DATATYPES[datatype] === 8 && datatype !== 'FP64' ? BigInt(value) : Number(value);
  });
  return {name, datatype, shape, data} as Tensor;
}
