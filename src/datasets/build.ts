import {createHash} from 'node:crypto';
import type {Source} from '../events/index.ts';
import {computeFeatures, type FeatureSet, identifier, type Spine, useMeaning} from '../features/index.ts';
import {type Label, labelEventsSql} from '../labels/index.ts';
import {type ColumnData, canonicalJson, type DatasetRecord, MillraceError} from '../protocol/index.ts';
import type {SqlEngine} from '../stores/index.ts';
import {auditFeatures} from './audit.ts';

export type DatasetDefinition = {
  readonly name: string;
  /** Stream whose events are the decisions. */
  readonly spine: Source;
  readonly features: FeatureSet;
  readonly label: Label;
  /** Columns of the spine to keep beside the features, for slices and baselines. */
  readonly keep: readonly string[];
};

export type BuildOptions = {
  readonly sql: SqlEngine;
  /** SQL of the archived events of a stream. */
  readonly relation: (stream: string) => string;
  /** Decisions in [from, to), UTC ms. */
  readonly from: number;
  readonly to: number;
  /** Nothing that was not known then is used. */
  readonly asOf: number;
  readonly id: string;
  readonly createdAt: number;
  /** Rows of the audit; 0 for none. */
  readonly auditRows: number;
  readonly seed: number;
  readonly onView?: (view: string, done: number, all: number) => void;
};

/** Rows in order of (time, id). */
export type TrainingSet = {
  readonly record: DatasetRecord;
  readonly times: Float64Array;
  readonly labels: Float64Array;
  readonly features: Readonly<Record<string, ColumnData>>;
  readonly kept: Readonly<Record<string, ColumnData>>;
};

/** Builds a training set: one row per decision, features as of the decision, the label as it became known. */
export async function buildTrainingSet(definition: DatasetDefinition, options: BuildOptions): Promise<TrainingSet> {
  const started = performance.now();
  const {sql, relation, asOf, id} = options;
  const {features: set, label} = definition;
  const table = `spine_${id.replaceAll(/\W/g, '_')}`;
  const counts = await createSpine(table, definition, options);
  try {
    if (counts.rows === 0)
      throw new MillraceError(
        'DATASET_EMPTY',
        `No labelled row in '${definition.name}' from ${iso(options.from)} to ${iso(options.to)} as of ${iso(asOf)}: ${counts.pending} pending, ${counts.unknown} without a label.`,
        {
          fix:
            counts.pending > 0 || counts.unknown === 0
              ? 'Ingest more history, or choose a later time.'
              : `See that events of '${label.source.name}' name decisions in '${label.on}' and come after them, within the label's window; millrace check knows more.`,
        },
      );
    const spine: Spine = {table, rows: counts.rows, minTime: counts.minTime, maxTime: counts.maxTime};
    const columns = await computeFeatures(set, spine, {
      sql,
      relation,
      ...(options.onView ? {onView: options.onView} : {}),
    });
    const kept = await spineColumns(definition, table, counts.rows, sql);
    const leakage = await auditFeatures(set, spine, columns, {
      sql,
      relation,
      rows: options.auditRows,
      seed: options.seed,
      own: [definition.spine.name, label.source.name],
    });
    const features = Object.fromEntries(set.features.map(({name}) => [name, columns[name]!]));
    const record: DatasetRecord = {
      id,
      model: definition.name,
      createdAt: options.createdAt,
      asOf,
      from: options.from,
      to: options.to,
      rows: counts.rows,
      positives: kept.labels.reduce((sum, y) => sum + (y === 1 ? 1 : 0), 0),
      pending: counts.pending,
      unknown: counts.unknown,
      features: set.features.map(({name}) => name),
      hash: hashOf({features: meaningOf(set), label, asOf}, kept.times, kept.labels, features),
      leakage,
      seconds: (performance.now() - started) / 1_000,
    };
    return {record, times: kept.times, labels: kept.labels, features, kept: kept.columns};
  } finally {
    await sql.run(`DROP TABLE IF EXISTS ${identifier(table)}`);
  }
}

const iso = (ms: number): string => new Date(ms).toISOString();

async function createSpine(
  table: string,
  {spine, label, features, keep}: DatasetDefinition,
  {sql, relation, from, to, asOf}: BuildOptions,
) {
  const fields = [...new Set([...Object.keys(features.request), ...keep])];
  const columns = fields.map(field => `d.${identifier(field)}`).join(', ');
  const closed = `d._time + ${label.withinMs} <= ${asOf}`;
  const joined = `SELECT d._time AS _q, d._id AS _id, ${columns}, ${closed} AS closed, ${label.rule === 'exists' ? 'CASE WHEN l.id IS NULL THEN 0.0 ELSE 1.0 END' : 'l.value'} AS _label
    FROM ${relation(spine.name)} d LEFT JOIN (${labelEventsSql(label, relation(label.source.name), asOf)}) l
      ON l.id = d._id AND l.time > d._time AND l.arrival < d._time + ${label.withinMs}
    WHERE d._time >= ${from} AND d._time < ${to} AND d._arrival <= ${asOf}
    QUALIFY row_number() OVER (PARTITION BY d._id ORDER BY d._position, l.arrival, l.time, l.event) = 1`;
  await sql.run(`CREATE OR REPLACE TABLE ${identifier(`${table}_all`)} AS ${joined}`);
  await sql.run(`CREATE OR REPLACE TABLE ${identifier(table)} AS
    SELECT row_number() OVER (ORDER BY _q, _id) - 1 AS _row, NULL::BIGINT AS _position, * EXCLUDE (closed)
    FROM ${identifier(`${table}_all`)} WHERE closed AND _label IS NOT NULL ORDER BY _q, _id`);
  const [all] = await sql.rows(
    `SELECT CAST(count(*) FILTER (NOT closed) AS DOUBLE) AS pending, CAST(count(*) FILTER (closed AND _label IS NULL) AS DOUBLE) AS missing FROM ${identifier(`${table}_all`)}`,
  );
  const [kept] = await sql.rows(
    `SELECT CAST(count(*) AS DOUBLE) AS n, CAST(min(_q) AS DOUBLE) AS low, CAST(max(_q) AS DOUBLE) AS high FROM ${identifier(table)}`,
  );
  await sql.run(`DROP TABLE ${identifier(`${table}_all`)}`);
  return {
    rows: Number(kept!.n),
    minTime: Number(kept!.low),
    maxTime: Number(kept!.high),
    pending: Number(all!.pending),
    unknown: Number(all!.missing),
  };
}

async function spineColumns({keep, spine}: DatasetDefinition, table: string, rows: number, sql: SqlEngine) {
  const times = new Float64Array(rows);
  const labels = new Float64Array(rows);
  const columns: Record<string, Float64Array | (string | null)[]> = {};
  for (const name of keep)
    columns[name] = spine.schema[name]!.type === 'string' ? new Array<string | null>(rows) : new Float64Array(rows);
  const same = new Map<string | null, string | null>();
  let at = 0;
  for await (const chunk of sql.stream(
    `SELECT _q, _label${keep.map(name => `, ${identifier(name)}`).join('')} FROM ${identifier(table)} ORDER BY _row`,
  )) {
    times.set(chunk.columns._q as Float64Array, at);
    labels.set(chunk.columns._label as Float64Array, at);
    for (const name of keep) {
      const from = chunk.columns[name]!;
      const to = columns[name]!;
      if (to instanceof Float64Array) to.set(from as Float64Array, at);
      else
        for (let i = 0; i < chunk.count; i++) {
          const text = from[i] as string | null;
          if (!same.has(text)) same.set(text, text);
          to[at + i] = same.get(text)!;
        }
    }
    at += chunk.count;
  }
  return {times, labels, columns};
}

/** What the values depend on, without the words about them. */
const meaningOf = ({views, request, derived}: FeatureSet) => ({
  views: views.map(useMeaning),
  request,
  derived,
});

/** Same definitions, same events, same time: the same bytes, and so the same hash. */
function hashOf(
  definitions: unknown,
  times: Float64Array,
  labels: Float64Array,
  features: Readonly<Record<string, ColumnData>>,
): string {
  const hash = createHash('sha256').update(canonicalJson(definitions));
  const add = (column: ColumnData): void => {
    if (column instanceof Float64Array)
      hash.update(new Uint8Array(column.buffer, column.byteOffset, column.byteLength));
    else for (let i = 0; i < column.length; i += 10_000) hash.update(JSON.stringify(column.slice(i, i + 10_000)));
  };
  add(times);
  add(labels);
  for (const name of Object.keys(features)) {
    hash.update(name);
    add(features[name]!);
  }
  return hash.digest('hex');
}
