// Parts of a time on the clocks of a named zone, and lengths of time. Times are UTC milliseconds, whole ones.
// Exact for years 1900 to 2100; before 1970 engines may know other histories of a zone's clocks.
import {
  dayOfMonthOf,
  dayOfYearOf,
  hourOf,
  minuteOf,
  monthOf,
  startOfDay,
  startOfMonth,
  startOfWeek,
  startOfYear,
  weekdayOf,
  weekOf,
  yearOf,
} from '../calendar.ts';
import {once} from '../once.ts';
import {zoneOf} from '../zone.ts';
import type {FunctionSpec} from './function-spec.ts';

/** Names of units of time, in milliseconds. Days are of 24 hours. */
export const TIME_UNITS = {
  milliseconds: 1,
  seconds: 1_000,
  minutes: 60_000,
  hours: 3_600_000,
  days: 86_400_000,
} as const;

const EPOCH = "TIMESTAMP_NTZ '1970-01-01 00:00:00'";
const inDuckDb = (at: string, zone: string) => `timezone(${zone}, to_timestamp(${at} / 1000e0))`;
/** Timestamps without a zone, so that the session's zone plays no part. */
const inSpark = (at: string, zone: string) =>
  `convert_timezone('UTC', ${zone}, timestampadd(MILLISECOND, CAST(${at} AS BIGINT), ${EPOCH}))`;

function part(name: string, of: (local: number) => number, duckdb: string, spark: string = duckdb) {
  return {
    takes: ['time', 'zone'],
    result: 'int',
    js: (at: number, zone: string) => of(zoneOf(zone).local(at)),
    prepare: (name: string) => {
      const zone = zoneOf(name);
      return (at: number) => of(zone.local(at));
    },
    sql: {
      duckdb: (at, zone) => `CAST(${duckdb}(${inDuckDb(at, zone)}) AS DOUBLE)`,
      spark: (at, zone) => `CAST(${spark}(${inSpark(at, zone)}) AS DOUBLE)`,
    },
    text: (at, zone) => `${name} of ${at} in ${zone}`,
  } as const satisfies FunctionSpec;
}

function start(unit: 'day' | 'week' | 'month' | 'year', of: (local: number) => number) {
  const first = (at: number, zoneName: string): number => {
    const zone = zoneOf(zoneName);
    return zone.firstInstant(of(zone.local(at)));
  };
  return {
    takes: ['time', 'zone'],
    result: 'time',
    js: first,
    sql: {
      duckdb: (at, zone) => firstInDuckDb(`date_trunc('${unit}', ${inDuckDb(at, zone)})`, zone),
      spark: (at, zone) => {
        const date = `CAST(${inSpark(at, zone)} AS DATE)`;
        const local = `CAST(${unit === 'day' ? date : `trunc(${date}, '${unit}')`} AS TIMESTAMP_NTZ)`;
        return `CAST(timestampdiff(MILLISECOND, ${EPOCH}, convert_timezone(${zone}, 'UTC', ${local})) AS DOUBLE)`;
      },
    },
    text: (at, zone) => `start of the ${unit} of ${at} in ${zone}`,
  } as const satisfies FunctionSpec;
}

/**
 * Of a local time that comes twice, DuckDB takes the later. The earlier one is where the offset of some hours
 * before still held, if it shows the same.
 */
function firstInDuckDb(local: string, zone: string): string {
  return once(
    'duckdb',
    local,
    shown =>
      once(
        'duckdb',
        `timezone(${zone}, ${shown})`,
        later => {
          const before = `${later} - INTERVAL 6 HOURS`;
          const earlier = `timezone('UTC', ${shown} - (timezone(${zone}, ${before}) - timezone('UTC', ${before})))`;
          return `CAST(epoch_ms(CASE WHEN timezone(${zone}, ${earlier}) = ${shown} THEN ${earlier} ELSE ${later} END) AS DOUBLE)`;
        },
        'later',
      ),
    'shown',
  );
}

export const TIME = {
  hour: part('hour', hourOf, 'hour'),
  minute: part('minute', minuteOf, 'minute'),
  /** Monday 1 to Sunday 7. Spark's weekday() begins with Monday 0. */
  weekday: part('weekday', weekdayOf, 'isodow', '1 + weekday'),
  dayOfMonth: part('day of the month', dayOfMonthOf, 'day'),
  dayOfYear: part('day of the year', dayOfYearOf, 'dayofyear'),
  week: part('ISO week', weekOf, 'week', 'weekofyear'),
  month: part('month', monthOf, 'month'),
  year: part('year', yearOf, 'year'),
  startOfDay: start('day', startOfDay),
  startOfWeek: start('week', startOfWeek),
  startOfMonth: start('month', startOfMonth),
  startOfYear: start('year', startOfYear),
  /** Time from `b` to `a`, negative if `a` is the earlier; the unit is its milliseconds. */
  since: {
    takes: ['time', 'time', 'number'],
    result: 'number',
    js: (a: number, b: number, unit: number) => (a - b) / unit,
    sql: (a, b, unit) => `((${a} - ${b}) / ${unit})`,
    text: (a, b, unit) => `${unitName(unit)} from ${b} to ${a}`,
  },
} as const satisfies Record<string, FunctionSpec>;

const unitName = (ms: string): string =>
  Object.entries(TIME_UNITS).find(([, unit]) => String(unit) === ms)?.[0] ?? `${ms} ms`;
