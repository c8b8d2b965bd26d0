import {appendFileSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import fc from 'fast-check';
import {afterEach, beforeEach, expect, test} from 'vitest';
import {FileQuarantine} from './file-quarantine.ts';
import type {Quarantine, QuarantinedRow, StoredRow} from './quarantine.ts';

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

test('erased rows are gone from the file, with what became of them; all others keep their offsets', async () => {
  const texts = fc.uniqueArray(fc.string({unit: 'binary', minLength: 8, maxLength: 12}), {minLength: 1, maxLength: 12});
  await fc.assert(
    fc.asyncProperty(texts, fc.array(fc.nat(11)), async (values, chosen) => {
      rmSync(path, {force: true});
      const quarantine = await FileQuarantine.open(path);
      await quarantine.append(values.map(text => rowOf(text)));
      const before: StoredRow[] = [];
      for await (const row of quarantine.read()) before.push(row);
      const [first] = before;
      await quarantine.settle([{offset: first!.offset, at: 2, outcome: 'refused', check: 'x', message: 'SETTLED'}]);
      const gone = new Set(chosen.filter(i => i < before.length).map(i => before[i]!.offset));
      // An append that is made meanwhile waits for it.
      const [erased] = await Promise.all([quarantine.erase([...gone, 1]), quarantine.append([rowOf('later')])]);
      expect(erased).toBe(gone.size);
      const left = before.filter(({offset}) => !gone.has(offset));
      const offsets: number[] = [];
      for await (const {offset} of quarantine.read({settled: true})) offsets.push(offset);
      expect(offsets.slice(0, -1)).toEqual(left.map(({offset}) => offset));
      await quarantine.close();
      const again = await FileQuarantine.open(path);
      expect(await all(again)).toEqual([...left.map(({example}) => example), 'later']);
      await again.close();
      if (gone.has(first!.offset)) expect(readFileSync(path, 'utf8')).not.toContain('SETTLED');
      for (const {example, offset} of before)
        if (gone.has(offset)) expect(readFileSync(path, 'utf8')).not.toContain(JSON.stringify(example).slice(1, -1));
    }),
    {seed: 2, numRuns: 40},
  );
});

test('an erasure that was killed before its rename has not happened, and leaves no copy', async () => {
  const first = await FileQuarantine.open(path);
  await first.append([rowOf('a'), rowOf('b')]);
  await first.close();
  writeFileSync(`${path}.erasing`, '{}');
  const second = await FileQuarantine.open(path);
  expect(await all(second)).toEqual(['a', 'b']);
  expect(existsSync(`${path}.erasing`)).toBe(false);
  await second.close();
});
