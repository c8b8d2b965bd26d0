import {describe, expect, test} from 'vitest';
import {normal, type Random, seededRandom} from '../../math/index.ts';
import {type ShiftPoint, shiftPattern} from './shift-pattern.ts';

const DAY = 86_400_000;
const FLOOR = 0.28;

/** Daily windows; the last shows the shift, and `onset` is the first of the run that does. */
function patternOf(values: readonly number[], windowMs = DAY) {
  const points = values.map((value, i): ShiftPoint => ({from: i * windowMs, to: (i + 1) * windowMs, value}));
  let onset = points.length - 1;
  while (onset > 0 && points[onset - 1]!.value >= FLOOR) onset--;
  return shiftPattern(points, onset);
}

const noise = (random: Random) => Math.abs(0.06 * normal(random));

describe('shiftPattern', () => {
  test.each([1, 2, 5])('calls a step sudden, %i windows after it as well', since => {
    const random = seededRandom(since);
    let right = 0;
    for (let run = 0; run < 200; run++) {
      const values = Array.from({length: 14 + since}, (_, i) => noise(random) + (i >= 14 ? 0.6 : 0));
      if (patternOf(values) === 'sudden') right++;
    }
    expect(right).toBeGreaterThanOrEqual(190);
  });

  test('calls a step in the middle of a window sudden', () => {
    expect(patternOf([0.02, 0, 0.05, 0.01, 0, 0.2, 0.6])).toBe('sudden');
  });

  test.each([0, 3, 6])('calls a slow rise gradual, %i windows after it is seen as well', since => {
    const random = seededRandom(since);
    let right = 0;
    for (let run = 0; run < 200; run++) {
      const values = Array.from({length: 24}, (_, i) => noise(random) + Math.max(0, i - 8) * 0.05);
      const seen = values.findIndex(value => value >= FLOOR);
      if (patternOf(values.slice(0, seen + 1 + since)) === 'gradual') right++;
    }
    expect(right).toBeGreaterThanOrEqual(180);
  });

  test('calls what the same weekday showed in both weeks before seasonal, and what every day shows not', () => {
    const weekends = Array.from({length: 20}, (_, day) => (day % 7 >= 5 ? 0.6 : 0.05));
    expect(patternOf(weekends)).toBe('seasonal');
    const nights = Array.from({length: 24 * 3}, (_, hour) => (hour % 24 >= 22 ? 0.5 : 0));
    expect(patternOf(nights, DAY / 24)).toBe('seasonal');
    expect(patternOf(Array.from({length: 20}, () => 0.6))).toBe('unclear');
  });

  test('says unclear without a past', () => {
    expect(patternOf([0.6])).toBe('unclear');
    expect(patternOf([0, 0.1, 0.6])).toBe('unclear');
  });
});
