/**
 * Values of JSON as the data of a tensor. JSON has no NaN: in a tensor of floats `null` is one. It has no infinities
 * either; those are sent as bytes. A 64-bit integer may also be a string of digits.
 */
import {type Datatype, MillraceError, makeTensorData, type TensorData} from '../../protocol/index.ts';
import {numberToHalf} from './half.ts';
import {brief} from './nested-data.ts';
import {checkStringCount} from './raw-tensor.ts';

/** Throws REQUEST_INVALID at the first value that the datatype does not hold. */
export function readJsonValues(name: string, datatype: Datatype, values: readonly unknown[]): TensorData {
  switch (datatype) {
    case 'FP32':
      return readFloats(name, datatype, values, new Float32Array(values.length));
    case 'FP64':
      return readFloats(name, datatype, values, new Float64Array(values.length));
    case 'FP16': {
      const data = readFloats(name, datatype, values, new Float64Array(values.length));
      return Uint16Array.from(data, numberToHalf);
    }
    case 'INT64':
    case 'UINT64':
      return readLongs(name, datatype, values);
    case 'BYTES':
      return readStrings(name, values);
    default:
      return readIntegers(name, datatype, values);
  }
}

/** The least size that rounds to infinity. */
const FLOAT_LIMIT = {FP16: 65_520, FP32: (2 - 2 ** -24) * 2 ** 127, FP64: Number.POSITIVE_INFINITY};

function readFloats<A extends Float32Array | Float64Array>(
  name: string,
  datatype: keyof typeof FLOAT_LIMIT,
  values: readonly unknown[],
  into: A,
): A {
  const limit = FLOAT_LIMIT[datatype];
  for (let i = 0; i < values.length; i++) {
    const value = values[i];
    if (typeof value === 'number' && Math.abs(value) < limit) into[i] = value;
    else if (value === null) into[i] = Number.NaN;
    else throw unfit(name, datatype, value, i, 'Give finite numbers within its range; null is NaN.');
  }
  return into;
}

const INTEGER_RANGE = {
  BOOL: [0, 1],
  UINT8: [0, 255],
  UINT16: [0, 65_535],
  UINT32: [0, 4_294_967_295],
  INT8: [-128, 127],
  INT16: [-32_768, 32_767],
  INT32: [-2_147_483_648, 2_147_483_647],
} as const;

function readIntegers(name: string, datatype: keyof typeof INTEGER_RANGE, values: readonly unknown[]): TensorData {
  const [low, high] = INTEGER_RANGE[datatype];
  const into = makeTensorData(datatype, values.length) as Uint8Array;
  const fix = datatype === 'BOOL' ? 'Give true or false, or 1 or 0.' : `Give whole numbers from ${low} to ${high}.`;
  for (let i = 0; i < values.length; i++) {
    const given = values[i];
    const value = datatype === 'BOOL' && typeof given === 'boolean' ? Number(given) : given;
    if (typeof value === 'number' && Number.isInteger(value) && value >= low && value <= high) into[i] = value;
    else throw unfit(name, datatype, given, i, fix);
  }
  return into;
}

function readLongs(name: string, datatype: 'INT64' | 'UINT64', values: readonly unknown[]): TensorData {
  const wrap = datatype === 'INT64' ? BigInt.asIntN : BigInt.asUintN;
  const into = makeTensorData(datatype, values.length) as BigInt64Array;
  for (let i = 0; i < values.length; i++) {
    const value = longOf(values[i]);
    if (value === undefined || wrap(64, value) !== value)
      throw unfit(name, datatype, values[i], i, 'Give whole numbers within its range.');
    into[i] = value;
  }
  return into;
}

/** Twenty digits and a sign hold every 64-bit integer; longer texts need not be turned into a number to be refused. */
const LONG = /^-?\d{1,20}$/;

function longOf(value: unknown): bigint | undefined {
  if (typeof value === 'number') return Number.isSafeInteger(value) ? BigInt(value) : undefined;
  return typeof value === 'string' && LONG.test(value) ? BigInt(value) : undefined;
}

/** Half of a surrogate pair, which UTF-8 cannot hold. */
const LONE_SURROGATE = /\p{Surrogate}/u;

function readStrings(name: string, values: readonly unknown[]): Uint8Array[] {
  checkStringCount(name, values.length);
  return values.map((value, i) => {
    if (typeof value === 'string' && !LONE_SURROGATE.test(value)) return new Uint8Array(Buffer.from(value));
    throw unfit(name, 'BYTES', value, i, 'Give strings of whole characters; bytes that are no text go as binary data.');
  });
}

const unfit = (name: string, datatype: Datatype, value: unknown, i: number, fix: string): MillraceError =>
  new MillraceError('REQUEST_INVALID', `Element ${i} of input '${name}' is ${brief(value)}, no ${datatype}.`, {fix});
