import fc from 'fast-check';
import {expect, test} from 'vitest';
import {MillraceError, t} from '../../protocol/index.ts';
import {openDuckDb} from '../../stores/duckdb/index.ts';
import {between, spend} from '../contract/history.ts';
import {naiveCut} from '../contract/naive-cut.ts';
import {describeFeature} from './describe.ts';
import {derive, featureSet, use} from './feature-set.ts';
import {asOf, asOfSql, describeRefresh, type Refresh, refreshOf} from './refresh.ts';
import {useMeaning, viewKey} from './version.ts';

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
const daily = refreshOf({refresh: '1d', delay: '1h'});

test('a row reads the last cut that is old enough: at the delay after it, not a millisecond before', () => {
  const cut = Date.UTC(2026, 0, 2);
  const read = (q: number) => asOf({refresh: daily}, q);
  expect([cut - 1, cut, cut + HOUR - 1].map(read)).toEqual([cut - DAY, cut - DAY, cut - DAY]);
  expect([cut + HOUR, cut + HOUR + 1, cut + DAY + HOUR - 1].map(read)).toEqual([cut, cut, cut]);
  expect(asOf({}, cut + 5)).toBe(cut + 5);
  expect(asOf({refresh: refreshOf({refresh: '1d'})}, cut)).toBe(cut);
});

test('is the same in JavaScript and in SQL, and as it is obviously', async () => {
  const sql = await openDuckDb({threads: 1});
  const refresh = fc.record({
    everyMs: fc.oneof(fc.integer({min: 1, max: 10}), fc.integer({min: 1, max: 40 * DAY}), fc.constantFrom(HOUR, DAY)),
    delayMs: fc.oneof(fc.constant(0), fc.integer({min: 0, max: 3 * DAY})),
  });
  const row = fc.record({
    refresh,
    times: fc.integer({min: 1, max: 100_000_000}),
    off: fc.constantFrom(-1, 0, 1, 12_345),
  });
  const rows = fc.sample(row, {numRuns: 400, seed: 7}).map(({refresh: of, times, off}) => {
    // On the edge of a cut, or beside it.
    const q =
      Math.min(4e12, Math.floor(1e12 / of.everyMs) * of.everyMs + of.everyMs * (times % 1_000)) + of.delayMs + off;
    return {of: of as Refresh, q};
  });
  const answers = await sql.rows(
    rows.map(({of, q}) => `SELECT ${asOfSql({refresh: of}, `CAST(${q} AS BIGINT)`)} AS cut`).join(' UNION ALL '),
  );
  await sql.close();
  for (const [i, {of, q}] of rows.entries()) {
    const cut = asOf({refresh: of}, q);
    expect([cut, Number(answers[i]!.cut)]).toEqual([naiveCut({refresh: of}, q), cut]);
    expect(cut % of.everyMs).toBe(0);
    expect(q - cut).toBeGreaterThanOrEqual(of.delayMs);
    expect(q - cut).toBeLessThan(of.delayMs + of.everyMs);
  }
});

test.each([
  [{refresh: '0d'}, 'A refresh every 0d is not possible.'],
  [{refresh: '0.3ms'}, 'A refresh every 0.3ms is not possible.'],
  [{refresh: '1d', delay: '0.5ms'}, 'A delay of 0.5ms is not possible.'],
  [{refresh: '1m', delay: '2h'}, 'A delay of 2h is more than 100 times the refresh of 1m.'],
  [{refresh: 'daily'}, "'daily' is not a duration."],
] as const)('%j is refused with what is wrong', (options, message) => {
  const made = () => refreshOf(options as Parameters<typeof refreshOf>[0]);
  expect(made).toThrow(MillraceError);
  expect(made).toThrow(expect.objectContaining({code: 'DEFINITION_INVALID', message}));
});

test('is told in words, and with a feature', () => {
  expect(describeRefresh(daily)).toBe('as of the last cut of 1 d, available 1 h later');
  expect(describeRefresh(refreshOf({refresh: '15m'}))).toBe('as of the last cut of 15 min');
  expect(describeFeature(between.features[0]!, daily)).toBe(
    'count() over 24h, as of the last cut of 1 d, available 1 h later',
  );
});

test('changes what a use of a view means, not the view; a live use means what it did', () => {
  const fields = {user: 'user'};
  const live = use(spend, fields);
  const cut = use(spend, fields, {refresh: '1d', delay: '1h'});
  expect(useMeaning(live)).toEqual([viewKey(spend), fields]);
  expect(useMeaning(cut)).toEqual([viewKey(spend), fields, {everyMs: DAY, delayMs: HOUR}]);
  expect(JSON.stringify(live)).not.toContain('refresh');
  const set = featureSet('cut', {request: {user: t.string}, views: [cut]});
  const more = derive(set, x => ({twice: x.n_1h.times(2)}));
  expect([set, more].map(({views}) => views[0]!.refresh)).toEqual([daily, daily]);
  expect(set.features).toEqual(featureSet('live', {request: {user: t.string}, views: [live]}).features);
});
