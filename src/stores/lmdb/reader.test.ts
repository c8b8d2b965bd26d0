import {spawn} from 'node:child_process';
import {once} from 'node:events';
import {mkdtempSync, rmSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {setTimeout as delay} from 'node:timers/promises';
import {afterEach, beforeEach, expect, test} from 'vitest';
import {openLmdbReader} from './index.ts';

const WRITER = join(import.meta.dirname, 'writer.fixture.ts');
const KEYS = Array.from({length: 200}, (_, i) => `k${i}`);
let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'millrace-lmdb-reader-'));
});
afterEach(() => rmSync(folder, {recursive: true, force: true}));

test('all reads of one turn are of one write of another process, which are seen soon, however large the store grows', async () => {
  const writer = spawn(process.execPath, ['--import', import.meta.resolve('tsx'), WRITER, folder], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  try {
    await once(writer.stdout, 'data');
    const reader = openLmdbReader(folder);
    const rounds: number[] = [];
    while ((rounds.at(-1) ?? 0) < 200) {
      const seen = new Set<number>();
      for (const key of KEYS) {
        const bytes = reader.get(key)!;
        seen.add(new DataView(bytes.buffer, bytes.byteOffset).getUint32(0, true));
      }
      expect([...seen]).toHaveLength(1);
      rounds.push(...seen);
      await delay(1);
    }
    expect(rounds).toEqual(rounds.toSorted((a, b) => a - b));
    expect(new Set(rounds).size).toBeGreaterThan(20);
    await expect(reader.putMany([['k', Uint8Array.of(1)]])).rejects.toThrow();
    await reader.close();
    expect(() => reader.get('k0')).toThrow(expect.objectContaining({code: 'STORE_CLOSED'}));
  } finally {
    writer.kill('SIGKILL');
  }
});

test('a folder without a store says so', () => {
  expect(() => openLmdbReader(join(folder, 'nothing'))).toThrow(expect.objectContaining({code: 'STORE_UNAVAILABLE'}));
});
