// A process that materialises days and prints the name of each that stands, until it is killed.
// Usage: node --import tsx daily-writer.ts <folder>
import {writeSync} from 'node:fs';
import {join} from 'node:path';
import {materialise} from '../../batch/materialise/materialise.ts';
import {DAYS, daily, openStore} from '../daily.ts';
import {payments} from '../history.ts';

const folder = process.argv[2]!;
const {sql, archive} = await openStore(folder);
await materialise(daily, {
  ...DAYS,
  sql,
  archive,
  spine: payments,
  folder: join(folder, 'days'),
  onDay: ({day}) => writeSync(1, `${day}\n`),
});
// Whoever started it kills it.
setInterval(() => undefined, 1_000);
