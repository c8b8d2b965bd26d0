// Kills a writing process with SIGKILL at random moments, again and again on the same data, and looks at what is left.
import {spawn} from 'node:child_process';
import {once} from 'node:events';
import {mkdtempSync, readdirSync, rmSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {setTimeout as delay} from 'node:timers/promises';
import {fileURLToPath} from 'node:url';
import {afterEach, beforeEach, describe, expect, test} from 'vitest';
import {erasedBetween} from './contract/crash/erased-between.ts';
import {batchSize, KEYS, stateOf} from './contract/crash/written.ts';
import {batchesOf, eventsOf} from './contract/event-log.ts';
import {openLibsql} from './libsql/index.ts';
import {openLmdb} from './lmdb/index.ts';
import {openSegmentLog} from './segments/index.ts';

const WRITER = fileURLToPath(new URL('./contract/crash/writer.ts', import.meta.url));
const UPKEEP = fileURLToPath(new URL('./contract/crash/upkeep.ts', import.meta.url));

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'millrace-crash-'));
});
afterEach(() => rmSync(folder, {recursive: true, force: true}));

/** Lets a writer run for a moment, kills it, and returns the last number it acknowledged. */
async function writeAndKill(adapter: string, afterMs: number): Promise<number> {
  return Math.max(...(await runAndKill(WRITER, adapter, afterMs)).map(Number));
}

/** Lets a process run for a moment after its first line, kills it, and returns its lines. */
async function runAndKill(script: string, task: string, afterMs: number): Promise<string[]> {
  const writer = spawn(process.execPath, ['--import', 'tsx', script, task, folder], {
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  let errors = '';
  writer.stdout.on('data', chunk => {
    output += chunk;
  });
  writer.stderr.on('data', chunk => {
    errors += chunk;
  });
  const closed = once(writer, 'close');
  await Promise.race([once(writer.stdout, 'data'), closed]);
  await delay(afterMs);
  writer.kill('SIGKILL');
  const [, signal] = await closed;
  expect({signal, errors}).toEqual({signal: 'SIGKILL', errors: ''});
  return output.trimEnd().split('\n');
}

/** Milliseconds between the first acknowledgement and the kill. */
const MOMENTS = [3, 47, 118];

describe('after kill -9', () => {
  test.each(['segments', 'segments-disk'])(
    'the event log has every acknowledged event and no half batch: %s',
    async adapter => {
      for (const moment of MOMENTS) {
        const acknowledged = await writeAndKill(adapter, moment);
        const log = await openSegmentLog(folder);
        expect(log.end()).toBeGreaterThanOrEqual(acknowledged);
        let boundary = 0;
        while (boundary < log.end()) boundary += batchSize(boundary);
        expect(log.end()).toBe(boundary);
        let next = 0;
        for (const batch of await batchesOf(log))
          for (let i = 0; i < batch.count; i++, next++)
            if (batch.ids[i] !== `s-${next}` || batch.eventTimes[i] !== next)
              expect.fail(`position ${next} holds ${batch.ids[i]} at ${batch.eventTimes[i]}`);
        expect(next).toBe(boundary);
        await log.close();
      }
    },
  );

  test('a truncated log begins where it was told to, or where it began before', async () => {
    for (const moment of MOMENTS) {
      const lines = await runAndKill(UPKEEP, 'truncate', moment);
      const starts = lines.filter(line => line.startsWith('start')).map(line => Number(line.split(' ')[1]));
      const log = await openSegmentLog(folder);
      expect(log.start()).toBeGreaterThanOrEqual(Math.max(0, ...starts));
      const positions = eventsOf(await batchesOf(log)).map(event => event.id);
      expect(positions).toEqual(Array.from({length: log.end() - log.start()}, (_, i) => `s-${log.start() + i}`));
      expect(readdirSync(folder).filter(name => name < `${log.start()}`.padStart(16, '0'))).toEqual([]);
      await log.close();
    }
  });

  test('an erasure has happened or not, in all files alike, and has taken nothing else', async () => {
    const gone = new Set<number>();
    for (const moment of [...MOMENTS, 20, 80]) {
      const lines = await runAndKill(UPKEEP, 'erase', moment);
      const log = await openSegmentLog(folder);
      const events = eventsOf(await batchesOf(log));
      const there = new Set(events.map(event => event.position as number));
      for (const line of lines) {
        const [word, from, to] = line.split(' ');
        const chosen = erasedBetween(Number(from), Number(to));
        if (word === 'erased') for (const position of chosen) gone.add(position);
      }
      const [word, from, to] = lines.at(-1)!.split(' ');
      const chosen = word === 'erasing' ? erasedBetween(Number(from), Number(to)) : [];
      // The last one is in no range before this one.
      if (chosen.length > 0 && !there.has(chosen.at(-1)!)) for (const position of chosen) gone.add(position);
      const expected = Array.from({length: log.end()}, (_, i) => i).filter(position => !gone.has(position));
      expect(events.map(event => event.position)).toEqual(expected);
      expect(events.every(event => event.id === `s-${event.position}`)).toBe(true);
      await log.close();
    }
    expect(gone.size).toBeGreaterThan(0);
  });

  test('the online store has the last acknowledged write, or the whole one after it', async () => {
    for (const moment of MOMENTS) {
      const acknowledged = await writeAndKill('lmdb', moment);
      const store = await openLmdb(folder);
      const values = await store.getMany(KEYS);
      const round = Buffer.from(values[0]!).readUInt32LE();
      expect([acknowledged, acknowledged + 1]).toContain(round);
      expect(values.every(value => Buffer.compare(value!, stateOf(round)) === 0)).toBe(true);
      await store.close();
    }
  });

  test('the metadata store has the last acknowledged write, or the whole one after it', async () => {
    for (const moment of MOMENTS) {
      const acknowledged = await writeAndKill('libsql', moment);
      const store = await openLibsql(join(folder, 'metadata.db'));
      const records = await store.list('key');
      const round = records[0]!.revision;
      expect([acknowledged, acknowledged + 1]).toContain(round);
      expect(records).toHaveLength(KEYS.length);
      expect(records.every(({revision, value}) => revision === round && value === round)).toBe(true);
      expect(await store.list('round', {limit: 1_000_000})).toHaveLength(round);
      await store.close();
    }
  });

  test('a log that a living process holds is refused, naming the process', async () => {
    const writer = spawn(process.execPath, ['--import', 'tsx', WRITER, 'segments', folder], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    await once(writer.stdout, 'data');
    writer.stdout.resume();
    await expect(openSegmentLog(folder)).rejects.toMatchObject({
      code: 'STORE_BUSY',
      message: expect.stringContaining(`Process ${writer.pid} `),
      fix: expect.stringContaining(`Stop process ${writer.pid}`),
    });
    writer.kill('SIGKILL');
    await once(writer, 'close');
    await (await openSegmentLog(folder)).close();
  });
});
