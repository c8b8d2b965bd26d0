import {createHash} from 'node:crypto';
import {rm} from 'node:fs/promises';
import {join} from 'node:path';
import type {Source} from '../../../events/index.ts';
import {type ColumnData, type ColumnSpec, canonicalJson, type Problem, requireValid} from '../../../protocol/index.ts';
import type {SqlEngine} from '../../../stores/index.ts';
import type {FeatureSet} from '../../definitions/feature-set.ts';
import {useMeaning} from '../../definitions/version.ts';
import {identifier} from '../../expressions/sql.ts';
import {computeFeatures} from '../executor.ts';
import {hashColumns} from '../hash-columns.ts';
import {type PartitionedEvents, partitionsIn} from '../partitioned-events.ts';
import {withScratch} from '../scratch.ts';
import type {Spine} from '../spine.ts';
import {streamReach} from '../stream-reach.ts';
import {DAY_MS, dayName, daysBetween} from './day.ts';
import {type DayManifest, type DaySource, type MaterialisedDay, openDays, saveDays} from './day-manifest.ts';

export type MaterialiseOptions = {
  readonly sql: SqlEngine;
  readonly archive: PartitionedEvents;
  /** Stream whose events are the rows: each asks for the features as of its own time. It has the fields of the request. */
  readonly spine: Source;
  /** The UTC days that overlap [from, to) are computed, each as a whole. */
  readonly from: number;
  readonly to: number;
  /** Its own. Each version of the definition has a folder in it. One process writes to it at a time. */
  readonly folder: string;
  /** After each day that was computed. */
  readonly onDay?: (day: MaterialisedDay) => void;
};

export type Materialised = {
  /** Folder of this version of the definition. */
  readonly folder: string;
  readonly manifest: DayManifest;
  /** Names of the days that were computed now; the others stood. */
  readonly computed: readonly string[];
};

/**
 * The features of a set for each event of a stream, a Parquet file for each day: `_id`, `_time` and the features, in
 * the order of (time, id). A day is computed if it is missing, or if a partition that its windows reach has changed; it
 * reads only those. A process that is stopped in the middle goes on with the first day that is missing.
 * Throws DEFINITION_INVALID if the stream lacks a field of the request.
 */
export async function materialise(set: FeatureSet, options: MaterialiseOptions): Promise<Materialised> {
  const {spine, from, to} = options;
  requireFields(set, spine);
  const definition = setVersion(set, spine);
  const folder = join(options.folder, `${set.name}@${definition}`);
  const found = await openDays(folder);
  const days = new Map((found?.days ?? []).map(day => [day.day, day]));
  const computed: string[] = [];
  const manifest = (): DayManifest => ({
    format: 1,
    set: set.name,
    definition,
    days: [...days.values()].sort((a, b) => (a.day < b.day ? -1 : 1)),
  });
  for (const day of daysBetween(from, to)) {
    const name = dayName(day);
    const sources = sourcesOf(set, options, day);
    const known = days.get(name);
    if (known !== undefined && canonicalJson(known.sources) === canonicalJson(sources)) continue;
    const made = await computeDay(set, options, folder, day, sources);
    days.set(name, made);
    await saveDays(folder, manifest());
    if (known?.file && known.file !== made.file) await rm(join(folder, known.file), {force: true});
    computed.push(name);
    options.onDay?.(made);
  }
  return {folder, manifest: manifest(), computed};
}

function requireFields({name, request}: FeatureSet, spine: Source): void {
  const problems = Object.entries(request).flatMap(([field, {type}]): Problem[] => {
    const declared = spine.schema[field];
    if (declared?.type === type) return [];
    const message = declared
      ? `'${field}' is of type ${type} in the request, and of type ${declared.type} in '${spine.name}'.`
      : `'${spine.name}' has no column '${field}', which the request has.`;
    return [
      {path: `request.${field}`, message, fix: 'Give the rows from a stream that has every field of the request.'},
    ];
  });
  requireValid(`Materialisation of '${name}' over '${spine.name}'`, problems);
}

/** Version of all that the values depend on but the events, as 12 hexadecimal digits. */
function setVersion({views, derived}: FeatureSet, spine: Source): string {
  const meaning = canonicalJson([spine.name, views.map(useMeaning), derived]);
  return createHash('sha256').update(meaning).digest('hex').slice(0, 12);
}

/** What a day depends on: its own rows, and the events that their windows reach. */
function sourcesOf(set: FeatureSet, {archive, spine}: MaterialiseOptions, day: number): DaySource[] {
  const reach = new Map(streamReach(set));
  reach.set(spine.name, reach.get(spine.name) ?? 0);
  return [...reach].map(([stream, ms]) => {
    const range = {from: day - ms, to: day + DAY_MS};
    const versions = partitionsIn(archive, stream, range).map(({from, version}) => [from, version]);
    return {
      stream,
      from: Number.isFinite(range.from) ? range.from : null,
      to: range.to,
      version: createHash('sha256').update(canonicalJson(versions)).digest('hex').slice(0, 16),
    };
  });
}

function computeDay(
  set: FeatureSet,
  {sql, archive, spine}: MaterialiseOptions,
  folder: string,
  day: number,
  sources: readonly DaySource[],
): Promise<MaterialisedDay> {
  const name = dayName(day);
  return withScratch(sql, async table => {
    const rows = await createRows(sql, table, set, archive.relation(spine.name, {from: day, to: day + DAY_MS}));
    if (rows.rows === 0) return {day: name, sources, rows: 0, hash: hashColumns({}), file: null};
    const ranges = new Map(sources.map(({stream, from, to}) => [stream, {from: from ?? Number.NEGATIVE_INFINITY, to}]));
    const relation = (stream: string) => archive.relation(stream, ranges.get(stream));
    const computed = await computeFeatures(set, rows, {sql, relation});
    const columns: Record<string, ColumnData> = {...(await identity(sql, rows)), ...computed};
    const hash = hashColumns(columns);
    const file = `${name}-${hash.slice(0, 12)}.parquet`;
    await sql.writeParquet(join(folder, file), columnSpecsOf(set), [{count: rows.rows, columns}]);
    return {day: name, sources, rows: rows.rows, hash, file};
  });
}

/** One row for each event of the day; of several with the same id the first of the log. */
async function createRows(sql: SqlEngine, table: string, {request}: FeatureSet, events: string): Promise<Spine> {
  const fields = Object.keys(request).map(field => `, ${identifier(field)}`);
  await sql.run(
    `CREATE OR REPLACE TABLE ${identifier(table)} AS SELECT row_number() OVER (ORDER BY _q, _id) - 1 AS _row, NULL::BIGINT AS _position, * FROM (SELECT _time AS _q, _id${fields.join('')} FROM ${events} QUALIFY row_number() OVER (PARTITION BY _id ORDER BY _position) = 1)`,
  );
  const [row] = await sql.rows(
    `SELECT count(*) AS n, coalesce(min(_q), 0) AS low, coalesce(max(_q), 0) AS high FROM ${identifier(table)}`,
  );
  return {table, rows: Number(row!.n), minTime: Number(row!.low), maxTime: Number(row!.high)};
}

async function identity(sql: SqlEngine, {table, rows}: Spine): Promise<Record<string, ColumnData>> {
  const ids: (string | null)[] = [];
  const times = new Float64Array(rows);
  for await (const {count, columns} of sql.stream(`SELECT _id, _q FROM ${identifier(table)} ORDER BY _row`)) {
    times.set(columns._q as Float64Array, ids.length);
    for (let i = 0; i < count; i++) ids.push(columns._id![i] as string);
  }
  return {_id: ids, _time: times};
}

/** Times stay epoch milliseconds, as everywhere in the archive. */
const columnSpecsOf = ({features}: FeatureSet): ColumnSpec[] => [
  {name: '_id', type: 'string', nullable: false},
  {name: '_time', type: 'int', nullable: false},
  ...features.map(({name, type}) => ({name, type: type === 'time' ? ('int' as const) : type, nullable: true})),
];
