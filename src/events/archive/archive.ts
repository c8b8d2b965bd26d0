import {createHash} from 'node:crypto';
import {rm} from 'node:fs/promises';
import {join} from 'node:path';
import {
  type ColumnData,
  type ColumnSpec,
  type Columns,
  canonicalJson,
  columnSpecs,
  MillraceError,
  type PositionedBatch,
  positionAt,
} from '../../protocol/index.ts';
import type {EventLog, SqlEngine} from '../../stores/index.ts';
import type {Source} from '../source.ts';
import {quoteName, quoteText} from '../sql-text.ts';
import {openParts, type Part, partAt, partPath, partsToMerge} from './parts.ts';

export type EventArchiveOptions = {
  readonly log: EventLog;
  readonly sql: SqlEngine;
  /** Where the Parquet files are kept; the folder is the archive's own. */
  readonly folder: string;
  readonly sources: readonly Source[];
};

const MAX_PARTS = 64;

/** Kept in the files beside the columns of the schema. */
const PLATFORM_COLUMNS: readonly ColumnSpec[] = [
  {name: '_position', type: 'int', nullable: false},
  {name: '_arrival', type: 'int', nullable: false},
];

/** One archived stream. */
type Stream = {
  readonly source: Source;
  readonly specs: readonly ColumnSpec[];
  readonly folder: string;
  parts: readonly Part[];
  /** Merged away: still there for queries that were under way, removed by the next update. */
  obsolete: readonly Part[];
};

/**
 * Parquet copies of the event log, one folder per stream, for SQL. A copy, not a second truth: it can be
 * deleted at any time and is made again from the log. Besides the columns of the schema each event has
 * `_position` (in the log), `_id`, `_time` and `_arrival`; all times are BIGINT epoch milliseconds.
 *
 * A part is named by the positions that it covers and appears whole or not at all, so the archive continues
 * where its last part ends. A source whose columns change begins a new folder.
 */
export class EventArchive {
  readonly #log: EventLog;
  readonly #sql: SqlEngine;
  readonly #streams: ReadonlyMap<string, Stream>;
  #opened = false;
  #updating: Promise<void> = Promise.resolve();

  constructor({log, sql, folder, sources}: EventArchiveOptions) {
    this.#log = log;
    this.#sql = sql;
    this.#streams = new Map(
      sources.map(source => {
        const specs = [...PLATFORM_COLUMNS, ...columnSpecs(source.schema).map(timeAsInt)];
        const layout = canonicalJson(specs.map(({name, type}) => ({name, type})));
        const version = createHash('sha256').update(layout).digest('hex').slice(0, 8);
        return [source.name, {source, specs, folder: join(folder, source.name, version), parts: [], obsolete: []}];
      }),
    );
  }

  /**
   * Archives the events below log position `to` (the end of the log unless given) that are not archived yet.
   * Calls that overlap run one after the other.
   */
  update(to = this.#log.end()): Promise<void> {
    const update = this.#updating.then(() => this.#update(to));
    // The next update waits for this one but does not inherit its failure, which its own caller gets.
    this.#updating = update.catch(() => undefined);
    return update;
  }

  /**
   * What to write after FROM to select the events of a stream, as of the last update; alias it as you like.
   * Good until the update after the next one. Throws STREAM_UNKNOWN.
   */
  relation(stream: string): string {
    const {source, parts, specs} = this.#stream(stream);
    const own = Object.keys(source.schema).map(quoteName).join(', ');
    const named = `_position, ${quoteName(source.id)} AS _id, ${quoteName(source.time)} AS _time, _arrival, ${own}`;
    return `(SELECT ${named} FROM ${parts.length > 0 ? readParts(parts) : emptyRelation(specs)})`;
  }

  /** Log position up to which a stream is archived. */
  archivedTo(stream: string): number {
    return this.#stream(stream).parts.at(-1)?.to ?? 0;
  }

  async #update(to: number): Promise<void> {
    if (!this.#opened)
      for (const stream of this.#streams.values()) stream.parts = await openParts(stream.folder, this.#log.end());
    this.#opened = true;
    for (const stream of this.#streams.values()) {
      for (const part of stream.obsolete) await rm(part.path, {force: true});
      stream.obsolete = [];
      await this.#append(stream, to);
      if (stream.parts.length > MAX_PARTS) await this.#merge(stream);
    }
  }

  async #append(stream: Stream, to: number): Promise<void> {
    const from = stream.parts.at(-1)?.to ?? 0;
    if (from >= to) return;
    const batches = this.#log.read({stream: stream.source.name, from, to})[Symbol.asyncIterator]();
    const first = await batches.next();
    // A part for nothing would be clutter; the next part will cover these positions too.
    if (first.done) return;
    await this.#sql.writeParquet(
      partPath(stream.folder, from, to),
      stream.specs,
      archived(stream, first.value, batches),
    );
    stream.parts = [...stream.parts, await partAt(stream.folder, from, to)];
  }

  async #merge(stream: Stream): Promise<void> {
    const merged = partsToMerge(stream.parts);
    const from = merged[0]!.from;
    const to = merged.at(-1)!.to;
    const rows = this.#sql.stream(`SELECT * FROM ${readParts(merged)} ORDER BY _position`);
    await this.#sql.writeParquet(partPath(stream.folder, from, to), stream.specs, rows);
    stream.parts = [...stream.parts.slice(0, -merged.length), await partAt(stream.folder, from, to)];
    stream.obsolete = merged;
  }

  #stream(name: string): Stream {
    if (!this.#opened) throw new TypeError('update() the archive before it is read.');
    const stream = this.#streams.get(name);
    if (stream) return stream;
    throw new MillraceError('STREAM_UNKNOWN', `There is no stream '${name}' in the archive.`, {
      fix: `Use one of ${[...this.#streams.keys()].join(', ')}.`,
    });
  }
}

const readParts = (parts: readonly Part[]) => `read_parquet([${parts.map(part => quoteText(part.path)).join(', ')}])`;

function emptyRelation(specs: readonly ColumnSpec[]): string {
  const columns = specs.map(({name, type}) => `CAST(NULL AS ${SQL_TYPE[type]}) AS ${quoteName(name)}`);
  return `(SELECT ${columns.join(', ')} WHERE false)`;
}

const SQL_TYPE = {string: 'VARCHAR', number: 'DOUBLE', int: 'BIGINT', bool: 'BOOLEAN', time: 'BIGINT'} as const;

const timeAsInt = (spec: ColumnSpec): ColumnSpec => (spec.type === 'time' ? {...spec, type: 'int'} : spec);

async function* archived(
  {source}: Stream,
  first: PositionedBatch,
  rest: AsyncIterator<PositionedBatch>,
): AsyncIterable<Columns> {
  try {
    yield withPlatformColumns(source, first);
    for (let next = await rest.next(); !next.done; next = await rest.next())
      yield withPlatformColumns(source, next.value);
  } finally {
    await rest.return?.();
  }
}

function withPlatformColumns({schema}: Source, batch: PositionedBatch): Columns {
  const {count, arrivalTimes} = batch;
  const positions = batch.positions ?? Float64Array.from({length: count}, (_, i) => positionAt(batch, i));
  const columns: Record<string, ColumnData> = {
    _position: positions,
    _arrival: arrivalTimes,
  };
  // An event from before a column was declared has null there.
  for (const [name, {type}] of Object.entries(schema))
    columns[name] =
      batch.columns[name] ??
      (type === 'string' ? new Array(count).fill(null) : new Float64Array(count).fill(Number.NaN));
  return {count, columns};
}
