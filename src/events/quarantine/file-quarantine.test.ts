import {appendFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import fc from 'fast-check';
import {afterEach, beforeEach, expect, test} from 'vitest';
import {FileQuarantine} from './file-quarantine.ts';
import type {Quarantine, QuarantinedRow} from './quarantine.ts';

let folder = '';
let path = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'millrace-quarantine-'));
  path = join(folder, 'deep', 'quarantine.jsonl');
});
afterEach(() => rmSync(folder, {recursive: true, force: true}));

const rowOf = (value: string, stream = 's'): QuarantinedRow => ({
  stream,
  at: 1,
  check: 'type',
  message: `no ${value}`,
  example: value,
  row: {x: value},
});

async function all(quarantine: Quarantine, range?: Parameters<Quarantine['read']>[0]): Promise<string[]> {
  const found: string[] = [];
  for await (const row of quarantine.read(range)) found.push(row.example);
  return found;
}

test('rows of appends made at once come back in order, whatever text they hold', async () => {
  const texts = fc.array(fc.array(fc.string({unit: 'binary'}), {maxLength: 4}), {maxLength: 8});
  await fc.assert(
    fc.asyncProperty(texts, async batches => {
      rmSync(path, {force: true});
      const quarantine = await FileQuarantine.open(path);
      await Promise.all(batches.map(batch => quarantine.append(batch.map(text => rowOf(text)))));
      expect(await all(quarantine)).toEqual(batches.flat());
      await quarantine.close();
    }),
    {seed: 1, numRuns: 50, examples: [[[['\u2028 \u2029 \n \r', '"\\']]]]},
  );
});

test('an offset and a stream choose what is read', async () => {
  const quarantine = await FileQuarantine.open(path);
  await quarantine.append([rowOf('a'), rowOf('b', 'other')]);
  const offset = quarantine.end();
  await quarantine.append([rowOf('c', 'other'), rowOf('d')]);
  expect(await all(quarantine, {from: offset})).toEqual(['c', 'd']);
  expect(await all(quarantine, {stream: 'other'})).toEqual(['b', 'c']);
  expect(await all(quarantine, {from: quarantine.end()})).toEqual([]);
  await quarantine.close();
});

test('a line that was being written when the process died is cut off, and nothing else', async () => {
  const first = await FileQuarantine.open(path);
  await first.append([rowOf('a'), rowOf('x'.repeat(200_000))]);
  await first.close();
  const whole = readFileSync(path);
  appendFileSync(path, '{"stream":"s","at":1,"che');
  const second = await FileQuarantine.open(path);
  expect(second.end()).toBe(whole.length);
  await second.append([rowOf('c')]);
  expect((await all(second)).map(text => text.length)).toEqual([1, 200_000, 1]);
  await second.close();
});

test('a file that is one torn line becomes empty', async () => {
  await (await FileQuarantine.open(path)).close();
  writeFileSync(path, '{'.repeat(100_000));
  const quarantine = await FileQuarantine.open(path);
  expect(quarantine.end()).toBe(0);
  await quarantine.close();
});

test('a damaged line is an error that shows it', async () => {
  await (await FileQuarantine.open(path)).close();
  writeFileSync(path, 'not json\n');
  const quarantine = await FileQuarantine.open(path);
  await expect(all(quarantine)).rejects.toMatchObject({
    code: 'STORE_CORRUPT',
    message: expect.stringContaining('not json'),
  });
  await quarantine.close();
});
