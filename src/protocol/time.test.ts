import {afterEach, expect, test, vi} from 'vitest';
import {type Duration, durationMs, formatDuration, ManualClock, wallClock} from './time.ts';

afterEach(() => {
  vi.useRealTimers();
});

test('the wall clock never goes back, even when the machine sets it back', () => {
  vi.useFakeTimers();
  const now = wallClock.now() + 1_000;
  vi.setSystemTime(now);
  expect(wallClock.now()).toBe(now);
  vi.setSystemTime(now - 500);
  expect(wallClock.now()).toBe(now);
  vi.setSystemTime(now + 1);
  expect(wallClock.now()).toBe(now + 1);
});

test('a manual clock moves forward only', () => {
  const clock = new ManualClock(10);
  clock.advanceTo(5);
  expect(clock.now()).toBe(10);
  clock.advanceTo(11);
  expect(clock.now()).toBe(11);
});

test('durations are a number and a unit', () => {
  expect(['15ms', '2s', '1.5m', '2h', '30d'].map(d => durationMs(d as Duration))).toEqual([
    15, 2_000, 90_000, 7_200_000, 2_592_000_000,
  ]);
  for (const wrong of ['', '5', 'h', '-1h', '1 h', '1w', '1e3s'])
    expect(() => durationMs(wrong as Duration), wrong).toThrow(/is not a duration/);
  expect([450, 2_345, 59_400, 192_000, 7_200_000, 187_200_000].map(formatDuration)).toEqual([
    '450 ms',
    '2.3 s',
    '59 s',
    '3 min 12 s',
    '2 h',
    '2 d 4 h',
  ]);
});
