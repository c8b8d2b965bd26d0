// A process that materialises days and prints the name of each that stands, until it is killed.
// Usage: node --import tsx daily-process.fixture.ts <folder>
import {writeSync} from 'node:fs';
import {join} from 'node:path';
import {payments} from '../../contract/history.ts';
import {DAYS, daily, openStore} from './daily.fixture.ts';
import {materialise} from './materialise.ts';

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
