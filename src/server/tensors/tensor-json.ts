/**
 * The data of a tensor as JSON text, exact: reading it again gives the same bits. NaN is `null`; infinities, and bytes
 * that are no text, are refused, since JSON has no way to write them. 64-bit integers are plain integers.
 */
import {isUtf8} from 'node:buffer';
import {MillraceError, type Tensor} from '../../protocol/index.ts';
import {halfToNumber} from './half.ts';

/** `[1,2,3]`, flat in row-major order. Throws REQUEST_INVALID for what JSON cannot hold. */
export function flatJson(tensor: Tensor): string {
  const {data, datatype} = tensor;
  const plain = !Array.isArray(data) && datatype !== 'BOOL' && datatype !== 'FP16';
  // Only floats can be NaN, infinite or -0.
  if (plain && !(isFloats(data) && data.some(needsCare))) return `[${data.join(',')}]`;
  return `[${elementsJson(tensor).join(',')}]`;
}

/** Each element's text. Throws REQUEST_INVALID for what JSON cannot hold. */
export function elementsJson({name, data, datatype}: Tensor): string[] {
  if (Array.isArray(data)) return data.map((item, i) => stringJson(name, item, i));
  const numbers: Iterable<number | bigint> = data as Exclude<Tensor['data'], readonly Uint8Array[]>;
  if (datatype === 'BOOL') return Array.from(numbers, value => (value ? 'true' : 'false'));
  if (datatype === 'FP16') return Array.from(numbers, (bits, i) => floatJson(name, halfToNumber(Number(bits)), i));
  if (isFloats(data)) return Array.from(data, (value, i) => floatJson(name, value, i));
  return Array.from(numbers, String);
}

/** Texts of elements in lists as the shape says: `[["1","2"],["3","4"]]` without the quotes. */
export function nestJson(texts: readonly string[], shape: readonly number[]): string {
  let at = 0;
  const nest = (depth: number): string => {
    if (depth === shape.length) return texts[at++]!;
    const items: string[] = [];
    for (let i = 0; i < shape[depth]!; i++) items.push(nest(depth + 1));
    return `[${items.join(',')}]`;
  };
  return nest(0);
}

const isFloats = (data: Tensor['data']): data is Float32Array | Float64Array =>
  data instanceof Float32Array || data instanceof Float64Array;

const needsCare = (value: number): boolean => !Number.isFinite(value) || Object.is(value, -0);

function floatJson(name: string, value: number, i: number): string {
  if (Number.isFinite(value)) return Object.is(value, -0) ? '-0' : String(value);
  if (Number.isNaN(value)) return 'null';
  throw new MillraceError('REQUEST_INVALID', `Element ${i} of output '${name}' is infinite, which JSON cannot hold.`, {
    fix: 'Ask for binary data: set the parameter binary_data_output, or binary_data of this output.',
  });
}

function stringJson(name: string, item: Uint8Array, i: number): string {
  if (isUtf8(item)) return JSON.stringify(Buffer.from(item.buffer, item.byteOffset, item.byteLength).toString('utf8'));
  throw new MillraceError('REQUEST_INVALID', `Element ${i} of output '${name}' is no text, which JSON cannot hold.`, {
    fix: 'Ask for binary data: set the parameter binary_data_output, or binary_data of this output.',
  });
}
