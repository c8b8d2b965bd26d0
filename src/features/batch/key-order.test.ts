import fc from 'fast-check';
import {describe, expect, test} from 'vitest';
import {orderByFirst} from './key-order.ts';
import {Grouping} from './keyed-columns.ts';

describe("a key's rows", () => {
  const row = (times: fc.Arbitrary<number>) => fc.record({key: fc.integer({min: 0, max: 3}), time: times});
  test.each([
    ['near each other', fc.integer({min: -5, max: 5})],
    ['of all time', fc.maxSafeInteger()],
  ])('are in order of time, and equal ones in the order in which they came: times %s', (_, times) => {
    fc.assert(
      fc.property(fc.array(row(times), {maxLength: 60}), rows => {
        const grouping = new Grouping(4, 2);
        grouping.add(
          rows.length,
          Float64Array.from(rows, r => r.key),
          [Float64Array.from(rows, r => r.time), Float64Array.from(rows, (_, i) => i)],
        );
        const grouped = grouping.group();
        orderByFirst(grouped);
        for (let key = 0; key < 4; key++) {
          const [from, to] = [grouped.starts[key]!, grouped.starts[key + 1]!];
          const column = (c: number) => [
            ...grouped.data.slice(from * 2 + c * (to - from), from * 2 + (c + 1) * (to - from)),
          ];
          const want = rows
            .map((r, i) => ({...r, i}))
            .filter(r => r.key === key)
            .sort((a, b) => a.time - b.time);
          expect(column(0)).toEqual(want.map(r => r.time));
          expect(column(1)).toEqual(want.map(r => r.i));
        }
      }),
      {seed: 5, numRuns: 200},
    );
  });
});
