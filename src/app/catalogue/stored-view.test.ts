import {describe, expect, test} from 'vitest';
import {events} from '../../events/index.ts';
import {featureView, joined, latest, OnlineReader, StreamExecutor, viewKey} from '../../features/index.ts';
import {canonicalJson, MillraceError, type PositionedBatch, t} from '../../protocol/index.ts';
import {arrivals, late, route, schema, setOf, slowArrivals} from './catalogue.fixture.ts';
import {reviveSet, storeSet} from './stored-set.ts';
import {reviveView, type StoredView, storeView} from './stored-view.ts';

const throughJson = <T>(value: T): T => JSON.parse(canonicalJson(value)) as T;
const NOON = Date.UTC(2001, 3, 1, 12);
const MINUTE = 60_000;

const landed: PositionedBatch = {
  stream: 'arrivals',
  position: 0,
  count: 4,
  ids: ['a', 'b', 'c', 'd'],
  eventTimes: Float64Array.from([200, 50, 30, 10], minutes => NOON - minutes * MINUTE),
  arrivalTimes: Float64Array.from([200, 50, 30, 10], minutes => NOON - minutes * MINUTE),
  columns: {
    code: ['ATH', 'ATH', 'SKG', 'ATH'],
    to: ['SKG', 'SKG', 'ATH', 'SKG'],
    delay: Float64Array.of(20, 3, 40, 16),
    paid: Float64Array.of(0.1, 0.2, 0.3, 0.7),
  },
};

describe('a view that was stored', () => {
  test('revives with the same key and gives the same values, in a feature set too', () => {
    const set = setOf(late);
    const view = reviveView(throughJson(storeView(late)), [arrivals]);
    expect(viewKey(view)).toBe(viewKey(late));
    const revived = reviveSet(throughJson(storeSet(set)), [view]);
    expect(revived.features).toEqual(set.features);
    const values = [
      [late, set],
      [view, revived],
    ].map(([from, of]) => {
      const live = new StreamExecutor([from as typeof late]);
      live.apply(landed);
      live.advanceTo(NOON);
      return new OnlineReader(of as typeof set, live).read({origin: 'ATH', miles: 1}, NOON);
    });
    expect(values[0]).toEqual([0.5, 2 / 3, 0.8999999999999999, 16]);
    expect(values[1]).toEqual(values[0]);
  });

  test('keeps the order of a composite key, which no order of keys in JSON may change', () => {
    const between = featureView('between', {
      from: arrivals,
      entity: route,
      keys: {to: 'to', code: 'code'},
      features: a => ({n: a.count().over('1h')}),
    });
    const revived = reviveView(throughJson(storeView(between)), [arrivals]);
    expect(Object.keys(revived.entity.keys)).toEqual(['to', 'code']);
    expect(viewKey(revived)).toBe(viewKey(between));
  });

  test('has the lateness that it had, whatever its stream declares today', () => {
    const revived = reviveView(throughJson(storeView(late)), [slowArrivals]);
    expect(revived.source.latenessMs).toBe(arrivals.latenessMs);
    expect(viewKey(revived)).toBe(viewKey(late));
  });

  test('revives with what it looks up in other streams', () => {
    const weather = events('weather', {
      schema: {id: t.string, place: t.string, rain: t.number, at: t.time},
      time: 'at',
      id: 'id',
    });
    const wet = featureView('wet', {
      from: joined(arrivals, {w: latest(weather, {on: {place: 'code'}, columns: ['rain']})}),
      entity: route,
      keys: {to: 'to', code: 'code'},
      features: a => ({rain: a.mean('w_rain').over('1h')}),
    });
    const revived = reviveView(throughJson(storeView(wet)), [arrivals, weather]);
    expect(viewKey(revived)).toBe(viewKey(wet));
    expect(revived.lookups[0]?.source.name).toBe('weather');
    const dry = events('weather', {schema: {id: t.string, place: t.string, at: t.time}, time: 'at', id: 'id'});
    expect(() => reviveView(storeView(wet), [arrivals, dry])).toThrow("'weather.rain' is gone.");
  });

  test('that can no longer be computed says all that is missing', () => {
    const {delay: _, ...without} = schema;
    const changed = events('arrivals', {schema: {...without, paid: t.string}, time: 'at', id: 'id'});
    const reasons = (revive: () => unknown): string => {
      try {
        revive();
      } catch (error) {
        if (error instanceof MillraceError) return `${error.code} ${error.problems.map(p => p.message).join(' ')}`;
        throw error;
      }
      return 'none';
    };
    const stored = storeView(late);
    expect(reasons(() => reviveView(stored, []))).toBe("DEFINITION_INVALID The stream 'arrivals' is gone.");
    expect(reasons(() => reviveView(stored, [changed]))).toBe(
      "DEFINITION_INVALID 'arrivals.delay' is gone. 'arrivals.paid' was a number and is a string.",
    );
    const older: StoredView = {...stored, version: '000000000000'};
    expect(reasons(() => reviveView(older, [arrivals]))).toBe(
      'DEFINITION_INVALID This release computes it otherwise than the one that kept it.',
    );
  });
});
