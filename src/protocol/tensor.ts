/**
 * Tensors as the Open Inference Protocol (v2) names them. A tensor's data lies in row-major order, in the array of
 * its datatype; 64-bit integers are bigints, so that none of their digits is lost on the way.
 */
export const DATATYPES = Object.freeze({
  BOOL: 1,
  UINT8: 1,
  UINT16: 2,
  UINT32: 4,
  UINT64: 8,
  INT8: 1,
  INT16: 2,
  INT32: 4,
  INT64: 8,
  FP16: 2,
  FP32: 4,
  FP64: 8,
  /** Strings and bytes; each element has a length of its own. */
  BYTES: 0,
});

/** Name of an element type; its value in `DATATYPES` is its size in bytes. */
export type Datatype = keyof typeof DATATYPES;

/** FP16 is held as its 16 bits. BOOL is 0 and 1. */
export type TensorData =
  | Uint8Array
  | Uint16Array
  | Uint32Array
  | BigUint64Array
  | Int8Array
  | Int16Array
  | Int32Array
  | BigInt64Array
  | Float32Array
  | Float64Array
  | readonly Uint8Array[];

export type Tensor = {
  readonly name: string;
  readonly datatype: Datatype;
  /** Non-negative; their product is the number of elements. */
  readonly shape: readonly number[];
  readonly data: TensorData;
};

/** What a model takes or gives: -1 is a dimension of any size. */
export type TensorSpec = {
  readonly name: string;
  readonly datatype: Datatype;
  readonly shape: readonly number[];
  /** Of an input of rows and columns: what the columns are called, in their order, where they have names. */
  readonly columns?: readonly string[];
};

/** Elements of a shape; NaN where a dimension is no non-negative whole number, or the product is above 2^53 - 1. */
export function elementsOf(shape: readonly number[]): number {
  let product = 1;
  for (const size of shape) {
    if (!Number.isSafeInteger(size) || size < 0) return Number.NaN;
    product *= size;
    if (product > Number.MAX_SAFE_INTEGER) return Number.NaN;
  }
  return product;
}

/** An array of `length` elements of a datatype: zeros, or empty byte strings. */
export function makeTensorData(datatype: Datatype, length: number): TensorData {
  switch (datatype) {
    case 'BOOL':
    case 'UINT8':
      return new Uint8Array(length);
    case 'UINT16':
    case 'FP16':
      return new Uint16Array(length);
    case 'UINT32':
      return new Uint32Array(length);
    case 'UINT64':
      return new BigUint64Array(length);
    case 'INT8':
      return new Int8Array(length);
    case 'INT16':
      return new Int16Array(length);
    case 'INT32':
      return new Int32Array(length);
    case 'INT64':
      return new BigInt64Array(length);
    case 'FP32':
      return new Float32Array(length);
    case 'FP64':
      return new Float64Array(length);
    case 'BYTES':
      return Array.from({length}, () => new Uint8Array());
  }
}
