import {type Columns, type JsonValue, MillraceError} from '../../protocol/index.ts';
import type {SqlEngine} from '../../stores/index.ts';
import {shorten, show, TYPE_IN_WORDS} from '../checks/rule.ts';
import {rebatch, select} from '../columns.ts';
import type {RefusedRow} from '../gate/refusal.ts';
import type {FileOrigin} from '../origin.ts';
import {doorColumns} from '../schema/vectors.ts';
import type {Source} from '../source.ts';
import {csvScan} from './csv-scan.ts';
import {originFiles} from './files.ts';
import {FILE, historyQuery, UNREADABLE, valueSql} from './history-query.ts';
import {jsonLinesScan} from './json-lines-scan.ts';
import {parquetScan} from './parquet-scan.ts';
import {firstUnreadable, requireWhole} from './parquet-whole.ts';
import {requireSchema} from './require-schema.ts';
import type {Scan} from './scan.ts';
import {withVectors} from './vector-scan.ts';

export type HistoryOptions = {
  /** Folder of the project: what the path of the origin is relative to. */
  readonly folder: string;
  /** Bounds on the event time (UTC ms): [from, until). */
  readonly from?: number;
  readonly until?: number;
  /** Only this many rows of the history, the first in time; `from` and `until` choose among them. */
  readonly limit?: number;
};

/** Rows of a history, and those that cannot be read as the declared types. */
export type HistoryBatch = Columns & {readonly unreadable: readonly RefusedRow[]};

const BATCH_ROWS = 8_192;

/**
 * Reads the files of a source in the order of event time, then id (then all other columns, so that the order is
 * the same every time). Rows whose values cannot be converted
 * (`abc` in a column of integers) come as `unreadable`; those without a readable time come first. Throws
 * SOURCE_NOT_FOUND, and SOURCE_SCHEMA with all that is wrong with the columns.
 */
export async function* readHistory(
  source: Source,
  sql: SqlEngine,
  options: HistoryOptions,
): AsyncIterable<HistoryBatch> {
  const scan = await openScan(source, sql, options.folder);
  const {text, parameters} = historyQuery(source, scan, options);
  const batches = rebatch(guarded(sql.stream(text, parameters), source, sql, options.folder), BATCH_ROWS);
  for await (const batch of batches) yield splitUnreadable(source, batch);
}

/** Number of rows in the files whose event time lies before `time`. */
export async function countBefore(source: Source, sql: SqlEngine, folder: string, time: number): Promise<number> {
  const scan = await openScan(source, sql, folder);
  const value = valueSql(scan, source, source.time);
  const [row] = await sql
    .rows(`SELECT count(*) AS n FROM ${scan.relation} AS ${FILE} WHERE ${value} < $1`, [time])
    .catch(cause => rethrow(cause, source, sql, folder));
  return Number(row!.n);
}

/** First and last event time in the files (UTC ms); null if they hold no event. */
export async function historyRange(
  source: Source,
  sql: SqlEngine,
  folder: string,
): Promise<{readonly from: number; readonly to: number} | null> {
  const scan = await openScan(source, sql, folder);
  const value = valueSql(scan, source, source.time);
  const [row] = await sql
    .rows(
      `SELECT CAST(min(${value}) AS DOUBLE) AS low, CAST(max(${value}) AS DOUBLE) AS high FROM ${scan.relation} AS ${FILE}`,
    )
    .catch(cause => rethrow(cause, source, sql, folder));
  return row?.low == null || row.high == null ? null : {from: Number(row.low), to: Number(row.high)};
}

async function openScan(source: Source, sql: SqlEngine, folder: string): Promise<Scan> {
  const origin = fileOrigin(source);
  const files = await originFiles(origin, folder, sql);
  const scan = await open(source, origin, files, sql);
  requireSchema(source, scan);
  return scan;
}

function fileOrigin({name, from}: Source): FileOrigin {
  if (from?.kind === 'file') return from;
  if (from)
    throw new MillraceError('SOURCE_NOT_FOUND', `Source '${name}' has no files: its events come from ${from.kind}.`, {
      fix: 'Start the platform: what the server holds already is read first, as history.',
    });
  throw new MillraceError('SOURCE_NOT_FOUND', `Source '${name}' has no history: it declares no files.`, {
    fix: `Declare from: parquet('...'), csv('...') or jsonLines('...') on the source, or push its events.`,
  });
}

async function open(source: Source, {format}: FileOrigin, files: readonly string[], sql: SqlEngine): Promise<Scan> {
  try {
    if (format === 'csv') return await csvScan(files, sql);
    if (format === 'jsonl') {
      const names = doorColumns(source).map(({name}) => name);
      return withVectors(await jsonLinesScan(files, names, sql), source, format);
    }
    await requireWhole(files);
    return withVectors(await parquetScan(files, sql), source, format);
  } catch (cause) {
    throw unreadableFile(source, cause);
  }
}

/** A file that the engine cannot read on: a line with too few fields, JSON that does not parse, bytes that are no Parquet. */
async function* guarded(
  stream: AsyncIterable<Columns>,
  source: Source,
  sql: SqlEngine,
  folder: string,
): AsyncIterable<Columns> {
  try {
    yield* stream;
  } catch (cause) {
    return rethrow(cause, source, sql, folder);
  }
}

/** Throws what an engine's error about files is for the person whose files they are. */
async function rethrow(cause: unknown, source: Source, sql: SqlEngine, folder: string): Promise<never> {
  const origin = fileOrigin(source);
  // Of the three formats this one's errors do not name the file.
  const files = origin.format === 'parquet' ? await originFiles(origin, folder, sql) : [];
  throw unreadableFile(source, cause, await firstUnreadable(files, sql));
}

function unreadableFile({name, from}: Source, cause: unknown, path?: string): unknown {
  if (cause instanceof MillraceError && cause.code.startsWith('SOURCE_')) return cause;
  const reason = (cause as Error).message.split('\n').slice(0, 3).join(' ');
  const {format} = from as FileOrigin;
  return new MillraceError(
    'SOURCE_SCHEMA',
    `The ${format} files of source '${name}' cannot be read${path ? ` (${path})` : ''}: ${reason}`,
    {
      cause,
      fix: 'Correct the file, or declare the format that it has.',
    },
  );
}

/** Takes the rows that did not convert out of the batch. */
function splitUnreadable(source: Source, {count, columns}: Columns): HistoryBatch {
  const {[UNREADABLE]: marks, ...values} = columns as Columns['columns'] & {[UNREADABLE]: readonly (string | null)[]};
  const unreadable: RefusedRow[] = [];
  const kept: number[] = [];
  for (let i = 0; i < count; i++) {
    const mark = marks[i];
    if (mark) unreadable.push(refusedRow(source, mark));
    else kept.push(i);
  }
  const readable = unreadable.length === 0 ? {count, columns: values} : select({count, columns: values}, kept);
  return {...readable, unreadable};
}

function refusedRow({schema, vectors, from}: Source, mark: string): RefusedRow {
  const {column, row} = JSON.parse(mark) as {column: string; row: Record<string, JsonValue>};
  const size = Object.hasOwn(vectors, column) ? vectors[column] : undefined;
  const texts = (from as FileOrigin).format !== 'jsonl';
  const value = row[column];
  const example = size === undefined ? show(value) : shorten(texts ? String(value) : JSON.stringify(value));
  const must = size === undefined ? TYPE_IN_WORDS[schema[column]!.type] : `a list of ${size} finite numbers`;
  const refused = {check: 'type', message: `${column} must be ${must}; got ${example}.`, example, row};
  return texts ? {...refused, texts} : refused;
}
