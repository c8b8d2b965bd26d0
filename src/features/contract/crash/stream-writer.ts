/**
 * A process that takes the events of a log into live state on disk, with a checkpoint every few batches, and prints
 * the position of each, until it is killed or the log ends.
 * Usage: node --import tsx stream-writer.ts <folder>
 */
import {writeSync} from 'node:fs';
import {join} from 'node:path';
import {openLmdb} from '../../../stores/lmdb/index.ts';
import {openSegmentLog} from '../../../stores/segments/index.ts';
import {Backfill} from '../../stream/backfill.ts';
import {rowsOf} from '../../stream/batch-rows.ts';
import {loadCheckpoint, saveCheckpoint} from '../../stream/checkpoint.ts';
import {CRASH_END, CRASH_OPTIONS, CRASH_VIEWS} from './stream-views.ts';

const [folder] = process.argv.slice(2) as [string];
const store = await openLmdb(join(folder, 'online'));
const log = await openSegmentLog(join(folder, 'events'), {durability: 'process'});
const executor = await loadCheckpoint(CRASH_VIEWS, store, log.end(), CRASH_OPTIONS);
executor.advanceTo(CRASH_END);
const backfill = new Backfill(executor, log, store, {sliceEvents: 20, checkpointEvents: 100});
const filling = backfill.run();
writeSync(1, `open ${executor.position} ${backfill.progress[0]?.from ?? 'filled'}\n`);
for await (const batch of log.read({from: executor.position})) {
  for (let i = 0; i < batch.count; i += 20) {
    executor.apply(rowsOf(batch, i, Math.min(batch.count, i + 20)));
    await saveCheckpoint(executor, store);
    writeSync(1, `at ${executor.position}\n`);
  }
}
await filling;
await saveCheckpoint(executor, store);
writeSync(1, `end ${executor.position}\n`);
await store.close();
await log.close();
