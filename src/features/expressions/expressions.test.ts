import fc from 'fast-check';
import {afterAll, beforeAll, describe, expect, test} from 'vitest';
import {t} from '../../protocol/index.ts';
import {openDuckDb} from '../../stores/duckdb/index.ts';
import type {SqlEngine} from '../../stores/index.ts';
import {bindExpression} from './bind.ts';
import {choose, columnExpressions, type Expression} from './expression.ts';
import {printExpression} from './print.ts';
import {expressionSql} from './sql.ts';
import {hourIn, weekdayIn} from './zone.ts';

const c = columnExpressions({
  a: t.number.orNull(),
  b: t.number.orNull(),
  s: t.string.orNull(),
  flag: t.bool.orNull(),
  at: t.time,
});

const EXPRESSIONS: Record<string, Expression<unknown>> = {
  plus: c.a.plus(c.b),
  minus: c.a.minus(2),
  times: c.a.times(c.b),
  over: c.a.over(c.b),
  nested: c.a.plus(1).over(c.b.times(c.b)).absolute(),
  log: c.a.log1p(),
  floor: c.a.over(3).floor(),
  comparison: c.a.gt(c.b).and(c.b.le(10)),
  equality: c.s.eq('x').or(c.flag.eq(true)),
  inequality: c.s.ne('x'),
  negation: c.flag.not(),
  missing: c.a.isNull(),
  fallback: c.a.orElse(7),
  chosen: choose(c.a.lt(c.b), c.a, 0),
  crossed: c.s.cross(c.s.orElse("it's")),
  hour: c.at.hour('America/New_York'),
  weekday: c.at.weekday('Asia/Kolkata'),
  wave: c.a.sin().plus(c.a.cos()),
};

let sql: SqlEngine;
beforeAll(async () => {
  sql = await openDuckDb();
});
afterAll(() => sql.close());

const sqlValue = (v: unknown): string =>
  v === null ? 'NULL' : typeof v === 'string' ? `'${v.replaceAll("'", "''")}'` : String(v);

describe('expressions', () => {
  test('JavaScript and DuckDB agree, nulls and division by zero included', async () => {
    const number = fc.option(fc.oneof(fc.integer({min: -20, max: 20}), fc.double({min: -1e6, max: 1e6, noNaN: true})), {
      nil: null,
    });
    const row = fc.record({
      a: number,
      b: number,
      s: fc.option(fc.constantFrom('x', 'y', "o'z", ''), {nil: null}),
      flag: fc.option(fc.boolean(), {nil: null}),
      at: fc.integer({min: Date.UTC(1990, 0), max: Date.UTC(2030, 0)}),
    });
    await fc.assert(
      fc.asyncProperty(row, async values => {
        const columns = {
          a: Float64Array.of(values.a ?? Number.NaN),
          b: Float64Array.of(values.b ?? Number.NaN),
          s: [values.s],
          flag: Float64Array.of(values.flag === null ? Number.NaN : Number(values.flag)),
          at: Float64Array.of(values.at),
        };
        const table = `(SELECT CAST(${sqlValue(values.a)} AS DOUBLE) a, CAST(${sqlValue(values.b)} AS DOUBLE) b, CAST(${sqlValue(values.s)} AS VARCHAR) s, CAST(${sqlValue(values.flag)} AS BOOLEAN) flag, CAST(${values.at} AS BIGINT) "at")`;
        const names = Object.keys(EXPRESSIONS);
        const [got] = await sql.rows(
          `SELECT ${names.map(name => `${expressionSql(EXPRESSIONS[name]!.node)} AS ${name}`).join(', ')} FROM ${table}`,
        );
        for (const name of names) {
          const js = bindExpression(EXPRESSIONS[name]!.node, columns)(0);
          const other = got![name] ?? null;
          if (typeof js === 'number') {
            expect(typeof other, name).toBe('number');
            expect(Math.abs((other as number) - js), name).toBeLessThanOrEqual(1e-9 * Math.max(1, Math.abs(js)));
          } else expect(other, name).toBe(js);
        }
      }),
      {numRuns: 150, seed: 5},
    );
  });

  test('hours and weekdays follow the zone, summer time included', () => {
    // 2001-04-01: clocks in New York went from 2 to 3 (tz database, US rules 1987 to 2006).
    expect(hourIn(Date.UTC(2001, 3, 1, 6, 59), 'America/New_York')).toBe(1);
    expect(hourIn(Date.UTC(2001, 3, 1, 7, 0), 'America/New_York')).toBe(3);
    expect(hourIn(Date.UTC(2001, 3, 1, 7, 0), 'America/Phoenix')).toBe(0);
    expect(weekdayIn(Date.UTC(2001, 3, 1, 3, 0), 'America/New_York')).toBe(6);
    expect(weekdayIn(Date.UTC(2001, 3, 1, 4, 30), 'America/New_York')).toBe(6);
    expect(weekdayIn(Date.UTC(2001, 3, 1, 5, 30), 'America/New_York')).toBe(7);
    expect(() => hourIn(0, 'Mars/Base')).toThrow(/not a time zone/);
  });

  test('print in words', () => {
    expect(printExpression(c.a.gt(15).and(c.s.ne('x')).node)).toBe("(a > 15) and (s ≠ 'x')");
  });
});
