// Kills a process that makes cuts with SIGKILL at random moments, again and again on the same data, until it has made
// all: whatever stands after each kill is a whole cut, and the right one.
import {spawn} from 'node:child_process';
import {once} from 'node:events';
import {mkdtempSync, rmSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {fileURLToPath} from 'node:url';
import {afterEach, beforeEach, expect, test} from 'vitest';
import {seededRandom} from '../../math/index.ts';
import type {PositionedBatch} from '../../protocol/index.ts';
import {openDuckDb} from '../../stores/duckdb/index.ts';
import {openLmdb} from '../../stores/lmdb/index.ts';
import {disagreements} from '../contract/agreement.ts';
import {archiveHistory} from '../contract/archived-history.ts';
import {CUT_STEPS, CUT_USE} from '../contract/crash/cut-use.ts';
import {history} from '../contract/history.ts';
import {naiveFeatures} from '../contract/naive.ts';
import {CutView} from '../online/view-reader.ts';
import {keyOf} from '../stream/view-state.ts';
import {CutStore} from './cut-store.ts';

const WRITER = fileURLToPath(new URL('../contract/crash/cut-writer.ts', import.meta.url));
const KEYS = ['busy', 'a', 'b', 'c', 'ö', '日本'].flatMap(user => ['s', 't'].map(shop => [user, shop]));

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'cut-crash-'));
});
afterEach(() => rmSync(folder, {recursive: true, force: true}));

/** Kills it when it has written so many parts of cuts, of which each has some. */
async function runAndKill(relation: string, parts = Number.POSITIVE_INFINITY): Promise<string[]> {
  const args = ['--import', 'tsx', WRITER, folder, relation];
  const writer = spawn(process.execPath, args, {stdio: ['ignore', 'pipe', 'pipe']});
  let [output, errors] = ['', ''];
  writer.stdout.on('data', chunk => {
    output += chunk;
    if (output.split('wrote').length > parts) writer.kill('SIGKILL');
  });
  writer.stderr.on('data', chunk => {
    errors += chunk;
  });
  const closed = once(writer, 'close');
  await closed;
  expect(errors).toBe('');
  return output.trimEnd().split('\n');
}

/** What stands: the newest cut, what is wrong in any, and how many values there are that no cut names. */
async function look(batches: readonly PositionedBatch[]) {
  const store = await openLmdb(join(folder, 'online'));
  const cuts = await CutStore.open(store);
  const reader = new CutView(cuts, CUT_USE);
  const {generations} = cuts.cuts(CUT_USE);
  const wrong: string[] = [];
  for (const {cut} of generations)
    for (const key of KEYS) {
      const numbers = reader.read(keyOf(key), cut);
      const got = Object.fromEntries(CUT_USE.view.features.map(({name}, f) => [name, numbers[f]!]));
      wrong.push(...disagreements(CUT_USE.view, got, naiveFeatures(CUT_USE.view, batches, {key, q: cut})));
    }
  let values = 0;
  for await (const [key] of store.scan('cut/')) if (!key.startsWith('cut/=')) values++;
  const named = generations.reduce((sum, {keys}) => sum + keys, 0);
  await store.close();
  return {newest: generations.at(-1)?.cut ?? Number.NEGATIVE_INFINITY, wrong, unnamed: values - named};
}

test('a process that was killed again and again leaves whole cuts only, and makes the one that was cut short anew', async () => {
  const batches = history(8, 1_200);
  const sql = await openDuckDb({threads: 1});
  const relation = await archiveHistory(sql, folder, batches);
  await sql.close();
  const random = seededRandom(3);
  let torn = 0;
  let last = Number.NEGATIVE_INFINITY;
  for (let run = 0; run < 4; run++) {
    const lines = await runAndKill(relation, 1 + Math.floor(random() * 10));
    const told = lines.findLast(line => line.startsWith('made'));
    const {newest, wrong, unnamed} = await look(batches);
    expect(wrong).toEqual([]);
    expect(lines[0]).toBe(`open ${last}`);
    expect(newest).toBeGreaterThanOrEqual(told === undefined ? last : Number(told.split(' ')[1]));
    if (unnamed > 0) torn++;
    last = newest;
  }
  expect(torn).toBeGreaterThan(0);
  expect((await runAndKill(relation)).at(-1)).toBe('end');
  expect(await look(batches)).toEqual({newest: CUT_STEPS.at(-1), wrong: [], unnamed: 0});
});
