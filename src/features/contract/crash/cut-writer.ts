/**
 * A process that makes cut after cut of a view, a few keys at a time, and says what it has written, until it is killed or
 * has made them all. Usage: node --import tsx cut-writer.ts <folder> <relation>
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
const put = store.putMany.bind(store);
store.putMany = async entries => {
  await put(entries);
  if (entries.some(([key, value]) => !key.startsWith('cut/=') && value !== undefined)) writeSync(1, 'wrote\n');
};
const sql = await openDuckDb({threads: 1});
const cuts = await CutStore.open(store);
await cuts.removeGone();
const last = cuts.cuts(CUT_USE).generations.at(-1)?.cut ?? Number.NEGATIVE_INFINITY;
writeSync(1, `open ${last}\n`);
for (const cut of CUT_STEPS) {
  if (cut <= last) continue;
  const input = {sql, relation: () => relation, cut, position: 1e9, mostValues: 6, now: cut, seal: async () => cut};
  await makeCut(cuts, CUT_USE, input);
  writeSync(1, `made ${cut}\n`);
  await cuts.removeGone();
}
writeSync(1, 'end\n');
await sql.close();
await store.close();
