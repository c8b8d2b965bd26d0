import fc from 'fast-check';
import {expect, test} from 'vitest';
import {RecentMap} from './recent-map.ts';

test('holds the newest entries, as a list that is searched from its end would', () => {
  const operation = fc.oneof(
    {weight: 20, arbitrary: fc.record({set: fc.integer({min: 0, max: 12})})},
    {weight: 4, arbitrary: fc.record({drop: fc.integer({min: 0, max: 12})})},
    {weight: 1, arbitrary: fc.constant({clear: true} as const)},
  );
  fc.assert(
    fc.property(fc.integer({min: 1, max: 6}), fc.array(operation, {maxLength: 200}), (size, operations) => {
      const map = new RecentMap<number>(size);
      let naive: [key: string, value: number][] = [];
      operations.forEach((each, i) => {
        if ('clear' in each) {
          map.clear();
          naive = [];
          return;
        }
        const key = `k${'set' in each ? each.set : each.drop}`;
        naive = naive.filter(([known]) => known !== key);
        if ('set' in each) {
          map.set(key, i);
          naive = [...naive, [key, i] as [string, number]].slice(-size);
        } else map.delete(key);
        expect(map.count).toBe(naive.length);
        for (let k = 0; k <= 12; k++) expect(map.get(`k${k}`)).toBe(naive.find(([known]) => known === `k${k}`)?.[1]);
      });
    }),
    {seed: 4},
  );
});

test('a full map takes an entry about as fast, however large it is', () => {
  const perSet = (size: number) => {
    const map = new RecentMap<number>(size);
    for (let i = 0; i < size; i++) map.set(`before ${i}`, i);
    const started = performance.now();
    for (let i = 0; i < 100_000; i++) map.set(`then ${i}`, i);
    return performance.now() - started;
  };
  // It took a hundred times as long when the oldest was looked for from the beginning.
  expect(perSet(100_000)).toBeLessThan(15 * perSet(1_000));
});
