import {describe, expect, test} from 'vitest';
import {events} from '../events/index.ts';
import {type EventBatch, MillraceError, t} from '../protocol/index.ts';
import {eventLabel, valueLabel} from './label.ts';
import {labelsIn} from './live.ts';
import {labelEventsSql} from './sql.ts';

const arrivals = events('arrivals', {
  schema: {id: t.string, flight: t.string, delay: t.int.orNull(), at: t.time},
  time: 'at',
  id: 'id',
  lateness: '1h',
});
const late = valueLabel('late', {from: arrivals, on: 'flight', is: a => a.delay.gt(15), within: '12h'});
const landed = eventLabel('landed', {from: arrivals, on: 'flight', within: '12h'});

const batch: EventBatch = {
  stream: 'arrivals',
  count: 4,
  ids: ['a', 'b', 'c', 'd'],
  eventTimes: Float64Array.of(0, 0, 0, 0),
  arrivalTimes: Float64Array.of(5, 10, 3_600_000, 3_600_001),
  columns: {
    id: ['a', 'b', 'c', 'd'],
    flight: ['F1', 'F2', 'F3', 'F4'],
    delay: Float64Array.of(16, Number.NaN, 15, 99),
    at: Float64Array.of(0, 0, 0, 0),
  },
};

describe('labels', () => {
  test('are known when their event arrives; one without a value or beyond the lateness labels nothing', () => {
    expect(labelsIn(late, batch)).toEqual([
      {id: 'F1', value: 1, knownAt: 5},
      {id: 'F3', value: 0, knownAt: 3_600_000},
    ]);
    expect(labelsIn(landed, batch).map(({id, value}) => [id, value])).toEqual([
      ['F1', 1],
      ['F2', 1],
      ['F3', 1],
    ]);
  });

  test('come from their own stream only', () => {
    expect(labelsIn(late, {...batch, stream: 'departures'})).toEqual([]);
    expect(() => labelsIn(late, {...batch, columns: {}})).toThrow(MillraceError);
  });

  test('are frozen data, with a window that is longer than nothing', () => {
    expect(Object.isFrozen(late)).toBe(true);
    expect([late.rule, late.withinMs, landed.rule, landed.value]).toEqual(['value', 43_200_000, 'exists', null]);
    expect(() => eventLabel('x', {from: arrivals, on: 'flight', within: '0h'})).toThrow(/window 0h is empty/);
    // @ts-expect-error the id of a decision is a string
    expect(() => eventLabel('x', {from: arrivals, on: 'delay', within: '1h'})).toThrow(/no string column/);
    // @ts-expect-error a misspelt column
    expect(() => valueLabel('x', {from: arrivals, on: 'flight', is: a => a.dely, within: '1h'})).toThrow(/'dely'/);
  });

  test('in SQL are limited to what was known', () => {
    expect(labelEventsSql(late, 'r', 123)).toMatch(/_arrival <= 123 AND .* <= 3600000 AND .* IS NOT NULL$/);
  });
});
