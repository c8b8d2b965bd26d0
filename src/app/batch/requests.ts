/** The requests of a batch run: from a file, a query, or those that were seen; checked, in order, in one file. */
import {createHash} from 'node:crypto';
import {createReadStream} from 'node:fs';
import {open, rename, rm} from 'node:fs/promises';
import {resolve} from 'node:path';
import {pipeline} from 'node:stream/promises';
import {csvScan, jsonLinesScan, parquetScan, type Scan} from '../../events/index.ts';
import {type FeatureSet, identifier} from '../../features/index.ts';
import {formatDuration, MillraceError, type Schema} from '../../protocol/index.ts';
import {keyFields} from '../consistency/key-sample.ts';
import type {ModelDefinition} from '../definitions/model.ts';
import type {Runtime} from '../runtime/runtime.ts';
import type {RequestsRecord} from './manifest.ts';
import {GIVEN, MORE_COLUMNS, PROBLEM, requestQuery, requireColumns} from './request-query.ts';

/** What to predict for. */
export type RequestSource =
  /** A Parquet, CSV or JSON lines file. */
  | {readonly kind: 'file'; readonly path: string}
  /** A SELECT, in which the streams of the project are tables by their names. */
  | {readonly kind: 'query'; readonly sql: string}
  /** The distinct requests of the decisions of the last while. */
  | {readonly kind: 'seen'; readonly withinMs: number};

export type RequestOptions = {
  readonly asOf: number;
  /** SQL of the archived events of a stream. */
  readonly relation: (stream: string) => string;
};

export type WrittenRequests = {readonly rows: number; readonly sha256: string};

type Stores = Pick<Runtime, 'sql' | 'project'>;

/** What identifies the source. Throws SOURCE_NOT_FOUND if there is no such file. */
export async function requestsRecord(source: RequestSource): Promise<RequestsRecord> {
  if (source.kind !== 'file') return source;
  const path = resolve(source.path);
  try {
    return {kind: 'file', path, sha256: await hashFile(path)};
  } catch (cause) {
    throw new MillraceError('SOURCE_NOT_FOUND', `There is no file ${path} that could be read.`, {
      cause,
      fix: 'Name a file that ends in .parquet, .csv or .jsonl.',
    });
  }
}

export async function hashFile(path: string): Promise<string> {
  const hash = createHash('sha256');
  await pipeline(createReadStream(path, {highWaterMark: 2 ** 20}), hash);
  return hash.digest('hex');
}

/**
 * Writes the requests to the Parquet file at `path`. Throws SOURCE_SCHEMA for columns that do not fit, REQUEST_INVALID
 * naming the first rows that cannot be predicted for, DATASET_EMPTY.
 */
export async function writeRequests(
  stores: Stores,
  definition: ModelDefinition,
  source: RequestSource,
  path: string,
  options: RequestOptions,
): Promise<WrittenRequests> {
  const {sql} = stores;
  const {request} = definition.features;
  const raw = `${path}.raw`;
  const what = nameOf(source, definition);
  try {
    if (source.kind !== 'file') await copy(sql, await queryOf(stores, definition, source, options), raw, what);
    const scan = await scanOf(sql, source.kind === 'file' ? resolve(source.path) : raw, request, what);
    requireColumns(request, scan, what);
    await copy(sql, requestQuery(request, scan, options.asOf), `${path}.unfinished`, what);
    const rows = await requireGood(sql, `${path}.unfinished`, what, request);
    await moveInto(`${path}.unfinished`, path);
    return {rows, sha256: await hashFile(path)};
  } finally {
    for (const file of [raw, `${path}.unfinished`]) await rm(file, {force: true});
  }
}

/** On the disk, then under its name. */
export async function moveInto(from: string, to: string): Promise<void> {
  const file = await open(from, 'r+');
  try {
    await file.sync();
  } finally {
    await file.close();
  }
  await rename(from, to);
}

export const quoted = (text: string): string => `'${text.replaceAll("'", "''")}'`;

function nameOf(source: RequestSource, {decisions}: ModelDefinition): string {
  if (source.kind === 'file') return source.path;
  return source.kind === 'query'
    ? 'The query'
    : `What '${decisions.name}' holds of the last ${formatDuration(source.withinMs)}`;
}

async function queryOf(
  {sql, project}: Stores,
  {decisions, features}: ModelDefinition,
  source: Exclude<RequestSource, {kind: 'file'}>,
  {asOf, relation}: RequestOptions,
): Promise<string> {
  if (source.kind === 'seen') {
    const fields = orderedFields(features);
    const names = fields.map(identifier).join(', ');
    const given = fields
      .filter(field => !features.request[field]!.nullable)
      .map(field => `${identifier(field)} IS NOT NULL`);
    const seen = [`_time >= ${asOf - source.withinMs}`, `_time < ${asOf}`, `_arrival <= ${asOf}`, ...given];
    return `SELECT DISTINCT ${names} FROM ${relation(decisions.name)} WHERE ${seen.join(' AND ')} ORDER BY ${names}`;
  }
  const streams = project.sources.map(({name}) => `${identifier(name)} AS (SELECT * FROM ${relation(name)})`);
  const query = `WITH ${streams.join(', ')} SELECT * FROM (\n${source.sql.replace(/[;\s]+$/, '')}\n)`;
  try {
    // Prepared, it is one statement, and within a SELECT it is a query: nothing that changes anything.
    await sql.rows(`${query} LIMIT 0`);
  } catch (cause) {
    throw new MillraceError('USAGE', `The query cannot be run. ${(cause as Error).message}`, {
      cause,
      fix: `Write one SELECT; its tables are ${project.sources.map(({name}) => name).join(', ')}, and files by their paths.`,
    });
  }
  return query;
}

/** The entity keys first, so that a partition has few of them and all their rows. */
const orderedFields = (features: FeatureSet): string[] => [
  ...new Set([...keyFields(features), ...Object.keys(features.request)]),
];

async function scanOf(sql: Runtime['sql'], path: string, request: Schema, what: string): Promise<Scan> {
  try {
    if (/\.csv(\.gz|\.zst)?$/i.test(path)) return await csvScan([path], sql);
    if (/\.(jsonl|ndjson)(\.gz|\.zst)?$/i.test(path))
      return await jsonLinesScan([path], [...Object.keys(request), ...MORE_COLUMNS], sql);
    if (/\.parquet(\.raw)?$/i.test(path)) return await parquetScan([path], sql);
  } catch (cause) {
    throw unreadable(what, cause);
  }
  throw new MillraceError('USAGE', `${path} does not tell its format.`, {
    fix: 'Name a file that ends in .parquet, .csv or .jsonl.',
  });
}

async function copy(sql: Runtime['sql'], query: string, path: string, what: string): Promise<void> {
  try {
    await sql.run(`COPY (${query}) TO ${quoted(path)} (FORMAT parquet, COMPRESSION zstd)`);
  } catch (cause) {
    throw unreadable(what, cause);
  }
}

function unreadable(what: string, cause: unknown): unknown {
  if (cause instanceof MillraceError && cause.code !== 'STORE_FAILED') return cause;
  return new MillraceError(
    'SOURCE_SCHEMA',
    `${what} cannot be read: ${(cause as Error).message.split('\n', 3).join(' ')}`,
    {
      cause,
      fix: 'Correct it, or give it as Parquet.',
    },
  );
}

const SHOWN = 10;

async function requireGood(sql: Runtime['sql'], path: string, what: string, request: Schema): Promise<number> {
  const [counts] = await sql.rows(`SELECT count(*) AS n, count(${PROBLEM}) AS bad FROM read_parquet(${quoted(path)})`);
  const [rows, bad] = [Number(counts!.n), Number(counts!.bad)];
  if (rows === 0)
    throw new MillraceError('DATASET_EMPTY', `${what} holds no row.`, {fix: 'Choose others to predict for.'});
  if (bad === 0) return rows;
  const first = await sql.rows(
    `SELECT _row, ${PROBLEM}, ${GIVEN} FROM read_parquet(${quoted(path)}) WHERE ${PROBLEM} IS NOT NULL ORDER BY _row LIMIT ${SHOWN}`,
  );
  const problems = first.map(row => {
    const [place, column, given] = [Number(row._row) + 1, String(row[PROBLEM]), row[GIVEN]];
    const must = column === 'at' ? 'a time that is not after the one that is predicted as of' : request[column]!.type;
    return {
      path: `row ${place}.${column}`,
      message: `Row ${place}: '${column}' is ${given === null ? 'missing' : given}; it must be ${must}.`,
    };
  });
  throw new MillraceError(
    'REQUEST_INVALID',
    `${bad.toLocaleString('en-US')} of ${rows.toLocaleString('en-US')} rows cannot be predicted for. ${problems[0]!.message}`,
    {problems, fix: 'Correct these rows or leave them out; nothing was predicted.'},
  );
}
