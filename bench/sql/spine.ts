// The decisions as a table, and the features of a set as columns from any SQL that gives them by `_row`.
import {type FeatureSet, identifier, type Spine} from '../../src/features/index.ts';
import type {SqlEngine} from '../../src/stores/index.ts';

/** Makes the table `spine` of all departures: what a training set without labels would have as rows. */
export async function createSpine(set: FeatureSet, sql: SqlEngine, relation: string): Promise<Spine> {
  const fields = Object.keys(set.request).map(identifier).join(', ');
  await sql.run(`CREATE OR REPLACE TABLE spine AS
    SELECT row_number() OVER (ORDER BY _time, _id) - 1 AS _row, NULL::BIGINT AS _position, _time AS _q, _id, ${fields}
    FROM ${relation} ORDER BY _time, _id`);
  const [row] = await sql.rows(
    'SELECT count(*)::DOUBLE AS n, min(_q)::DOUBLE AS low, max(_q)::DOUBLE AS high FROM spine',
  );
  return {table: 'spine', rows: Number(row!.n), minTime: Number(row!.low), maxTime: Number(row!.high)};
}

/** Runs queries that each give `_row` and some numeric features, in any order, into columns by row. */
export async function collect(
  sql: SqlEngine,
  rows: number,
  queries: readonly string[],
): Promise<Record<string, Float64Array>> {
  const result: Record<string, Float64Array> = {};
  for (const query of queries)
    for await (const {count, columns} of sql.stream(query)) {
      const at = columns._row as Float64Array;
      for (const [name, column] of Object.entries(columns)) {
        if (name === '_row') continue;
        result[name] ??= new Float64Array(rows);
        const out = result[name];
        for (let i = 0; i < count; i++) out[at[i]!] = (column as Float64Array)[i]!;
      }
    }
  return result;
}

/** The largest difference of two results, relative to the value above 1. Throws if one has a value where the other has none. */
export function largestDifference(
  a: Readonly<Record<string, ArrayLike<unknown>>>,
  b: Readonly<Record<string, Float64Array>>,
): number {
  let largest = 0;
  for (const [name, column] of Object.entries(b)) {
    const other = a[name] as Float64Array;
    for (let i = 0; i < column.length; i++) {
      const [x, y] = [other[i]!, column[i]!];
      if (Number.isNaN(x) !== Number.isNaN(y)) throw new Error(`${name} of row ${i}: ${x} and ${y}.`);
      if (x !== y && !Number.isNaN(x)) largest = Math.max(largest, Math.abs(x - y) / Math.max(1, Math.abs(x)));
    }
  }
  return largest;
}
