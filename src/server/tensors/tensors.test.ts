import fc from 'fast-check';
import {describe, expect, test} from 'vitest';
import {DATATYPES, type Datatype, makeTensorData, type Tensor, type TensorData} from '../../protocol/index.ts';
import {quoteLongIntegers} from './exact-integers.ts';
import {halfToNumber, numberToHalf} from './half.ts';
import {readJsonValues} from './json-values.ts';
import {flatten} from './nested-data.ts';
import {rawBytes, rawSize, readRaw} from './raw-tensor.ts';
import {anyTensor} from './tensor.fixture.ts';
import {elementsJson, flatJson, nestJson} from './tensor-json.ts';

/** Bytes that are equal if and only if all bits are. */
const bitsOf = (data: TensorData): Uint8Array => rawBytes(data);

describe('raw bytes', () => {
  test('give back every tensor, bit by bit', () => {
    fc.assert(
      fc.property(anyTensor('binary'), ({name, datatype, shape, data}) => {
        const bytes = rawBytes(data);
        expect(bytes.byteLength).toBe(rawSize(data));
        const elements = shape.reduce((a, b) => a * b, 1);
        // At an odd place of a larger buffer, as bodies have it.
        const body = Buffer.concat([Buffer.from('x'), bytes]).subarray(1);
        const back = readRaw(name, datatype, elements, body);
        expect(back.constructor).toBe(data.constructor);
        expect(bitsOf(back)).toEqual(bytes);
      }),
      {seed: 4, numRuns: 500},
    );
  });

  test('are little-endian, and strings stand behind their length in four bytes', () => {
    expect([...rawBytes(Int32Array.of(1, -2))]).toEqual([1, 0, 0, 0, 254, 255, 255, 255]);
    expect([...rawBytes([Buffer.from('ab'), new Uint8Array()])]).toEqual([2, 0, 0, 0, 97, 98, 0, 0, 0, 0]);
  });

  test.each<[string, Datatype, number, number[]]>([
    ['too few bytes', 'INT32', 2, [1, 0, 0, 0]],
    ['too many', 'UINT8', 2, [1, 0, 0]],
    ['a length of 4 GiB', 'BYTES', 1, [255, 255, 255, 255, 1]],
    ['a string that ends early', 'BYTES', 1, [3, 0, 0, 0, 97]],
    ['half a length', 'BYTES', 1, [3, 0]],
    ['a string too many', 'BYTES', 1, [0, 0, 0, 0, 0, 0, 0, 0]],
    ['a string too few', 'BYTES', 2, [0, 0, 0, 0]],
    ['none where one is due', 'BYTES', 1, []],
  ])('refuse %s', (_, datatype, elements, bytes) => {
    expect(() => readRaw('x', datatype, elements, Uint8Array.from(bytes))).toThrow(
      expect.objectContaining({code: 'REQUEST_INVALID'}),
    );
  });

  test('hold a million strings at most, whose array would be larger than they are', () => {
    expect(() => readRaw('x', 'BYTES', 1_000_001, new Uint8Array(4_000_004))).toThrow(
      expect.objectContaining({code: 'REQUEST_TOO_LARGE'}),
    );
  });

  test('of a BOOL are 0 and 1, whatever is not 0', () => {
    expect(readRaw('x', 'BOOL', 3, Uint8Array.of(0, 1, 255))).toEqual(Uint8Array.of(0, 1, 1));
  });
});

describe('JSON', () => {
  test('gives back every tensor it can hold, bit by bit, flat and nested', () => {
    fc.assert(
      fc.property(anyTensor('json'), tensor => {
        const {name, datatype, shape, data} = tensor;
        const elements = shape.reduce((a, b) => a * b, 1);
        const flat = flatJson(tensor);
        expect(flat).toBe(`[${elementsJson(tensor).join(',')}]`);
        const whole = shape.length > 0 && shape.every(size => size > 0);
        for (const text of whole ? [flat, nestJson(elementsJson(tensor), shape)] : [flat]) {
          const plain = flatten(name, JSON.parse(text), shape, elements);
          const long = datatype === 'INT64' || datatype === 'UINT64';
          const values = long ? flatten(name, JSON.parse(quoteLongIntegers(text)), shape, elements) : plain;
          const back = readJsonValues(name, datatype, values);
          expect(back.constructor).toBe(data.constructor);
          expect(bitsOf(back)).toEqual(bitsOf(data));
        }
      }),
      {seed: 4, numRuns: 500},
    );
  });

  test('of NaN is null, and infinities are refused', () => {
    const floats = (value: number): Tensor => ({name: 'y', datatype: 'FP32', shape: [1], data: Float32Array.of(value)});
    expect(flatJson(floats(Number.NaN))).toBe('[null]');
    expect(readJsonValues('x', 'FP64', [null])).toEqual(Float64Array.of(Number.NaN));
    expect(() => flatJson(floats(Number.NEGATIVE_INFINITY))).toThrow(/infinite, which JSON cannot hold/);
    expect(() => flatJson({name: 'y', datatype: 'FP16', shape: [1], data: Uint16Array.of(0x7c00)})).toThrow(/infinite/);
  });

  test('refuses bytes that are no text', () => {
    const bytes: Tensor = {name: 'y', datatype: 'BYTES', shape: [1], data: [Uint8Array.of(0xff)]};
    expect(() => flatJson(bytes)).toThrow(/no text, which JSON cannot hold/);
  });

  test.each<[Datatype, unknown]>([
    ['BOOL', 2],
    ['BOOL', 'true'],
    ['UINT8', 256],
    ['UINT8', -1],
    ['INT8', 128],
    ['INT16', 1.5],
    ['INT32', 2 ** 31],
    ['UINT32', null],
    ['INT64', 2 ** 53],
    ['INT64', '9223372036854775808'],
    ['INT64', '0x10'],
    ['INT64', '9'.repeat(1_000_000)],
    ['UINT64', '-1'],
    ['UINT64', '18446744073709551616'],
    ['FP16', 65_520],
    ['FP32', 3.402_823_567_797_336_6e38],
    ['FP64', Number.POSITIVE_INFINITY],
    ['FP64', '1.5'],
    ['FP32', [1]],
    ['FP32', {}],
    ['BYTES', 7],
    ['BYTES', null],
    ['BYTES', '\ud800'],
  ])('gives no %s of %j', (datatype, value) => {
    expect(() => readJsonValues('x', datatype, [value])).toThrow(
      expect.objectContaining({code: 'REQUEST_INVALID', message: expect.stringContaining(`no ${datatype}`)}),
    );
  });

  test('takes the largest of each, and long integers as strings too', () => {
    expect(readJsonValues('x', 'FP16', [65_519])).toEqual(Uint16Array.of(0x7bff));
    expect(readJsonValues('x', 'FP32', [3.402_823_5e38])).toEqual(Float32Array.of(3.402_823_466_385_288_6e38));
    expect(readJsonValues('x', 'INT64', ['-9223372036854775808', 5])).toEqual(BigInt64Array.of(-(2n ** 63n), 5n));
    expect(readJsonValues('x', 'UINT64', ['18446744073709551615'])).toEqual(BigUint64Array.of(2n ** 64n - 1n));
    expect(readJsonValues('x', 'BOOL', [true, 0, false, 1])).toEqual(Uint8Array.of(1, 0, 0, 1));
  });
});

describe('quoteLongIntegers', () => {
  test('puts integers that a double may not hold in quotes, and nothing else', () => {
    expect(quoteLongIntegers('[9007199254740993,-1234567890123456, 1]')).toBe(
      '["9007199254740993","-1234567890123456", 1]',
    );
    for (const same of ['[0.12345678901234567]', '[1e2000000000000000000]', '{"9007199254740993": "9007199254740993"}'])
      expect(quoteLongIntegers(same)).toBe(same);
    expect(quoteLongIntegers('["a\\"",9007199254740993,"\\\\"]')).toBe('["a\\"","9007199254740993","\\\\"]');
  });

  test('leaves all else of any JSON as it is', () => {
    fc.assert(
      fc.property(fc.json(), text => {
        const reviver = (_: string, value: unknown) => (typeof value === 'string' ? value.length : value);
        const short = text.replaceAll(/-?\d{15,}/g, '7');
        expect(JSON.parse(quoteLongIntegers(short), reviver)).toEqual(JSON.parse(short, reviver));
      }),
      {seed: 4, numRuns: 300},
    );
  });
});

describe('FP16', () => {
  test('of every one of its bits goes to a number and back', () => {
    for (let bits = 0; bits < 65_536; bits++) {
      const value = halfToNumber(bits);
      if (!Number.isNaN(value)) expect(numberToHalf(value)).toBe(bits);
    }
    expect(Number.isNaN(halfToNumber(numberToHalf(Number.NaN)))).toBe(true);
  });

  test('is the nearest there is, ties to even', () => {
    const finite = Array.from({length: 0x7c00}, (_, bits) => halfToNumber(bits));
    fc.assert(
      fc.property(fc.double({min: 0, max: 65_504, noNaN: true}), value => {
        const bits = numberToHalf(value);
        const gap = Math.abs(finite[bits]! - value);
        for (const other of [bits - 1, bits + 1]) {
          const otherGap = Math.abs((finite[other] ?? Number.POSITIVE_INFINITY) - value);
          expect(gap < otherGap || (gap === otherGap && bits % 2 === 0)).toBe(true);
        }
      }),
      {seed: 4, numRuns: 1_000},
    );
    expect(numberToHalf(1 + 2 ** -11)).toBe(numberToHalf(1));
    expect(numberToHalf(1 + 3 * 2 ** -11)).toBe(numberToHalf(1 + 2 ** -9));
  });
});

test('every datatype has an array of its own size', () => {
  for (const [datatype, size] of Object.entries(DATATYPES) as [Datatype, number][])
    if (size > 0) expect((makeTensorData(datatype, 1) as Uint8Array).BYTES_PER_ELEMENT).toBe(size);
});
