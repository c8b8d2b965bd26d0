// Kills a writing process with SIGKILL at random moments, again and again on the same data, and looks at what is left.
import {spawn} from 'node:child_process';
import {once} from 'node:events';
import {mkdtempSync, rmSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {setTimeout as delay} from 'node:timers/promises';
import {fileURLToPath} from 'node:url';
import {afterEach, beforeEach, describe, expect, test} from 'vitest';
import {batchSize, KEYS, stateOf} from './contract/crash/written.ts';
import {batchesOf} from './contract/event-log.ts';
import {openLibsql} from './libsql/index.ts';
import {openLmdb} from './lmdb/index.ts';
import {openSegmentLog} from './segments/index.ts';

const WRITER = fileURLToPath(new URL('./contract/crash/writer.ts', import.meta.url));

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'millrace-crash-'));
});
afterEach(() => rmSync(folder, {recursive: true, force: true}));

/** Lets a writer run for a moment, kills it, and returns the last number it acknowledged. */
async function writeAndKill(adapter: string, afterMs: number): Promise<number> {
  const writer = spawn(process.execPath, ['--import', 'tsx', WRITER, adapter, folder], {
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
  return Math.max(...output.trimEnd().split('\n').map(Number));
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
