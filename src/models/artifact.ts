import {MillraceError} from '../protocol/index.ts';
import type {ModelSpec} from './model-spec.ts';

/**
 * The artifact file, little endian:
 *   0  'MRM1'
 *   4  u32, bytes of the header
 *   8  header: UTF-8 JSON {spec, arrays: [{name, type, offset, length}]}, padded with spaces to a multiple of 8
 *   …  the arrays, each starting at a multiple of 8; `offset` counts from the end of the header
 * The same model always gives the same bytes.
 */
export type ModelArrays = {readonly [name: string]: NumberArray};
type NumberArray =
  | Float64Array
  | Float32Array
  | Int32Array
  | Uint32Array
  | Int16Array
  | Uint16Array
  | Int8Array
  | Uint8Array;

const MAGIC = 0x314d524d;
const TYPES = {
  f64: Float64Array,
  f32: Float32Array,
  i32: Int32Array,
  u32: Uint32Array,
  i16: Int16Array,
  u16: Uint16Array,
  i8: Int8Array,
  u8: Uint8Array,
} as const;
type TypeTag = keyof typeof TYPES;
type Entry = {name: string; type: TypeTag; offset: number; length: number};

const align = (n: number) => Math.ceil(n / 8) * 8;

export function encodeArtifact(spec: ModelSpec, arrays: ModelArrays): Uint8Array {
  let offset = 0;
  const entries = Object.entries(arrays).map(([name, array]): Entry => {
    const entry = {name, type: tagOf(array), offset, length: array.length};
    offset += align(array.byteLength);
    return entry;
  });
  const json = new TextEncoder().encode(JSON.stringify({spec, arrays: entries}));
  const start = 8 + align(json.length);
  const bytes = new Uint8Array(start + offset);
  const view = new DataView(bytes.buffer);
  view.setUint32(0, MAGIC, true);
  view.setUint32(4, start - 8, true);
  bytes.fill(0x20, 8, start).set(json, 8);
  for (const {name, offset} of entries) {
    const array = arrays[name]!;
    bytes.set(new Uint8Array(array.buffer, array.byteOffset, array.byteLength), start + offset);
  }
  return bytes;
}

/** Throws MODEL_INVALID for anything that `encodeArtifact` did not write whole. */
export function decodeArtifact(bytes: Uint8Array): {spec: ModelSpec; arrays: ModelArrays} {
  const copy = bytes.slice(); // owned and aligned, whatever the caller does with its buffer
  const view = new DataView(copy.buffer);
  if (copy.length < 8 || view.getUint32(0, true) !== MAGIC) throw invalid('it does not start with MRM1');
  const start = 8 + view.getUint32(4, true);
  if (start > copy.length) throw invalid('it ends inside its header');
  const {spec, arrays: entries} = parseHeader(copy.subarray(8, start));
  if (spec.format !== 1) throw invalid(`its format is ${spec.format}, this version reads format 1`);
  const arrays: Record<string, NumberArray> = {};
  for (const {name, type, offset, length} of entries) {
    const make = TYPES[type];
    if (make === undefined) throw invalid(`array '${name}' has the unknown type '${type}'`);
    if (start + offset + length * make.BYTES_PER_ELEMENT > copy.length) throw invalid(`it ends inside '${name}'`);
    arrays[name] = new make(copy.buffer, start + offset, length);
  }
  return {spec, arrays};
}

function parseHeader(json: Uint8Array): {spec: ModelSpec; arrays: Entry[]} {
  try {
    return JSON.parse(new TextDecoder().decode(json));
  } catch (cause) {
    throw invalid('its header is not JSON', cause);
  }
}

function tagOf(array: NumberArray): TypeTag {
  return (Object.keys(TYPES) as TypeTag[]).find(tag => array instanceof TYPES[tag])!;
}

export function invalid(reason: string, cause?: unknown): MillraceError {
  return new MillraceError('MODEL_INVALID', `The model artifact cannot be read: ${reason}.`, {
    cause,
    fix: 'Fetch the artifact again; if its hash matches the registry, train the model anew.',
  });
}
