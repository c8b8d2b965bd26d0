import {expect, test} from 'vitest';
import {t} from '../../protocol/index.ts';
import {kafkaTopic} from '../origin.ts';
import {events} from '../source.ts';
import {align, beginning, fromRecord, toRecord} from './offsets.ts';
import type {Followed} from './topic-reader.ts';

function sourceOf(gaps: 'stop' | 'skip'): Followed {
  const from = kafkaTopic({connection: {env: 'KAFKA'}, topic: 'trips', gaps});
  return {...events('s', {schema: {id: t.string, at: t.time}, time: 'at', id: 'id'}), from};
}

const bounds = [
  {earliest: 5n, end: 9_007_199_254_740_993n},
  {earliest: 0n, end: 0n},
];

test('all that a topic holds at first is history, and offsets of 64 bits outlive JSON', () => {
  const offsets = beginning(bounds);
  expect(toRecord(offsets)).toEqual({next: {0: '5', 1: '0'}, history: {0: '9007199254740993', 1: '0'}});
  expect(fromRecord(JSON.parse(JSON.stringify(toRecord(offsets))))).toEqual(offsets);
});

test('a new partition is read from its beginning, and its events are live', () => {
  const offsets = {next: new Map([[0, 7n]]), history: new Map([[0, 6n]])};
  const aligned = align(offsets, bounds, sourceOf('stop'));
  expect(aligned.skipped).toEqual([]);
  expect([...aligned.offsets.next]).toEqual([
    [0, 7n],
    [1, 0n],
  ]);
  expect([...aligned.offsets.history]).toEqual([[0, 6n]]);
});

test.each([
  ['retention took it away', 4n],
  ['the topic was made again', 9_007_199_254_740_994n],
])('when the next message is gone because %s, the source stops or notes the gap', (_, next) => {
  const offsets = {next: new Map([[0, next]]), history: new Map()};
  expect(() => align(offsets, bounds, sourceOf('stop'))).toThrow(
    expect.objectContaining({code: 'SOURCE_GAP', message: expect.stringContaining(`${next} comes next`)}),
  );
  const {offsets: aligned, skipped} = align(offsets, bounds, sourceOf('skip'));
  expect(aligned.next.get(0)).toBe(5n);
  expect(skipped).toMatchObject([{check: 'gap', row: {topic: 'trips', partition: 0, wanted: String(next)}}]);
});
