// Two Parquet files of one table: n rows by 50 columns of mixed types; 10 of them move in the second.
import {existsSync, mkdirSync} from 'node:fs';
import {join} from 'node:path';
import {openDuckDb} from '../src/stores/duckdb/index.ts';

export type Files = {readonly reference: string; readonly current: string};

/** Columns whose distribution moves: two of each five numeric ones by a little and by a lot, and two of the categories. */
export const MOVED = [
  'amount_0',
  'amount_1',
  'amount_2',
  'amount_3',
  'count_0',
  'count_1',
  'kind_0',
  'kind_1',
  'flag_0',
  'share_0',
];

const AMOUNTS = 20;
const SHARES = 8;
const COUNTS = 10;
const KINDS = 7;
const FLAGS = 5;
/** Different values of the texts. */
const SIZES = [4, 8, 12, 30, 100, 1_000, 20_000];

/** Made once for each size, and kept in .millrace/bench. */
export async function driftFiles(rows: number): Promise<Files> {
  const folder = join('.millrace', 'bench', `drift-${rows}`);
  mkdirSync(folder, {recursive: true});
  const files = {reference: join(folder, 'reference.parquet'), current: join(folder, 'current.parquet')};
  if (existsSync(files.reference) && existsSync(files.current)) return files;
  const sql = await openDuckDb({threads: 2, memoryLimit: '1GB'});
  for (const [side, path] of [files.reference, files.current].entries()) {
    const columns = [...columnsOf(side)].map(([name, expression]) => `${expression} AS ${name}`);
    await sql.run(
      `COPY (SELECT ${columns.join(',\n')} FROM range(${side * 10 ** 9}, ${side * 10 ** 9 + rows}) AS r(i)) TO '${path}' (FORMAT parquet)`,
    );
  }
  await sql.close();
  return files;
}

function columnsOf(side: number): Map<string, string> {
  const columns = new Map<string, string>();
  const moved = (name: string, by: number) => (side === 1 && MOVED.includes(name) ? by : 0);
  let place = 0;
  const uniform = () => `((hash(i * 128 + ${place++}) >> 11)::DOUBLE / 9007199254740992.0)`;
  const normal = () => `(sqrt(-2 * ln(1 - ${uniform()})) * cos(2 * pi() * ${uniform()}))`;
  /** One row of a hundred has no value. */
  const orNull = (expression: string, given: number) =>
    given % 4 === 3 ? `if(${uniform()} < 0.01, NULL, ${expression})` : expression;
  for (let c = 0; c < AMOUNTS; c++) {
    const name = `amount_${c}`;
    columns.set(name, orNull(`round(exp(${normal()} + ${moved(name, 0.2 + c * 0.1)}), 4)`, c));
  }
  for (let c = 0; c < SHARES; c++) {
    const name = `share_${c}`;
    columns.set(name, orNull(`pow(${uniform()}, ${1 + c / 4 + moved(name, 0.8)})`, c));
  }
  for (let c = 0; c < COUNTS; c++) {
    const name = `count_${c}`;
    columns.set(
      name,
      orNull(`floor(${10 * 3 ** (c / 2)} * -ln(1 - ${uniform()}) * ${1 + moved(name, 0.6)})::BIGINT`, c),
    );
  }
  for (let c = 0; c < KINDS; c++) {
    const name = `kind_${c}`;
    columns.set(name, orNull(`'kind ' || floor(${SIZES[c]} * pow(${uniform()}, ${2 + moved(name, 2)}))::INTEGER`, c));
  }
  for (let c = 0; c < FLAGS; c++) {
    const name = `flag_${c}`;
    columns.set(name, `${uniform()} < ${0.1 + c * 0.15 + moved(name, 0.2)}`);
  }
  return columns;
}
