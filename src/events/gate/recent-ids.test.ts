import fc from 'fast-check';
import {expect, test} from 'vitest';
import {RecentIds} from './recent-ids.ts';

test('an id is known for one horizon at least, and not for ever', () => {
  const ids = new RecentIds(100);
  ids.advance(0, 0);
  expect(ids.add('a')).toBe(true);
  ids.advance(100, 1);
  expect(ids.add('a')).toBe(false);
  ids.advance(200, 2);
  expect(ids.add('a')).toBe(true);
});

test('a jump far ahead forgets nothing at once, and time may go back afterwards', () => {
  const ids = new RecentIds(100);
  ids.advance(0, 0);
  ids.add('a');
  ids.advance(1e9, 1);
  expect(ids.add('a')).toBe(false);
  ids.advance(50, 1);
  expect(ids.add('a')).toBe(false);
  ids.advance(150, 1);
  ids.advance(250, 1);
  expect(ids.add('a')).toBe(true);
});

test('an id that was taken back is new again, whichever generation has it', () => {
  const ids = new RecentIds(100);
  ids.advance(0, 0);
  ids.add('a');
  ids.advance(100, 1);
  ids.add('b');
  ids.remove(['a', 'b']);
  expect([ids.add('a'), ids.add('b')]).toEqual([true, true]);
});

test('what is known is a superset of the last horizon, and lies at or after `from` in the log', () => {
  const steps = fc.array(fc.record({id: fc.integer({min: 0, max: 30}), wait: fc.integer({min: 0, max: 60})}));
  fc.assert(
    fc.property(steps, steps => {
      const ids = new RecentIds(100);
      const seen = new Map<string, {at: number; position: number}>();
      let now = 0;
      let position = 0;
      for (const {id, wait} of steps) {
        now += wait;
        ids.advance(now, position);
        const last = seen.get(`${id}`);
        const added = ids.add(`${id}`);
        if (last === undefined || now - last.at >= 2 * (100 + 60)) expect(added).toBe(true);
        else if (now - last.at < 100) expect(added).toBe(false);
        if (!added) expect(last!.position).toBeGreaterThanOrEqual(ids.from);
        else seen.set(`${id}`, {at: now, position: position++});
      }
    }),
    {seed: 1, numRuns: 300},
  );
});
