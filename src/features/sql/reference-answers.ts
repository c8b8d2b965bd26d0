import type {SqlEngine} from '../../stores/index.ts';
import {aggregationOf, type Collected} from '../aggregations/table.ts';
import type {Measure} from '../definitions/aggregate.ts';
import type {ViewUse} from '../definitions/feature-set.ts';
import type {WindowFeature} from '../definitions/view.ts';
import {joinedRelation} from '../joins/lookup-sql.ts';
import {StringCodes} from '../windows/string-codes.ts';
import {referenceSql} from './reference-sql.ts';
import {nameIn, type SqlScope} from './visible-sql.ts';
import {windowSql} from './window-sql.ts';

export type ReferenceAnswer = {readonly row: number; readonly value: number | string | null};

/**
 * A feature of every row of the table `spine`, computed apart from any execution: by plain SQL; of a sketch SQL selects
 * the values, and the sketch is made of them anew.
 */
export async function referenceAnswers(
  sql: SqlEngine,
  use: ViewUse,
  feature: WindowFeature,
  spine: string,
  relation: (stream: string) => string,
  where = 'TRUE',
): Promise<ReferenceAnswer[]> {
  const events = joinedRelation(use.view, relation);
  const {divisor} = feature;
  if (!isSketch(feature) && !(divisor && isSketch(divisor))) {
    const rows = await sql.rows(referenceSql(use, feature, spine, events, where));
    return rows.map(({_row, value}) => ({
      row: Number(_row),
      value: typeof value === 'boolean' ? Number(value) : value!,
    }));
  }
  const scope: SqlScope = {use, spine, relation: events, where, dialect: 'duckdb'};
  const answersOf = async (measure: Measure, element: number) =>
    isSketch(measure)
      ? sketched(sql, scope, measure, feature)
      : referenceAnswers(
          sql,
          use,
          {...feature, ...measure, element, divisor: null, default: null},
          spine,
          relation,
          where,
        );
  const values = await answersOf(feature, feature.element);
  const divisors = divisor === null ? null : await answersOf(divisor, 0);
  return values.map(({row, value}, i) => {
    const by = divisors === null ? 1 : Number(divisors[i]!.value ?? 0);
    const answer = value === null || by === 0 ? null : divisors === null ? value : Number(value) / by;
    return {row, value: answer ?? feature.default};
  });
}

const isSketch = ({aggregation: {name}}: Measure): boolean => name === 'distinctSketch' || name === 'quantileSketch';

async function sketched(
  sql: SqlEngine,
  scope: SqlScope,
  measure: Measure,
  {over}: WindowFeature,
): Promise<ReferenceAnswer[]> {
  const {collection, answer} = aggregationOf(measure.aggregation) as Collected;
  const codes = measure.inputType === 'string' ? new StringCodes() : null;
  const states = new Map<number, unknown>();
  for await (const {count, columns} of sql.stream(`SELECT _row, v FROM (${windowSql(scope, measure, over)})`))
    for (let i = 0; i < count; i++) {
      const row = columns._row![i] as number;
      if (!states.has(row)) states.set(row, collection.empty());
      const value = columns.v![i]!;
      const number = codes === null ? (value as number) : codes.encode(value as string);
      collection.update(states.get(row), Float64Array.of(number), 0, 1, codes);
    }
  const out = new Float64Array(1);
  const rows = await sql.rows(`SELECT _row FROM ${nameIn('duckdb')(scope.spine)} ORDER BY _row`);
  return rows.map(({_row}) => {
    const row = Number(_row);
    answer.read(states.get(row) ?? collection.empty(), out, 0, codes);
    return {row, value: Number.isNaN(out[0]) ? null : out[0]!};
  });
}
