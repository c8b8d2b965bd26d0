// Random tensors of every datatype, for tests of what carries them.
import fc from 'fast-check';
import {DATATYPES, type Datatype, makeTensorData, type Tensor, type TensorData} from '../../protocol/index.ts';
import {halfToNumber} from './half.ts';

const TYPES = Object.keys(DATATYPES) as Datatype[];

/** Any bits that a tensor can have; `json`: those that JSON can hold, where NaN is one and the canonical one. */
export function anyTensor(carrier: 'binary' | 'json'): fc.Arbitrary<Tensor> {
  return fc
    .record({
      datatype: fc.constantFrom(...TYPES),
      shape: fc.array(fc.integer({min: 0, max: 4}), {maxLength: 4}),
    })
    .chain(({datatype, shape}) => {
      const elements = shape.reduce((a, b) => a * b, 1);
      return anyData(datatype, elements, carrier).map(data => ({name: 'x', datatype, shape, data}));
    });
}

function anyData(datatype: Datatype, elements: number, carrier: 'binary' | 'json'): fc.Arbitrary<TensorData> {
  const exactly = {minLength: elements, maxLength: elements};
  const json = carrier === 'json';
  if (datatype === 'BYTES')
    return json
      ? fc.array(fc.string({unit: 'grapheme'}).map(toBytes), exactly)
      : fc.array(fc.uint8Array({maxLength: 9}), exactly);
  if (datatype === 'BOOL') return fc.array(fc.boolean(), exactly).map(flags => Uint8Array.from(flags, Number));
  const size = elements * DATATYPES[datatype];
  return fc.uint8Array({minLength: size, maxLength: size}).map(bits => {
    const data = makeTensorData(datatype, elements) as Float64Array | Float32Array | Uint16Array;
    new Uint8Array(data.buffer).set(bits);
    if (json)
      for (let i = 0; i < elements; i++)
        if (!fitsJson(datatype, data[i]!)) data[i] = datatype === 'FP16' ? 0x7e00 : Number.NaN;
    return data;
  });
}

const toBytes = (text: string): Uint8Array => new Uint8Array(Buffer.from(text));

function fitsJson(datatype: Datatype, value: number): boolean {
  if (datatype === 'FP16') return Number.isFinite(halfToNumber(value));
  return datatype === 'FP32' || datatype === 'FP64' ? Number.isFinite(value) : true;
}
