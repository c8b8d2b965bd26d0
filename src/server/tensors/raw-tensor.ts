/**
 * Tensors as raw bytes, the way the binary extension and gRPC's raw contents write them: row-major, little-endian, as
 * is this machine; of BYTES each element behind its length in 4 bytes.
 */
import {DATATYPES, type Datatype, MillraceError, makeTensorData, type TensorData} from '../../protocol/index.ts';

/** Data of `elements` elements out of `bytes`, copied. Throws REQUEST_INVALID if they are not exactly as many. */
export function readRaw(name: string, datatype: Datatype, elements: number, bytes: Uint8Array): TensorData {
  if (datatype === 'BYTES') return readStrings(name, elements, bytes);
  const wanted = elements * DATATYPES[datatype];
  if (bytes.byteLength !== wanted)
    throw new MillraceError('REQUEST_INVALID', `Input '${name}' has ${bytes.byteLength} bytes of data.`, {
      fix: `Send ${wanted}: ${elements} elements of ${datatype}.`,
    });
  const data = makeTensorData(datatype, elements) as Exclude<TensorData, readonly Uint8Array[]>;
  bytesOf(data).set(bytes);
  if (datatype === 'BOOL') for (let i = 0; i < elements; i++) if (data[i] !== 0) data[i] = 1;
  return data;
}

function readStrings(name: string, elements: number, bytes: Uint8Array): Uint8Array[] {
  checkStringCount(name, elements);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const items: Uint8Array[] = [];
  let at = 0;
  while (at + 4 <= bytes.byteLength && items.length < elements) {
    const end = at + 4 + view.getUint32(at, true);
    if (end > bytes.byteLength) break;
    items.push(new Uint8Array(bytes.subarray(at + 4, end)));
    at = end;
  }
  if (items.length !== elements || at !== bytes.byteLength)
    throw new MillraceError(
      'REQUEST_INVALID',
      `The bytes of input '${name}' do not end with its element ${elements}: ${items.length} were read from ${at} of ${bytes.byteLength} bytes.`,
      {fix: 'Write each element behind its length, in 4 bytes, the lowest first.'},
    );
  return items;
}

/** Elements of a BYTES tensor: each costs a hundred times its length of 4 bytes, so a small body could fill the memory. */
const MAX_STRINGS = 1_000_000;

/** Throws REQUEST_TOO_LARGE for more strings than a request may hold. */
export function checkStringCount(name: string, elements: number): void {
  if (elements > MAX_STRINGS)
    throw new MillraceError('REQUEST_TOO_LARGE', `Input '${name}' holds ${elements} strings.`, {
      fix: `Send at most ${MAX_STRINGS} at a time.`,
    });
}

/** Bytes that `rawBytes` gives for these data. */
export function rawSize(data: TensorData): number {
  return isStrings(data) ? data.reduce((sum, item) => sum + 4 + item.byteLength, 0) : data.byteLength;
}

/** The raw bytes; of numbers a view of the same memory. */
export function rawBytes(data: TensorData): Uint8Array {
  if (!isStrings(data)) return bytesOf(data);
  const bytes = new Uint8Array(rawSize(data));
  const view = new DataView(bytes.buffer);
  let at = 0;
  for (const item of data) {
    view.setUint32(at, item.byteLength, true);
    bytes.set(item, at + 4);
    at += 4 + item.byteLength;
  }
  return bytes;
}

export const isStrings = (data: TensorData): data is readonly Uint8Array[] => Array.isArray(data);

const bytesOf = (data: Exclude<TensorData, readonly Uint8Array[]>): Uint8Array =>
  new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
