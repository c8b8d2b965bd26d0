import fc from 'fast-check';
import {expect, test} from 'vitest';
import {MillraceError} from '../protocol/index.ts';
import {splitByTime} from './split.ts';

test('splits are in order of time, with at least the gap between them', () => {
  fc.assert(
    fc.property(
      fc.array(fc.integer({min: 0, max: 500}), {minLength: 1, maxLength: 300}),
      fc.integer({min: 0, max: 60}),
      fc.constantFrom([0.7, 0.15], [0.5, 0.25], [0.34, 0.33], [0.8, 0.1]),
      (unordered, gapMs, [share, validationShare]) => {
        const times = Float64Array.from(unordered).sort();
        let split: ReturnType<typeof splitByTime>;
        try {
          split = splitByTime(times, {train: share!, validation: validationShare!, gapMs});
        } catch (error) {
          expect(error).toBeInstanceOf(MillraceError);
          expect((error as MillraceError).code).toBe('DATASET_EMPTY');
          return;
        }
        const {train, validation, test} = split;
        expect(train.from).toBe(0);
        expect(test.to).toBe(times.length);
        for (const [before, after] of [
          [train, validation],
          [validation, test],
        ] as const) {
          // Every label of the earlier split is known before the later one begins, and no instant lies in both.
          expect(times[after.from]! - times[before.to - 1]!).toBeGreaterThanOrEqual(gapMs);
          expect(times[after.from]!).toBeGreaterThan(times[before.to - 1]!);
        }
      },
    ),
    {numRuns: 500, seed: 11},
  );
});

test('shares are shares of the rows, and the gap is left out', () => {
  const times = Float64Array.from({length: 1_000}, (_, i) => i);
  expect(splitByTime(times, {train: 0.7, validation: 0.15, gapMs: 20})).toEqual({
    train: {from: 0, to: 700},
    validation: {from: 720, to: 850},
    test: {from: 870, to: 1_000},
    gapMs: 20,
  });
});

test('a split without rows is named in the error', () => {
  const times = Float64Array.from({length: 10}, (_, i) => i);
  expect(() => splitByTime(times, {train: 0.7, validation: 0.15, gapMs: 5})).toThrow(
    /The validation split has no rows/,
  );
  expect(() => splitByTime(new Float64Array(0), {train: 0.7, validation: 0.15, gapMs: 5})).toThrow(/train split/);
});
