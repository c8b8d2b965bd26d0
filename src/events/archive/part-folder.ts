/** The Parquet files of one stream in one layout, and the three ways in which they change: append, compact, erase. */
import {rm, stat} from 'node:fs/promises';
import {join} from 'node:path';
import type {ColumnSpec, Columns} from '../../protocol/index.ts';
import type {SqlEngine} from '../../stores/index.ts';
import {quoteName, quoteText} from '../sql-text.ts';
import {type Manifest, type Part, saveManifest, syncPath} from './manifest.ts';
import {firstToJoin} from './merge-rule.ts';
import {type PartitionBy, partitionAt, partitionName, type TimeRange} from './partition.ts';
import {addSlices, type Slice, SliceCounter, subtractSlices} from './slice.ts';

/** What is to be erased: a Parquet file with a column `_position`, for joins. */
export type PositionsFile = string;

export type Erased = {
  /** Files written anew or dropped. */
  readonly parts: number;
  /** Partitions that lost events, in the order of time. */
  readonly partitions: readonly TimeRange[];
};

const BY_TIME = 'time';
const BY_POSITION = 'position';

/** A tail that goes to at least so many partitions is sorted first, which costs about as much as reading it a few times. */
const SORT_PARTITIONS = 8;

/** Nothing here runs at the same time as another change of the folder: the caller sees to that. */
export class PartFolder {
  readonly folder: string;
  readonly #sql: SqlEngine;
  #manifest: Manifest;
  /** Replaced: still there for queries that were under way, removed by `sweep`. */
  #obsolete: readonly string[] = [];

  constructor(folder: string, sql: SqlEngine, manifest: Manifest) {
    this.folder = folder;
    this.#sql = sql;
    this.#manifest = manifest;
  }

  get manifest(): Manifest {
    return this.#manifest;
  }

  /** Parts that hold events as they came. */
  get tail(): readonly Part[] {
    return this.#manifest.parts.filter(({partition}) => partition === null);
  }

  /** Paths of the parts with events of a time range. */
  pathsIn({from, to}: TimeRange): string[] {
    const {by, parts} = this.#manifest;
    const meets = (slice: Slice) => slice.from < to && partitionAt(by, slice.from).to > from;
    return parts.filter(({slices}) => slices.some(meets)).map(part => this.#path(part));
  }

  /** Adds a part with what the stream holds at positions up to `to`; without rows only the position is noted. */
  async append(specs: readonly ColumnSpec[], to: number, rows: AsyncIterable<Columns> | null): Promise<void> {
    const parts = [...this.#manifest.parts];
    const {by, time, nextFile} = this.#manifest;
    if (rows) {
      const counter = new SliceCounter(by);
      const file = `part-${digits(this.#manifest.to)}-${digits(to)}-${nextFile}.parquet`;
      await this.#sql.writeParquet(join(this.folder, file), specs, counted(rows, counter, time));
      parts.push(await this.#part(file, null, counter.slices()));
    }
    await this.#switch({to, parts, nextFile: nextFile + 1});
  }

  /**
   * Moves the events of the tail to partitions, each file sorted by time. Of a partition's files those are joined with
   * the new one that are not larger than all after them, so that an event is copied a number of times that grows with
   * the logarithm of its partition, and a partition has a number of files that does.
   */
  async compact(): Promise<void> {
    const {tail} = this;
    if (tail.length === 0) return;
    const {by} = this.#manifest;
    let {nextFile} = this.#manifest;
    let parts = this.#manifest.parts.filter(({partition}) => partition !== null);
    const coming = addSlices(tail.flatMap(({slices}) => slices));
    const sorted = coming.length >= SORT_PARTITIONS ? await this.#sort(tail) : undefined;
    for (const slice of coming) {
      const sources = tail.filter(({slices}) => slices.some(({from}) => from === slice.from));
      const standing = parts.filter(({partition}) => partition === slice.from);
      const bytes = sources.reduce((sum, part) => sum + bytesOf(part, slice.from), 0);
      const first = firstToJoin([...standing.map(part => part.bytes), bytes]);
      const joined = first < 0 ? [] : standing.slice(first);
      const file = `${partitionName(by, slice.from)}-${nextFile++}.parquet`;
      const added = `SELECT * FROM ${sorted ?? this.#read(sources)} WHERE ${this.#inPartition(slice)}`;
      const rows = joined.length > 0 ? `${added} UNION ALL SELECT * FROM ${this.#read(joined)}` : added;
      await this.#write(file, rows, BY_TIME);
      const slices = addSlices([slice, ...joined.flatMap(part => part.slices)]);
      parts = [...parts.filter(part => !joined.includes(part)), await this.#part(file, slice.from, slices)];
    }
    await rm(this.#sortedPath, {force: true});
    await this.#switch({parts, nextFile});
  }

  /** Writes the parts anew that hold any of the positions. The old files are gone when this resolves, also for queries under way. */
  async erase(positions: PositionsFile): Promise<Erased> {
    const lost = await this.#lostBy(positions);
    let {nextFile} = this.#manifest;
    const parts: Part[] = [];
    for (const part of this.#manifest.parts) {
      const less = lost.get(this.#path(part));
      const slices = less ? subtractSlices(part.slices, less) : part.slices;
      if (!less) parts.push(part);
      else if (slices.length > 0) {
        const file = part.file.replace(/-\d+\.parquet$/, `-${nextFile++}.parquet`);
        const kept = `SELECT * FROM ${this.#read([part])}
          WHERE _position NOT IN (SELECT _position FROM ${readParquet([positions])})`;
        await this.#write(file, kept, part.partition === null ? BY_POSITION : BY_TIME);
        parts.push(await this.#part(file, part.partition, slices));
      }
    }
    if (lost.size > 0) await this.#switch({parts, nextFile});
    await this.sweep();
    const {by} = this.#manifest;
    const partitions = addSlices([...lost.values()].flat()).map(({from}) => partitionAt(by, from));
    return {parts: lost.size, partitions};
  }

  /** Removes files that were replaced. */
  async sweep(): Promise<void> {
    for (const path of this.#obsolete) await rm(path, {force: true});
    this.#obsolete = [];
  }

  /** What each part, by its path, holds of the positions. */
  async #lostBy(positions: PositionsFile): Promise<Map<string, readonly Slice[]>> {
    const {parts, by, time} = this.#manifest;
    const counters = new Map<string, SliceCounter>();
    if (parts.length === 0) return new Map();
    const files = parts.map(part => this.#path(part));
    const query = `SELECT filename, _position, ${quoteName(time)} AS _time FROM ${readParquet(files, 'filename = true')}
      WHERE _position IN (SELECT _position FROM ${readParquet([positions])})`;
    for await (const {count, columns} of this.#sql.stream(query)) {
      const names = columns.filename as readonly string[];
      for (let i = 0; i < count; i++) {
        const counter = counters.get(names[i]!) ?? new SliceCounter(by);
        counters.set(names[i]!, counter);
        counter.add(row(columns._time as Float64Array, i), row(columns._position as Float64Array, i));
      }
    }
    return new Map([...counters].map(([path, counter]) => [path, counter.slices()]));
  }

  async #switch(change: Partial<Manifest>): Promise<void> {
    const next = {...this.#manifest, ...change};
    await saveManifest(this.folder, next);
    const kept = new Set(next.parts.map(({file}) => file));
    const replaced = this.#manifest.parts.filter(({file}) => !kept.has(file)).map(part => this.#path(part));
    this.#obsolete = [...this.#obsolete, ...replaced];
    this.#manifest = next;
  }

  /** The tail in one file in the order of time, in which a partition is found without reading the others. */
  async #sort(tail: readonly Part[]): Promise<string> {
    await this.#sql.run(
      `COPY (SELECT * FROM ${this.#read(tail)} ORDER BY ${quoteName(this.#manifest.time)})
       TO ${quoteText(this.#sortedPath)} (FORMAT parquet, COMPRESSION lz4, ROW_GROUP_SIZE 32768)`,
    );
    return readParquet([this.#sortedPath]);
  }

  get #sortedPath(): string {
    return join(this.folder, 'sorted.parquet');
  }

  async #write(file: string, rows: string, order: typeof BY_TIME | typeof BY_POSITION): Promise<void> {
    const path = join(this.folder, file);
    const columns = order === BY_TIME ? `${quoteName(this.#manifest.time)}, _position` : '_position';
    await this.#sql.run(
      `COPY (SELECT * FROM (${rows}) ORDER BY ${columns}) TO ${quoteText(path)} (FORMAT parquet, COMPRESSION zstd)`,
    );
    await syncPath(path);
  }

  #read(parts: readonly Part[]): string {
    return readParquet(parts.map(part => this.#path(part)));
  }

  #inPartition({from}: Slice): string {
    const time = quoteName(this.#manifest.time);
    return `${time} >= ${from} AND ${time} < ${partitionAt(this.#manifest.by, from).to}`;
  }

  async #part(file: string, partition: number | null, slices: readonly Slice[]): Promise<Part> {
    return {file, bytes: (await stat(join(this.folder, file))).size, partition, slices};
  }

  #path({file}: Part): string {
    return join(this.folder, file);
  }
}

/** What to write after FROM to read files of the same columns. */
export const readParquet = (paths: readonly string[], option?: string): string =>
  `read_parquet([${paths.map(quoteText).join(', ')}]${option ? `, ${option}` : ''})`;

/** The manifest of a folder without files, for positions from `from` on. */
export const emptyManifest = (by: PartitionBy, time: string, from: number): Manifest => ({
  format: 1,
  by,
  time,
  from,
  to: from,
  nextFile: 0,
  parts: [],
});

const digits = (position: number): string => String(position).padStart(12, '0');

const row = (column: Float64Array, i: number): Float64Array => column.subarray(i, i + 1);

/** About how many bytes of a part belong to a partition. */
function bytesOf({bytes, slices}: Part, partition: number): number {
  const rows = slices.reduce((sum, slice) => sum + slice.rows, 0);
  return (bytes * slices.find(({from}) => from === partition)!.rows) / rows;
}

async function* counted(rows: AsyncIterable<Columns>, counter: SliceCounter, time: string): AsyncIterable<Columns> {
  for await (const batch of rows) {
    counter.add(batch.columns[time] as Float64Array, batch.columns._position as Float64Array);
    yield batch;
  }
}
