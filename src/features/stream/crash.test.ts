// Kills a process that takes events into live state with SIGKILL at random moments, again and again on the same data,
// until it has taken all: the values are those of a process that was never killed.
import {spawn} from 'node:child_process';
import {once} from 'node:events';
import {mkdtempSync, rmSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {setTimeout as delay} from 'node:timers/promises';
import {fileURLToPath} from 'node:url';
import {afterEach, beforeEach, expect, test} from 'vitest';
import {seededRandom} from '../../math/index.ts';
import {openLmdb} from '../../stores/lmdb/index.ts';
import {openSegmentLog} from '../../stores/segments/index.ts';
import {CRASH_END, CRASH_FIRST, CRASH_OPTIONS, CRASH_VIEWS} from '../contract/crash/stream-views.ts';
import {history} from '../contract/history.ts';
import {readLive} from '../contract/read-live.ts';
import {loadCheckpoint, saveCheckpoint} from './checkpoint.ts';
import {StreamExecutor} from './executor.ts';

const WRITER = fileURLToPath(new URL('../contract/crash/stream-writer.ts', import.meta.url));
const USERS = ['busy', 'a', 'b', 'c', 'ö', '日本', 'nobody'];

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'stream-crash-'));
});
afterEach(() => rmSync(folder, {recursive: true, force: true}));

/** Lets the writer run for a moment after its first line; its lines. */
async function runAndKill(afterMs: number): Promise<string[]> {
  const writer = spawn(process.execPath, ['--import', 'tsx', WRITER, folder], {stdio: ['ignore', 'pipe', 'pipe']});
  let [output, errors] = ['', ''];
  writer.stdout.on('data', chunk => {
    output += chunk;
  });
  writer.stderr.on('data', chunk => {
    errors += chunk;
  });
  const closed = once(writer, 'close');
  await Promise.race([once(writer.stdout, 'data'), closed]);
  await Promise.race([delay(afterMs), closed]);
  writer.kill('SIGKILL');
  await closed;
  expect(errors).toBe('');
  return output.trimEnd().split('\n');
}

const everything = (executor: StreamExecutor) =>
  USERS.flatMap(key =>
    CRASH_VIEWS.map(view =>
      readLive(executor, view, Object.keys(view.entity.keys).length === 2 ? [key, 's'] : [key], CRASH_END),
    ),
  );

test('a process that was killed again and again has the values of one that never was', async () => {
  const batches = history(6, 2_500, 50);
  const log = await openSegmentLog(join(folder, 'events'), {durability: 'process'});
  for (const batch of batches) await log.append(batch);
  await log.close();
  const steady = new StreamExecutor(CRASH_VIEWS);
  steady.advanceTo(CRASH_END);
  for (const batch of batches) steady.apply(batch);

  // One view was there for a while; the others are filled while it goes on.
  const store = await openLmdb(join(folder, 'online'));
  const first = await loadCheckpoint(CRASH_FIRST, store, undefined, CRASH_OPTIONS);
  first.advanceTo(CRASH_END);
  for (const batch of batches.slice(0, 20)) first.apply(batch);
  await saveCheckpoint(first, store);
  await store.close();

  const random = seededRandom(1);
  const opened: number[] = [];
  const filledFrom: string[] = [];
  let acknowledged = 1_000;
  for (let run = 0; run < 5; run++) {
    const lines = await runAndKill(5 + Math.floor(random() * 100));
    const [, position, from] = lines[0]!.split(' ') as [string, string, string];
    opened.push(Number(position));
    filledFrom.push(from);
    expect(Number(position)).toBeGreaterThanOrEqual(acknowledged);
    acknowledged = Number(lines.findLast(line => line.startsWith('at'))?.split(' ')[1] ?? position);
  }
  const last = await runAndKill(30_000);
  expect(last.at(-1)).toBe('end 2500');
  expect(new Set(opened).size).toBeGreaterThan(2);
  expect(new Set(filledFrom).size).toBeGreaterThan(2);

  const kept = await openLmdb(join(folder, 'online'));
  const executor = await loadCheckpoint(CRASH_VIEWS, kept, 2_500, CRASH_OPTIONS);
  expect(executor.behind).toEqual([]);
  expect(everything(executor)).toEqual(everything(steady));
  await kept.close();
});
