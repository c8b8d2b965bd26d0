/**
 * A process that makes cut after cut of a view, prints the time of each when it is read, until it is killed or has made
 * them all. Usage: node --import tsx cut-writer.ts <folder> <relation>
 */
import {writeSync} from 'node:fs';
import {join} from 'node:path';
import {openDuckDb} from '../../../stores/duckdb/index.ts';
import {openLmdb} from '../../../stores/lmdb/index.ts';
import {CutStore} from '../../cuts/cut-store.ts';
import {makeCut} from '../../cuts/make-cut.ts';
import {CUT_STEPS, CUT_USE} from './cut-use.ts';

const [folder, relation] = process.argv.slice(2) as [string, string];
const store = await openLmdb(join(folder, 'online'));
const sql = await openDuckDb({threads: 1});
const cuts = await CutStore.open(store);
await cuts.removeGone();
const last = cuts.cuts(CUT_USE).generations.at(-1)?.cut ?? Number.NEGATIVE_INFINITY;
writeSync(1, `open ${last}\n`);
for (const cut of CUT_STEPS) {
  if (cut <= last) continue;
  // A few keys at a time, so that there is a half of it.
  const input = {sql, relation: () => relation, cut, position: 1e9, mostValues: 40, now: cut, seal: async () => cut};
  await makeCut(cuts, CUT_USE, input);
  writeSync(1, `made ${cut}\n`);
  await cuts.removeGone();
}
writeSync(1, 'end\n');
await sql.close();
await store.close();
