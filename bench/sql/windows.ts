// Windows of shares, means and counts in plain SQL, as one would write them by hand: one query per view.
// All three suppose what holds for these flights and what the platform does not suppose: that every event had
// arrived when it happened, so that an event is visible from its time on.
import {
  expressionSql,
  type FeatureSet,
  identifier,
  QUERY_TIME,
  type ViewUse,
  type WindowFeature,
} from '../../src/features/index.ts';

type Names = (column: string) => string;

/** The value that a feature takes from an event; null where its filter does not hold. */
function valueSql({input, where}: WindowFeature, column: Names): string {
  const value = input === null ? '1.0' : `CAST(${expressionSql(input, column)} AS DOUBLE)`;
  return where === null ? value : `CASE WHEN ${expressionSql(where, column)} THEN ${value} END`;
}

const keysOf = ({view, fields}: ViewUse) =>
  Object.keys(view.entity.keys).map(key => ({column: identifier(view.keys[key]!), field: identifier(fields[key]!)}));

const lengthOf = ({over, name}: WindowFeature): number => {
  if (over.kind === 'sliding') return over.ms;
  throw new TypeError(`These queries know sliding windows, not that of ${name}.`);
};

const longest = ({view}: ViewUse) => Math.max(...view.features.map(lengthOf));

const aggregate = ({aggregation: {name}}: WindowFeature): string => {
  if (name === 'mean') return 'avg';
  if (name === 'count') return 'count';
  throw new TypeError(`These queries know means and counts, not ${name}.`);
};

/** One join of each row with the events of its longest window; shorter ones filter. */
export function rangeJoin(use: ViewUse, relation: string): string {
  const column: Names = name => `e.${identifier(name)}`;
  const features = use.view.features.map(
    f => `${aggregate(f)}(${valueSql(f, column)}) FILTER (e._time >= s._q - ${lengthOf(f)}) AS ${identifier(f.name)}`,
  );
  const on = keysOf(use).map(({column: c, field}) => `e.${c} = s.${field}`);
  return `SELECT s._row, ${features.join(', ')} FROM spine s
    LEFT JOIN ${relation} e ON ${on.join(' AND ')} AND e._time >= s._q - ${longest(use)} AND e._time < s._q
    GROUP BY s._row`;
}

/** Events and rows in one sequence per key, and RANGE frames over it. */
export function rangeFrames(use: ViewUse, relation: string): string {
  const {features} = use.view;
  const keys = keysOf(use);
  const partition = keys.map((_, i) => `k${i}`).join(', ');
  const events = keys.map(({column}, i) => `${column} AS k${i}`);
  const rows = keys.map(({field}, i) => `${field} AS k${i}`);
  const values = distinctValues(features);
  const windows = [...new Set(features.map(lengthOf))];
  const answers = features.map(f => `${aggregate(f)}(v${values.of(f)}) OVER w${lengthOf(f)} AS ${identifier(f.name)}`);
  const frame = (ms: number) =>
    `w${ms} AS (PARTITION BY ${partition} ORDER BY t RANGE BETWEEN ${ms} PRECEDING AND 1 PRECEDING)`;
  return `SELECT * FROM (SELECT _row, ${answers.join(', ')} FROM (
      SELECT ${events.join(', ')}, _time AS t, NULL::BIGINT AS _row, ${values.sql.map((v, i) => `${v} AS v${i}`).join(', ')} FROM ${relation}
      UNION ALL
      SELECT ${rows.join(', ')}, _q, _row, ${values.sql.map(() => 'NULL').join(', ')} FROM spine)
    WINDOW ${windows.map(frame).join(', ')}) WHERE _row IS NOT NULL`;
}

/**
 * Running sums per key and time, looked up at both ends of each window. Exact here because delays are whole
 * minutes; a running sum of fractions would drift. Of no use for a minimum or a maximum.
 */
export function prefixSums(use: ViewUse, relation: string): string {
  const {features} = use.view;
  const keys = keysOf(use);
  const by = keys.map((_, i) => `k${i}`).join(', ');
  const events = keys.map(({column}, i) => `${column} AS k${i}`).join(', ');
  const values = distinctValues(features);
  const at = values.sql.map((v, i) => `count(${v}) AS n${i}, coalesce(sum(${v}), 0) AS s${i}`).join(', ');
  const running = values.sql.map((_, i) => `sum(n${i}) OVER k AS n${i}, sum(s${i}) OVER k AS s${i}`).join(', ');
  const windows = [...new Set(features.map(lengthOf))];
  const lookUp = (name: string, before: number) =>
    `ASOF LEFT JOIN running ${name} ON ${keys.map(({field}, i) => `s.${field} = ${name}.k${i}`).join(' AND ')} AND s._q - ${before} > ${name}.t`;
  const answers = features.map(f => {
    const v = values.of(f);
    const within = (sum: string) => `(coalesce(q.${sum}${v}, 0) - coalesce(w${lengthOf(f)}.${sum}${v}, 0))`;
    const answer = aggregate(f) === 'count' ? within('n') : `${within('s')} / nullif(${within('n')}, 0)`;
    return `CAST(${answer} AS DOUBLE) AS ${identifier(f.name)}`;
  });
  return `WITH running AS MATERIALIZED (SELECT ${by}, t, ${running}
      FROM (SELECT ${events}, _time AS t, ${at} FROM ${relation} GROUP BY ALL)
      WINDOW k AS (PARTITION BY ${by} ORDER BY t))
    SELECT s._row, ${answers.join(', ')} FROM spine s ${lookUp('q', 0)} ${windows.map(ms => lookUp(`w${ms}`, ms)).join(' ')}`;
}

/** The derived features of a set: expressions over the rows alone. */
export function derivedSql({derived}: FeatureSet): string {
  const column: Names = name => (name === QUERY_TIME ? '_q' : identifier(name));
  return `SELECT _row, ${derived.map(({name, node}) => `CAST(${expressionSql(node, column)} AS DOUBLE) AS ${identifier(name)}`).join(', ')} FROM spine`;
}

/** Values that several features of a view take are computed once. */
function distinctValues(features: readonly WindowFeature[]) {
  const sql = [...new Set(features.map(f => valueSql(f, identifier)))];
  return {sql, of: (feature: WindowFeature) => sql.indexOf(valueSql(feature, identifier))};
}
