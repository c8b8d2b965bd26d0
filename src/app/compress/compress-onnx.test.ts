import {mkdtempSync, rmSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {afterAll, describe, expect, test} from 'vitest';
import {compressOnnx, onnxMethods} from './compress-onnx.ts';
import {networkFile} from './network.fixture.ts';
import {readNumberRows} from './read-rows.ts';

const folder = mkdtempSync(join(tmpdir(), 'compress-onnx-'));
afterAll(() => rmSync(folder, {recursive: true}));

const network = networkFile(1, [40, 160, 160, 3]);
const now = () => performance.now();

describe('a network made smaller', () => {
  test('is compared on random rows of a seed, and says so', async () => {
    const {bytes, report} = await compressOnnx(network, {methods: onnxMethods('int8', {}), seed: 5, now});
    expect(report.inputs).toEqual({kind: 'random', rows: 1_000, seed: 5});
    expect([report.changed, report.layers]).toEqual([2, 3]);
    expect(report.after.bytes).toBe(bytes.length);
    expect(report.after.bytes).toBeLessThan(report.before.bytes / 2.5);
    expect(report.difference.max).toBeLessThan(report.difference.deviation);
    expect(report.difference.mean).toBeGreaterThan(0);
    expect(report.after.latency.rowUs).toBeGreaterThan(0);
  });

  test('tells the rank of each layer, and may be both thin and of integers', async () => {
    const methods = onnxMethods('low-rank,int8', {rank: 30});
    const {report} = await compressOnnx(network, {methods, seed: 1, now});
    expect(report.ranks.map(({rank}) => rank)).toEqual([30, 30, null]);
    expect(report.ranks[1]!.energy).toBeLessThan(1);
    expect(report.after.bytes).toBeLessThan(report.before.bytes / 3);
  });

  test('is compared on given rows, which must have its width', async () => {
    const rows = {width: 40, values: Float32Array.from({length: 80}, (_, i) => i / 80)};
    const methods = onnxMethods('int8', {});
    const {report} = await compressOnnx(network, {methods, rows, seed: 1, now});
    expect(report.inputs).toEqual({kind: 'given', rows: 2});
    const narrow = {width: 20, values: rows.values};
    await expect(compressOnnx(network, {methods, rows: narrow, seed: 1, now})).rejects.toMatchObject({
      code: 'SOURCE_SCHEMA',
      message: 'The rows have 20 columns, the network takes 40.',
    });
  });

  test('is left alone when nothing in it can be smaller, and methods in a wrong order are refused', async () => {
    const tiny = networkFile(1, [4, 8, 2]);
    await expect(compressOnnx(tiny, {methods: onnxMethods('int8', {}), seed: 1, now})).rejects.toMatchObject({
      code: 'MODEL_INVALID',
    });
    for (const text of ['int8,low-rank', 'int4', ''])
      expect(() => onnxMethods(text, {})).toThrow(expect.objectContaining({code: 'USAGE'}));
  });
});

describe('rows from a file', () => {
  // Written by numpy 2.4.6: numpy.save of [[1.5, -2], [3, nan]] as <f4, [[1, 2, 3]] as <i8, and a Fortran-ordered array.
  const npy = (descr: string, shape: string, data: string, order = 'False') => {
    const header = `{'descr': '${descr}', 'fortran_order': ${order}, 'shape': (${shape}), }`.padEnd(117);
    return Buffer.concat([Buffer.from(`\x93NUMPY\x01\x00v\x00${header}\n`, 'latin1'), Buffer.from(data, 'base64')]);
  };
  const read = (name: string, bytes: Uint8Array | string) => {
    writeFileSync(join(folder, name), bytes);
    return readNumberRows(join(folder, name));
  };

  test('are read from NumPy arrays of two dimensions in C order', async () => {
    expect(await read('a.npy', npy('<f4', '2, 2', 'AADAPwAAAMAAAEBAAADAfw=='))).toEqual({
      width: 2,
      values: Float32Array.of(1.5, -2, 3, Number.NaN),
    });
    const integers = npy('<i8', '1, 3', 'AQAAAAAAAAACAAAAAAAAAAMAAAAAAAAA');
    expect(await read('b.npy', integers)).toEqual({width: 3, values: Float32Array.of(1, 2, 3)});
    for (const wrong of [
      npy('<f8', '2, 2', 'AAAAAAAA8D8AAAAAAAAIQAAAAAAAAABAAAAAAAAAEEA=', 'True'),
      npy('<f4', '2, 2', 'AADAPw=='),
      npy('<c8', '2, 2', 'AADAPw=='),
      npy('<f4', '4,', 'AADAPwAAAMAAAEBAAADAfw=='),
      Buffer.from('no array'),
    ])
      await expect(read('c.npy', wrong)).rejects.toMatchObject({code: 'SOURCE_SCHEMA'});
  });

  test('are read from text, with or without names, where an empty cell is missing', async () => {
    const expected = {width: 2, values: Float32Array.of(1, 2.5, Number.NaN, -3)};
    expect(await read('a.csv', 'a,b\n1,2.5\n,-3\n')).toEqual(expected);
    expect(await read('b.csv', '1,2.5\r\n,-3')).toEqual(expected);
    for (const wrong of ['a,b\n', '1,2\n3', '1,2\n3,x'])
      await expect(read('c.csv', wrong)).rejects.toMatchObject({code: 'SOURCE_SCHEMA'});
    await expect(readNumberRows(join(folder, 'none.csv'))).rejects.toMatchObject({code: 'SOURCE_NOT_FOUND'});
  });
});
