/** One stream in the archive: its files in the layout of its source, and those that older layouts have left. */
import {createHash} from 'node:crypto';
import {mkdir, readdir, rm} from 'node:fs/promises';
import {join} from 'node:path';
import {type ColumnSpec, canonicalJson, columnSpecs, MillraceError} from '../../protocol/index.ts';
import type {EventLog, SqlEngine} from '../../stores/index.ts';
import type {Source} from '../source.ts';
import {quoteName} from '../sql-text.ts';
import {archivedBatches} from './archived-batches.ts';
import {carriedRows} from './carried-rows.ts';
import {type FoundManifest, openManifest, type Part, saveManifest} from './manifest.ts';
import {type Erased, emptyManifest, PartFolder, readParquet} from './part-folder.ts';
import {type ArchivePartition, type PartitionBy, partitionAt, type TimeRange} from './partition.ts';
import {addSlices, sliceVersion} from './slice.ts';
import {SQL_TYPE} from './sql-type.ts';

/** Kept in the files beside the columns of the schema. */
const PLATFORM_COLUMNS: readonly ColumnSpec[] = [
  {name: '_position', type: 'int', nullable: false},
  {name: '_arrival', type: 'int', nullable: false},
];

export type ArchivedStreamOptions = {
  readonly log: EventLog;
  readonly sql: SqlEngine;
  /** The archive's folder. */
  readonly folder: string;
  readonly source: Source;
  readonly by: PartitionBy;
};

export class ArchivedStream {
  readonly #log: EventLog;
  readonly #sql: SqlEngine;
  readonly #source: Source;
  readonly #by: PartitionBy;
  readonly #folder: string;
  readonly #specs: readonly ColumnSpec[];
  readonly #layout: string;
  #parts: PartFolder;
  /** In other layouts; kept because they hold events that the log no longer has. */
  #older: readonly PartFolder[] = [];

  constructor({log, sql, folder, source, by}: ArchivedStreamOptions) {
    this.#log = log;
    this.#sql = sql;
    this.#source = source;
    this.#by = by;
    this.#folder = join(folder, source.name);
    this.#specs = [...PLATFORM_COLUMNS, ...columnSpecs(source.schema).map(timeAsInt)];
    const layout = {time: source.time, columns: this.#specs.map(({name, type}) => ({name, type}))};
    this.#layout = createHash('sha256').update(canonicalJson(layout)).digest('hex').slice(0, 8);
    this.#parts = this.#empty(0);
  }

  get tail(): readonly Part[] {
    return this.#parts.tail;
  }

  get archivedTo(): number {
    return this.#parts.manifest.to;
  }

  get archivedFrom(): number {
    return Math.min(this.#parts.manifest.from, ...this.#older.map(({manifest}) => manifest.from));
  }

  async open(): Promise<void> {
    await mkdir(this.#folder, {recursive: true});
    this.#older = await this.#openOlder();
    const found = await this.#openFolder(this.#layout);
    if (found) {
      this.#parts = new PartFolder(join(this.#folder, this.#layout), this.#sql, found.manifest);
      return;
    }
    const [latest] = this.#older.toSorted((a, b) => b.manifest.to - a.manifest.to);
    this.#parts = this.#empty(latest?.manifest.from ?? this.#log.start());
    if (latest) {
      const to = Math.min(latest.manifest.to, this.#log.start());
      await this.#parts.append(this.#specs, to, await carriedRows(this.#sql, latest, this.#specs, to));
    }
  }

  /** Archives what the log holds below position `to` and is not archived yet. */
  async append(to: number): Promise<void> {
    const from = this.archivedTo;
    if (from >= to) return;
    if (from < this.#log.start())
      throw new MillraceError(
        'STORE_CORRUPT',
        `The archive of '${this.#source.name}' ends at position ${from}, and the log begins at ${this.#log.start()}: the events between are in neither.`,
        {fix: `Restore the log's files from a backup, or remove ${this.#folder} to archive what the log still holds.`},
      );
    const batches = this.#log.read({stream: this.#source.name, from, to});
    await this.#parts.append(this.#specs, to, await archivedBatches(this.#source, batches));
  }

  compact(): Promise<void> {
    return this.#parts.compact();
  }

  sweep(): Promise<void> {
    return this.#parts.sweep();
  }

  async erase(positions: readonly number[]): Promise<Erased> {
    const file = join(this.#folder, 'erasing.parquet');
    await this.#sql.writeParquet(
      file,
      [{name: '_position', type: 'int', nullable: false}],
      [{count: positions.length, columns: {_position: Float64Array.from(positions)}}],
    );
    let parts = 0;
    for (const older of this.#older) parts += (await older.erase(file)).parts;
    const erased = await this.#parts.erase(file);
    await rm(file);
    return {parts: parts + erased.parts, partitions: erased.partitions};
  }

  relation({from, to}: TimeRange): string {
    const {schema, id, time} = this.#source;
    const paths = this.#parts.pathsIn({from, to});
    const own = Object.keys(schema).map(quoteName).join(', ');
    const named = `_position, ${quoteName(id)} AS _id, ${quoteName(time)} AS _time, _arrival, ${own}`;
    const bounds = [
      ...(from > -Infinity ? [`${quoteName(time)} >= ${from}`] : []),
      ...(to < Infinity ? [`${quoteName(time)} < ${to}`] : []),
    ];
    const where = bounds.length > 0 ? ` WHERE ${bounds.join(' AND ')}` : '';
    return `(SELECT ${named} FROM ${paths.length > 0 ? readParquet(paths) : emptyRelation(this.#specs)}${where})`;
  }

  partitions(): ArchivePartition[] {
    const {parts, by} = this.#parts.manifest;
    return addSlices(parts.flatMap(({slices}) => slices)).map(slice => ({
      ...partitionAt(by, slice.from),
      rows: slice.rows,
      version: `${this.#layout}-${sliceVersion(slice)}`,
    }));
  }

  #empty(from: number): PartFolder {
    return new PartFolder(
      join(this.#folder, this.#layout),
      this.#sql,
      emptyManifest(this.#by, this.#source.time, from),
    );
  }

  /** Removes the folders of other layouts whose events the log holds as well. */
  async #openOlder(): Promise<PartFolder[]> {
    const older: PartFolder[] = [];
    for (const name of await readdir(this.#folder)) {
      if (name === this.#layout) continue;
      const path = join(this.#folder, name);
      const found = /^[0-9a-f]{8}$/.test(name) ? await this.#openFolder(name) : undefined;
      if (found && found.manifest.from < this.#log.start()) older.push(new PartFolder(path, this.#sql, found.manifest));
      else await rm(path, {recursive: true});
    }
    return older;
  }

  /**
   * The manifest of a layout if it can be used. Files that were lost, that belong to another, longer log, or that are
   * partitioned otherwise are made again if the log still has all their events.
   */
  async #openFolder(layout: string): Promise<FoundManifest | undefined> {
    const folder = join(this.#folder, layout);
    const found = await openManifest(folder);
    if (!found) return undefined;
    const {manifest, lost} = found;
    const end = this.#log.end();
    const remade = this.#log.start() <= manifest.from;
    const problem = lost
      ? `lacks ${lost}`
      : manifest.to > end
        ? `goes to position ${manifest.to}, past the end of the log at ${end}`
        : undefined;
    if (problem === undefined && (manifest.by === this.#by || !remade)) return found;
    if (!remade)
      throw new MillraceError('STORE_CORRUPT', `The archive in ${folder} ${problem}.`, {
        fix: 'Restore it from a backup: the log no longer holds all of its events.',
      });
    await saveManifest(folder, emptyManifest(this.#by, this.#source.time, manifest.from));
    return openManifest(folder);
  }
}

function emptyRelation(specs: readonly ColumnSpec[]): string {
  const columns = specs.map(({name, type}) => `CAST(NULL AS ${SQL_TYPE[type]}) AS ${quoteName(name)}`);
  return `(SELECT ${columns.join(', ')} WHERE false)`;
}

const timeAsInt = (spec: ColumnSpec): ColumnSpec => (spec.type === 'time' ? {...spec, type: 'int'} : spec);
