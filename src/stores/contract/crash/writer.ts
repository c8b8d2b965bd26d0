/**
 * A process that writes without end and prints a line for each acknowledged write, until it is killed.
 * Usage: node --import tsx writer.ts <segments|segments-disk|lmdb|libsql> <folder>
 */
import {writeSync} from 'node:fs';
import {join} from 'node:path';
import {someEvents} from '../some-events.ts';
import {batchSize, KEYS, stateOf} from './written.ts';

const [adapter, folder] = process.argv.slice(2) as [string, string];
const acknowledge = (number: number) => writeSync(1, `${number}\n`);

async function appendEvents(durability: 'process' | 'disk'): Promise<never> {
  const {openSegmentLog} = await import('../../segments/index.ts');
  const log = await openSegmentLog(folder, {durability, segmentBytes: 1_000_000});
  let next = log.end();
  const append = async () => {
    const count = batchSize(next);
    const batch = someEvents('s', count, next);
    next += count;
    acknowledge((await log.append(batch)) + count);
  };
  for (;;) await Promise.all([append(), append(), append()]);
}

async function putStates(): Promise<never> {
  const {openLmdb} = await import('../../lmdb/index.ts');
  const store = await openLmdb(folder);
  const [stored] = await store.getMany([KEYS[0]!]);
  for (let round = stored ? Buffer.from(stored).readUInt32LE() + 1 : 1; ; round++) {
    await store.putMany(KEYS.map(key => [key, stateOf(round)] as const));
    acknowledge(round);
  }
}

async function writeRecords(): Promise<never> {
  const {openLibsql} = await import('../../libsql/index.ts');
  const store = await openLibsql(join(folder, 'metadata.db'));
  const stored = await store.get('key', KEYS[0]!);
  for (let round = stored ? stored.revision + 1 : 1; ; round++) {
    const keys = KEYS.map(id => ({kind: 'key', id, at: round, value: round}));
    await store.write([...keys, {kind: 'round', id: `${round}`, at: round, value: 'x'.repeat(5_000)}]);
    acknowledge(round);
  }
}

if (adapter === 'lmdb') await putStates();
else if (adapter === 'libsql') await writeRecords();
else await appendEvents(adapter === 'segments-disk' ? 'disk' : 'process');
