import type {AggregationSpec} from '../aggregations/table.ts';
import type {Dialect} from '../expressions/functions/function-spec.ts';

/** An aggregation of the values `v` of a window, grouped by `_row`. */
export type AggregationSql = {
  /** The aggregate over `from`. */
  readonly answer: string;
  /** What it is taken over, made of the window's values. */
  readonly from: (values: string) => string;
  /** Whether it is 0 over no rows, not null. */
  readonly zero: boolean;
};

const plain = (answer: string, zero = false): AggregationSql => ({answer, from: values => `(${values}) inside`, zero});

/** The value at one place of an order. */
const placed = (order: string, place: string, answer = 'v', zero = false): AggregationSql => ({
  answer: `max(CASE WHEN place = ${place} THEN ${answer} END)`,
  from: values =>
    `(SELECT *, row_number() OVER (PARTITION BY _row ORDER BY ${order}) AS place, count(*) OVER (PARTITION BY _row) AS n FROM (${values}) inside) placed`,
  zero,
});

const frequent = (element: number): AggregationSql => {
  const {answer, from, zero} = placed(
    'times DESC, v',
    String(Math.floor(element / 2) + 1),
    element % 2 === 0 ? 'v' : 'times',
    element % 2 === 1,
  );
  const counted = (values: string) => `SELECT _row, v, count(*) AS times FROM (${values}) inside GROUP BY _row, v`;
  return {answer, from: values => from(counted(values)), zero};
};

/** Integers that hold 2^63: an overflow is an error in both engines. */
const INTEGER_SUM = 'CAST(sum(CAST(v AS DECIMAL(38, 0))) AS BIGINT)';

function bucket(edges: readonly number[], element: number): string {
  const [from, to] = [edges[element - 1], edges[element]];
  const bounds = [
    ...(from === undefined ? [] : [`v >= ${double(from)}`]),
    ...(to === undefined ? [] : [`v < ${double(to)}`]),
  ];
  return `count(CASE WHEN ${bounds.join(' AND ')} THEN 1 END)`;
}

const double = (value: number): string => (String(value).includes('e') ? String(value) : `${value}e0`);

const weight = (halfLifeMs: number): string => `pow(2e0, -((_q - _time) / ${double(halfLifeMs)}))`;

/**
 * One answer of an aggregation. Sketches are computed exactly: the stream's distinct sketch is off by 1.6 % (standard
 * error), its quantile sketch by at most its relative accuracy of the value at rank floor(p (n - 1)), which stands here.
 */
export function aggregationSql(spec: AggregationSpec, element: number, dialect: Dialect): AggregationSql {
  switch (spec.name) {
    case 'count':
      return plain('count(v)', true);
    case 'sum':
      return plain('sum(v)');
    case 'integerSum':
      return plain(INTEGER_SUM);
    case 'mean':
      return plain('avg(v)');
    case 'variance':
      return plain('var_samp(v)');
    case 'deviation':
      return plain('stddev_samp(v)');
    case 'min':
    case 'max':
      return plain(`${spec.name}(v)`);
    case 'first':
      return placed('_time, _id', String(element + 1));
    case 'last':
      return placed('_time DESC, _id DESC', String(element + 1));
    case 'sinceLast':
      return plain('max(_q) - max(_time)');
    case 'distinct':
    case 'distinctSketch':
      return plain('count(DISTINCT v)', true);
    case 'quantile':
      return plain(dialect === 'duckdb' ? `quantile_cont(v, ${spec.p})` : `percentile(v, ${double(spec.p)})`);
    case 'quantileSketch':
      return placed('v', `CAST(floor(${double(spec.p)} * (n - 1)) AS BIGINT) + 1`);
    case 'top':
      return frequent(element);
    case 'histogram':
      return plain(bucket(spec.edges, element), true);
    case 'decayedSum':
      return plain(`sum(v * ${weight(spec.halfLifeMs)})`);
    case 'decayedMean':
      return plain(`sum(v * ${weight(spec.halfLifeMs)}) / nullif(sum(${weight(spec.halfLifeMs)}), 0e0)`);
  }
}
