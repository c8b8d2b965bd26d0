import {rm} from 'node:fs/promises';
import {join} from 'node:path';
import {type ColumnData, type ColumnSpec, type Columns, columnSpecs, type Schema} from '../../protocol/index.ts';
import type {SqlEngine} from '../../stores/index.ts';
import {identifier} from '../expressions/sql.ts';
import {withScratch} from './scratch.ts';
import type {Spine} from './spine.ts';

/** Rows of a spine, column by column. */
export type SpineRows = {
  readonly count: number;
  /** Query times (UTC ms). */
  readonly q: Float64Array;
  /** Events from these log positions on are not seen; NaN: all are. */
  readonly positions: Float64Array;
  /** The fields of the request, times as UTC ms. */
  readonly request: Readonly<Record<string, ColumnData>>;
};

/**
 * Makes a spine of rows that are in memory, for as long as the work takes: neither the table nor the file in `folder`
 * that it is read from outlives it.
 */
export function withSpine<T>(
  {sql, folder}: {readonly sql: SqlEngine; readonly folder: string},
  request: Schema,
  batches: readonly SpineRows[],
  work: (spine: Spine) => Promise<T>,
): Promise<T> {
  return withScratch(sql, async table => {
    const path = join(folder, `${table}.parquet`);
    try {
      await sql.writeParquet(path, specsOf(request), columnsOf(batches));
      await sql.run(`CREATE TABLE ${identifier(table)} AS SELECT * FROM read_parquet('${path.replaceAll("'", "''")}')`);
    } finally {
      await rm(path, {force: true});
    }
    let [rows, minTime, maxTime] = [0, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
    for (const {count, q} of batches) {
      rows += count;
      for (let i = 0; i < count; i++) {
        minTime = Math.min(minTime, q[i]!);
        maxTime = Math.max(maxTime, q[i]!);
      }
    }
    return work({table, rows, minTime, maxTime});
  });
}

function specsOf(request: Schema): ColumnSpec[] {
  const int = (name: string): ColumnSpec => ({name, type: 'int', nullable: true});
  return [
    ...['_row', '_q', '_position'].map(int),
    ...columnSpecs(request).map(spec => ({...spec, type: spec.type === 'time' ? 'int' : spec.type, nullable: true})),
  ] as ColumnSpec[];
}

function* columnsOf(batches: readonly SpineRows[]): Generator<Columns> {
  let first = 0;
  for (const {count, q, positions, request} of batches) {
    const _row = Float64Array.from({length: count}, (_, i) => first + i);
    yield {count, columns: {_row, _q: q, _position: positions, ...request}};
    first += count;
  }
}
