import type {Measure} from '../definitions/aggregate.ts';
import type {ViewUse} from '../definitions/feature-set.ts';
import type {WindowFeature} from '../definitions/view.ts';
import type {WindowSpec} from '../definitions/window.ts';
import type {Dialect} from '../expressions/functions/function-spec.ts';
import {expressionSql} from '../expressions/sql.ts';
import {aggregationSql} from './aggregation-sql.ts';
import {nameIn, type SqlScope} from './visible-sql.ts';
import {windowSql} from './window-sql.ts';

/**
 * A feature as one query, `_row` and `value` for each row of `spine`: the range join that its definition says, plain
 * and slow. Audits, benchmarks and other engines compare with it. `where` is one more condition on the row `s` and the
 * event `e`. Sums of fractions are added in any order: they agree within 1e-9 of the sum of absolute values.
 */
export function referenceSql(
  use: ViewUse,
  feature: WindowFeature,
  spine: string,
  relation: string,
  where = 'TRUE',
  dialect: Dialect = 'duckdb',
): string {
  const scope = {use, spine, relation, where, dialect};
  const {over, element, divisor} = feature;
  const value = answerSql(scope, feature, over, element);
  const answer = divisor === null ? value : ratioSql(value, answerSql(scope, divisor, over, 0));
  const otherwise = feature.default === null ? 'value' : `coalesce(value, ${literal(feature.default, dialect)})`;
  return `SELECT _row, ${otherwise} AS value FROM (${answer}) answers ORDER BY _row`;
}

const ratioSql = (value: string, divisor: string): string =>
  `SELECT n._row, CAST(n.value AS DOUBLE) / nullif(CAST(d.value AS DOUBLE), 0e0) AS value FROM (${value}) n JOIN (${divisor}) d ON d._row = n._row`;

const literal = (value: number | string, dialect: Dialect): string =>
  expressionSql({op: 'literal', value}, undefined, dialect);

function answerSql(scope: SqlScope, measure: Measure, over: WindowSpec, element: number): string {
  const {answer, from, zero} = aggregationSql(measure.aggregation, element, scope.dialect);
  const answers = `SELECT _row, ${answer} AS value FROM ${from(windowSql(scope, measure, over))} GROUP BY _row`;
  const value = zero ? 'coalesce(a.value, 0)' : 'a.value';
  return `SELECT s._row, ${value} AS value FROM ${nameIn(scope.dialect)(scope.spine)} s LEFT JOIN (${answers}) a ON a._row = s._row`;
}
