import {rm} from 'node:fs/promises';
import {join} from 'node:path';
import {computeFeatures, type FeatureSet, identifier, withScratch} from '../../features/index.ts';
import type {ColumnData, ColumnSpec, Schema, TypeName} from '../../protocol/index.ts';
import type {Runtime} from '../runtime/runtime.ts';
import type {BatchVersion} from './batch-version.ts';
import type {DonePartition} from './manifest.ts';
import {hashFile, moveInto, quoted} from './requests.ts';

export type PartitionOptions = {
  readonly folder: string;
  /** The file that `writeRequests` made. */
  readonly requests: string;
  readonly schema: Schema;
  readonly version: BatchVersion;
  readonly asOf: number;
  /** SQL of the archived events of a stream. */
  readonly relation: (stream: string) => string;
  /** Writes the features beside the predictions. */
  readonly features: boolean;
};

/** Rows [from, to) of the requests. */
export type PartitionRows = {readonly partition: number; readonly from: number; readonly to: number};

/** A partition under way. `scored`: all is computed and waits to be written, which the engine does on threads of its own. */
export type PartitionWork = {readonly scored: Promise<void>; readonly done: Promise<DonePartition>};

export const partitionFile = (partition: number): string => `part-${String(partition).padStart(5, '0')}.parquet`;

/** Columns of the predictions that are no request fields; a field or feature of such a name gets a prefix. */
const OWN = ['id', 'prediction', 'version', 'at', 'asOf', 'outside'];

/** Predicts for some rows and writes them as one file, which stands under its name when it is whole. */
export function predictPartition(sql: Runtime['sql'], rows: PartitionRows, options: PartitionOptions): PartitionWork {
  let scored = () => {};
  const reached = new Promise<void>(resolve => {
    scored = resolve;
  });
  const done = withScratch(sql, async table => {
    const {version, relation} = options;
    await sql.run(`CREATE TABLE ${identifier(table)} AS ${spineSql(version.set, rows, options)}`);
    const [times] = await sql.rows(`SELECT min(_q) AS low, max(_q) AS high FROM ${identifier(table)}`);
    const spine = {table, rows: rows.to - rows.from, minTime: Number(times!.low), maxTime: Number(times!.high)};
    const columns = await computeFeatures(version.set, spine, {sql, relation});
    const {predictions, outside} = version.score(columns, spine.rows);
    scored();
    return writePartition(sql, table, rows, {...columns, [PREDICTION]: predictions, [OUTSIDE]: outside}, options);
  });
  return {scored: Promise.race([reached, done.then(() => {})]), done};
}

const PREDICTION = '_prediction';
const OUTSIDE = '_outside';
const ROW = '_row';

/** The spine of the batch executor, with what is written beside the predictions. */
function spineSql(set: FeatureSet, {from, to}: PartitionRows, {requests, schema}: PartitionOptions): string {
  // A version may read a field that requests no longer carry: it is null, as it is online.
  const gone = Object.entries(set.request).filter(([field]) => !(field in schema));
  const fields = [
    ...Object.keys(schema).map(identifier),
    ...gone.map(
      ([field, {type}]) => `CAST(NULL AS ${type === 'string' ? 'VARCHAR' : 'DOUBLE'}) AS ${identifier(field)}`,
    ),
  ];
  return `SELECT _row - ${from} AS _row, _q, NULL::BIGINT AS _position, id, ${fields.join(', ')}
    FROM read_parquet(${quoted(requests)}) WHERE _row >= ${from} AND _row < ${to}`;
}

async function writePartition(
  sql: Runtime['sql'],
  table: string,
  {partition, from, to}: PartitionRows,
  columns: Readonly<Record<string, ColumnData>>,
  options: PartitionOptions,
): Promise<DonePartition> {
  const {folder, schema, version, asOf} = options;
  const file = partitionFile(partition);
  const path = join(folder, file);
  const features = options.features ? version.set.features : [];
  const specs: ColumnSpec[] = [
    {name: ROW, type: 'int', nullable: false},
    {name: PREDICTION, type: 'number', nullable: true},
    {name: OUTSIDE, type: 'string', nullable: true},
    ...features.map(feature => ({...feature, nullable: true})),
  ];
  const count = to - from;
  const scores = {count, columns: {...columns, [ROW]: Float64Array.from({length: count}, (_, i) => i)}};
  const fieldsSql = Object.entries(schema).map(
    ([field, {type}]) => `${shownAs(`s.${identifier(field)}`, type)} AS ${nameOf(field, 'request')}`,
  );
  const selected = [
    's.id AS id',
    ...fieldsSql,
    `p.${PREDICTION} AS prediction`,
    `${version.record.version} AS version`,
    `${shownAs('s._q', 'time')} AS "at"`,
    `${shownAs(String(asOf), 'time')} AS "asOf"`,
    `p.${OUTSIDE} AS outside`,
    ...features.map(({name}) => `p.${identifier(name)} AS ${nameOf(name, 'feature')}`),
  ];
  try {
    await sql.writeParquet(`${path}.scores`, specs, [scores]);
    await sql.run(
      `COPY (SELECT ${selected.join(', ')} FROM ${identifier(table)} s JOIN read_parquet(${quoted(`${path}.scores`)}) p ON s._row = p._row ORDER BY s._row)
       TO ${quoted(`${path}.unfinished`)} (FORMAT parquet, COMPRESSION zstd)`,
    );
    await moveInto(`${path}.unfinished`, path);
  } finally {
    for (const end of ['scores', 'unfinished']) await rm(`${path}.${end}`, {force: true});
  }
  return {partition, file, rows: count, sha256: await hashFile(path)};
}

const shownAs = (value: string, type: TypeName): string =>
  type === 'time' ? `make_timestamp_ms(CAST(${value} AS BIGINT))::TIMESTAMP_MS` : value;

/** What a field or a feature is called among the columns. */
export const nameOf = (name: string, kind: 'request' | 'feature'): string =>
  identifier(OWN.includes(name) ? `${kind}.${name}` : name);
