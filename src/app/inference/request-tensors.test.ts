import {describe, expect, test} from 'vitest';
import {type Tensor, t} from '../../protocol/index.ts';
import {parseRequest} from '../../serving/index.ts';
import {column, requestSpecs, rowsOfTensors} from './request-tensors.ts';

const schema = {place: t.string, amount: t.number.orNull(), count: t.int, open: t.bool, at: t.time};
const bytes = (...texts: string[]) => column('place', 'BYTES', texts);
const amount: Tensor = {name: 'amount', datatype: 'FP64', shape: [2], data: Float64Array.of(1.5, Number.NaN)};
const count: Tensor = {
  name: 'count',
  datatype: 'INT64',
  shape: [2],
  data: BigInt64Array.of(3n, 9_007_199_254_740_993n),
};
const open: Tensor = {name: 'open', datatype: 'BOOL', shape: [2, 1], data: Uint8Array.of(1, 0)};
const at: Tensor = {name: 'at', datatype: 'INT64', shape: [2], data: BigInt64Array.of(5n, 6n)};
const all = [bytes('ATL', 'ψ'), amount, count, open, at];

describe('a request as tensors', () => {
  test('has an input for each field', () => {
    expect(requestSpecs(schema).map(({name, datatype, shape}) => `${name} ${datatype} ${shape}`)).toEqual([
      'place BYTES -1',
      'amount FP64 -1',
      'count INT64 -1',
      'open BOOL -1',
      'at INT64 -1',
    ]);
  });

  test('becomes rows; NaN is null, and an integer that would lose digits is none that the field takes', () => {
    const [first, second] = rowsOfTensors(schema, [...all, column('id', 'BYTES', ['a', 'b'])], 10);
    expect(first).toEqual({fields: {place: 'ATL', amount: 1.5, count: 3, open: true, at: 5}, id: 'a'});
    expect(second).toMatchObject({fields: {place: 'ψ', amount: null, open: false, at: 6}, id: 'b'});
    expect(second!.fields.count).toBe('9007199254740993');
    const large: Tensor = {...count, name: 'amount'};
    const [, lossy] = rowsOfTensors(schema, [all[0]!, large, ...all.slice(2)], 10);
    expect(() => parseRequest(schema, {...lossy!.fields, count: 1, at: lossy!.fields.amount}, 'inputs[1]')).toThrow(
      `'amount' is "9007199254740993". 'at' is "9007199254740993".`,
    );
  });

  test('may leave out what may be null, and send numbers as any that lose nothing', () => {
    const small: Tensor = {name: 'count', datatype: 'UINT8', shape: [2], data: Uint8Array.of(1, 2)};
    const rows = rowsOfTensors(schema, [bytes('a', 'b'), small, open, at], 10);
    expect(rows.map(({fields, id}) => [fields.amount, fields.count, id])).toEqual([
      [null, 1, undefined],
      [null, 2, undefined],
    ]);
  });

  test.each<[string, Tensor[], string]>([
    ['a stranger', [...all, {...amount, name: 'amont'}], "There is no input 'amont'."],
    ['a field too few', all.slice(1), "The input 'place' is missing."],
    [
      'a wrong datatype',
      [...all.slice(0, 2), {...count, datatype: 'FP32', data: Float32Array.of(1, 2)}, open, at],
      "'count' is FP32.",
    ],
    ['a wrong shape', [...all.slice(0, 4), {...at, shape: [1, 2]}], "'at' has the shape [1, 2]."],
    ['different numbers of rows', [bytes('a'), ...all.slice(1)], "'amount' has 2 rows, inputs before it 1."],
    ['too many rows', all.map(tensor => ({...tensor, shape: [11]})), 'There are 11 rows.'],
    ['no rows', all.map(tensor => ({...tensor, shape: [0]})), 'There are 0 rows.'],
  ])('refuses %s', (_, inputs, message) => {
    expect(() => rowsOfTensors(schema, inputs, 10)).toThrow(
      expect.objectContaining({code: 'REQUEST_INVALID', message: expect.stringContaining(message)}),
    );
  });

  test('refuses what is no text', () => {
    const broken: Tensor = {...bytes('a', 'b'), data: [Uint8Array.of(0xff), Uint8Array.of(0x61)]};
    expect(() => rowsOfTensors(schema, [broken, ...all.slice(1)], 10)).toThrow("'place' is no UTF-8 at row 0.");
  });
});
