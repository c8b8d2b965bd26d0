/**
 * Arrays of a model in few bytes, without loss: what is read back is equal to the bit. Each array is written in the
 * narrowest type that holds its values, as differences from their own places if that is narrower (children of a node lie
 * near it), and without its commonest value, which a mask of bits tells, if that is shorter.
 */
import {invalid, type ModelArrays} from '../artifact.ts';

type NumberArray = ModelArrays[string];

/** The narrowest first. */
const TYPES = {
  i8: Int8Array,
  u8: Uint8Array,
  i16: Int16Array,
  u16: Uint16Array,
  i32: Int32Array,
  u32: Uint32Array,
  f32: Float32Array,
  f64: Float64Array,
} as const;
type TypeTag = keyof typeof TYPES;
const TAGS = Object.keys(TYPES) as TypeTag[];

/** How one array stands in the bytes. */
export type PackedArray = {
  readonly name: string;
  readonly type: TypeTag;
  readonly length: number;
  /** Type of the values that are written, which start at `offset`, a multiple of 8. */
  readonly stored: TypeTag;
  readonly offset: number;
  /** Each value has its own index taken from it. */
  readonly relative: boolean;
  /** The value that is left out; the mask, one bit each (lowest first) for those that are written, precedes them. */
  readonly fill: number | null;
};

export type PackedArrays = {readonly arrays: readonly PackedArray[]; readonly bytes: Uint8Array};

type Attempt = Pick<PackedArray, 'stored' | 'relative' | 'fill'> & {readonly parts: readonly Uint8Array[]};

const align = (n: number): number => Math.ceil(n / 8) * 8;
const sizeOf = ({parts}: Attempt): number => parts.reduce((sum, part) => sum + align(part.length), 0);

export function packArrays(arrays: ModelArrays): PackedArrays {
  const packed: PackedArray[] = [];
  const parts: {readonly at: number; readonly part: Uint8Array}[] = [];
  let offset = 0;
  for (const [name, array] of Object.entries(arrays)) {
    const {parts: written, ...how} = (isFloat(array) ? [false] : [false, true])
      .flatMap(relative => [attempt(array, relative, null), attempt(array, relative, commonest(array))])
      .reduce((best, other) => (sizeOf(other) < sizeOf(best) ? other : best));
    packed.push({name, type: tagOf(array), length: array.length, offset, ...how});
    for (const part of written) {
      parts.push({at: offset, part});
      offset += align(part.length);
    }
  }
  const bytes = new Uint8Array(offset);
  for (const {at, part} of parts) bytes.set(part, at);
  return {arrays: packed, bytes};
}

/** `bytes` must start at a multiple of 8 of its buffer. Throws MODEL_INVALID if they are too few. */
export function unpackArrays({arrays, bytes}: PackedArrays): ModelArrays {
  return Object.fromEntries(arrays.map(entry => [entry.name, unpack(entry, bytes)]));
}

function attempt(array: NumberArray, relative: boolean, fill: number | null): Attempt {
  const values: number[] = [];
  const mask = new Uint8Array(fill === null ? 0 : Math.ceil(array.length / 8));
  array.forEach((value, i) => {
    if (fill !== null && Object.is(value, fill)) return;
    if (fill !== null) mask[i >> 3]! |= 1 << (i & 7);
    values.push(relative ? value - i : value);
  });
  const stored = TAGS.find(tag => holds(TYPES[tag].from(values), values))!;
  const written = bytesOf(TYPES[stored].from(values));
  return {stored, relative, fill, parts: fill === null ? [written] : [mask, written]};
}

const holds = (written: ArrayLike<number>, values: readonly number[]): boolean =>
  values.every((value, i) => Object.is(written[i], value));

/** These may hold -0 and NaN, which would not come back from a difference. */
const isFloat = (array: NumberArray): boolean => array instanceof Float32Array || array instanceof Float64Array;

/** Null where JSON could not hold it. */
function commonest(array: NumberArray): number | null {
  const counts = new Map<number, number>();
  for (const value of array) counts.set(value, (counts.get(value) ?? 0) + 1);
  const [value] = [...counts].reduce((best, entry) => (entry[1] > best[1] ? entry : best), [Number.NaN, 0]);
  return Number.isFinite(value) ? value : null;
}

function unpack({name, type, length, stored, offset, relative, fill}: PackedArray, bytes: Uint8Array): NumberArray {
  const array = new TYPES[type](length) as NumberArray;
  const mask = fill === null ? null : bytes.subarray(offset, offset + Math.ceil(length / 8));
  const start = offset + (mask === null ? 0 : align(mask.length));
  const left = Math.floor((bytes.length - start) / TYPES[stored].BYTES_PER_ELEMENT);
  if (left < 0) throw invalid(`it ends inside '${name}'`);
  const values = new TYPES[stored](bytes.buffer as ArrayBuffer, bytes.byteOffset + start, left);
  let next = 0;
  for (let i = 0; i < length; i++) {
    const written = mask === null || ((mask[i >> 3]! >> (i & 7)) & 1) === 1;
    if (!written) array[i] = fill!;
    else array[i] = relative ? values[next++]! + i : values[next++]!;
  }
  if (next > left) throw invalid(`it ends inside '${name}'`);
  return array;
}

function tagOf(array: NumberArray): TypeTag {
  return TAGS.find(tag => array instanceof TYPES[tag])!;
}

const bytesOf = (array: ArrayBufferView): Uint8Array =>
  new Uint8Array(array.buffer, array.byteOffset, array.byteLength);
