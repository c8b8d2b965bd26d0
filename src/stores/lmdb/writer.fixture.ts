// A process that writes a store round after round, each round one write of all keys, until it is ended.
import {openLmdb} from './index.ts';

const [folder] = process.argv.slice(2);
const store = await openLmdb(folder!);
for (let round = 0; ; round++) {
  // Larger and larger, so that the file outgrows the map with which a reader opened it.
  const value = Buffer.alloc(8 + 150 * Math.min(round, 200));
  value.writeUInt32LE(round, 0);
  await store.putMany(Array.from({length: 200}, (_, i) => [`k${i}`, value] as const));
  if (round === 0) process.stdout.write('ready\n');
}
