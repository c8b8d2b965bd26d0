// Turns the flights of `vega-datasets` into the two event streams of the example, as Parquet files.
// Run: npx tsx examples/flights/prepare.ts --folder data/flights [--rows 300000]
import {createHash} from 'node:crypto';
import {mkdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync} from 'node:fs';
import {createRequire} from 'node:module';
import {dirname, join} from 'node:path';
import {fileURLToPath} from 'node:url';
import {parseArgs} from 'node:util';
import {DuckDBInstance} from '@duckdb/node-api';
import {MillraceError} from 'millrace';
import {type Dropped, placeFlights, readSource, writeStreams} from './streams.ts';

export type PrepareOptions = {
  /** Where the files go; made if absent. Nothing else should be kept in it. */
  readonly folder: string;
  /** Only the first flights by departure in UTC, then id; all unless given. A smaller number gives a prefix of a larger one. */
  readonly rows?: number;
  /** One line of progress. */
  readonly log?: (line: string) => void;
  /** Files to read instead of those of `vega-datasets`. */
  readonly source?: {readonly flights: string; readonly airports: string};
};

/** What `prepared.json` holds. Source rows = rows written + dropped + beyond the prefix. */
export type Prepared = {
  /** Raised whenever the same input would give other files. */
  readonly version: number;
  /** `null` stands for all rows. */
  readonly options: {readonly rows: number | null};
  /** SHA-256 of the files read. */
  readonly source: {readonly flights: string; readonly airports: string; readonly rows: number};
  /** Flights written: one departure and one arrival each. */
  readonly rows: number;
  /** Departures of the first and the last flight (UTC). */
  readonly first: string | null;
  readonly last: string | null;
  readonly dropped: Dropped;
  readonly beyondPrefix: number;
  readonly bytes: {readonly departures: number; readonly arrivals: number};
};

export type PrepareResult = Prepared & {
  readonly departures: string;
  readonly arrivals: string;
  /** True if the files stood already and nothing was done. */
  readonly reused: boolean;
};

const VERSION = 1;

/**
 * Writes `departures.parquet` (by `departedAt`, then `flightId`) and `arrivals.parquet` (by `landedAt`, then
 * `flightId`), and last `prepared.json`, which vouches for them: a run that was cut off is done again, a
 * second run with the same options and source does nothing.
 * Errors: USAGE for a number of rows that is none, SOURCE_NOT_FOUND if the data is not installed.
 */
export async function prepare(options: PrepareOptions): Promise<PrepareResult> {
  const {folder, rows, log = () => {}} = options;
  if (rows !== undefined && !(Number.isSafeInteger(rows) && rows > 0))
    throw new MillraceError('USAGE', `'${rows}' is not a number of rows.`, {
      fix: 'Give a whole number above 0, such as 300000.',
    });
  const source = options.source ?? installedSource();
  const sums = {flights: sha256(source.flights), airports: sha256(source.airports)};
  const paths = {departures: join(folder, 'departures.parquet'), arrivals: join(folder, 'arrivals.parquet')};
  const manifest = join(folder, 'prepared.json');

  const earlier = readPrepared(manifest);
  if (earlier && matches(earlier, rows ?? null, sums, paths)) {
    log(`flights: ${earlier.rows.toLocaleString('en-US')} rows are prepared already`);
    return {...earlier, ...paths, reused: true};
  }

  mkdirSync(folder, {recursive: true});
  rmSync(manifest, {force: true}); // from here on the folder vouches for nothing
  const parts = {departures: `${paths.departures}.part`, arrivals: `${paths.arrivals}.part`};
  const spill = join(folder, 'spill.part');
  const instance = await DuckDBInstance.create(':memory:', {memory_limit: '768MB', temp_directory: spill});
  const db = await instance.connect();
  try {
    log('flights: reading the source');
    const sourceRows = await readSource(db, source.flights, source.airports);
    log(`flights: placing ${sourceRows.toLocaleString('en-US')} departures in UTC`);
    const dropped = await placeFlights(db);
    log('flights: writing departures and arrivals');
    const {count, first, last} = await writeStreams(db, parts, rows);
    const prepared: Prepared = {
      version: VERSION,
      options: {rows: rows ?? null},
      source: {...sums, rows: sourceRows},
      rows: count,
      first,
      last,
      dropped,
      beyondPrefix: sourceRows - count - Object.values(dropped).reduce((sum, n) => sum + n, 0),
      bytes: {departures: statSync(parts.departures).size, arrivals: statSync(parts.arrivals).size},
    };
    renameSync(parts.departures, paths.departures);
    renameSync(parts.arrivals, paths.arrivals);
    writeFileSync(`${manifest}.part`, `${JSON.stringify(prepared, null, 2)}\n`);
    renameSync(`${manifest}.part`, manifest);
    log(`flights: ${count.toLocaleString('en-US')} rows from ${first} to ${last}`);
    return {...prepared, ...paths, reused: false};
  } finally {
    db.closeSync();
    instance.closeSync();
    rmSync(spill, {recursive: true, force: true});
  }
}

function matches(
  earlier: Prepared,
  rows: number | null,
  sums: {flights: string; airports: string},
  paths: {departures: string; arrivals: string},
): boolean {
  return (
    earlier.version === VERSION &&
    earlier.options.rows === rows &&
    earlier.source.flights === sums.flights &&
    earlier.source.airports === sums.airports &&
    earlier.bytes.departures === sizeOf(paths.departures) &&
    earlier.bytes.arrivals === sizeOf(paths.arrivals)
  );
}

/** `undefined` where there is none, or where it is none of ours: the work is then done again. */
function readPrepared(path: string): Prepared | undefined {
  if (sizeOf(path) === undefined) return undefined;
  try {
    const value = JSON.parse(readFileSync(path, 'utf8')) as Partial<Prepared> | null;
    return value?.options && value.source && value.bytes ? (value as Prepared) : undefined;
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}

function sizeOf(path: string): number | undefined {
  return statSync(path, {throwIfNoEntry: false})?.size;
}

function sha256(path: string): string {
  if (sizeOf(path) === undefined)
    throw new MillraceError('SOURCE_NOT_FOUND', `There is no file ${path}.`, {
      fix: 'Run npm install: the flights come with the development dependency vega-datasets.',
    });
  return createHash('sha256').update(readFileSync(path)).digest('hex');
}

function installedSource(): {flights: string; airports: string} {
  const data = join(dirname(packageEntry()), '..', 'data');
  return {flights: join(data, 'flights-3m.parquet'), airports: join(data, 'airports.csv')};
}

function packageEntry(): string {
  try {
    return createRequire(import.meta.url).resolve('vega-datasets');
  } catch (cause) {
    throw new MillraceError('SOURCE_NOT_FOUND', 'The package vega-datasets is not installed.', {
      cause,
      fix: 'Install it: npm install vega-datasets. The flights come with it.',
    });
  }
}

async function main(): Promise<void> {
  const {values} = parseArgs({options: {folder: {type: 'string'}, rows: {type: 'string'}}});
  if (values.folder === undefined)
    throw new MillraceError('USAGE', 'No folder was given.', {fix: 'Add --folder and where the files should go.'});
  await prepare({
    folder: values.folder,
    ...(values.rows === undefined ? {} : {rows: Number(values.rows)}),
    log: line => process.stderr.write(`${line}\n`),
  });
}

if (process.argv[1] === fileURLToPath(import.meta.url))
  main().catch((error: unknown) => {
    process.stderr.write(error instanceof MillraceError ? `${error.message} ${error.fix ?? ''}\n` : `${error}\n`);
    process.exitCode = 1;
  });
