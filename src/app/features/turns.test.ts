import {expect, test} from 'vitest';
import {Turns} from './turns.ts';

test('few run at a time, some wait in order, the others are turned away, and a failure gives its turn on', async () => {
  const turns = new Turns(2, 3);
  const begun: number[] = [];
  const ends: (() => void)[] = [];
  const work = (i: number) =>
    turns.take(async () => {
      begun.push(i);
      await new Promise<void>(resolve => ends.push(resolve));
      if (i === 0) throw new Error('It failed.');
      return i;
    });
  const all = Array.from({length: 7}, (_, i) => work(i));
  const settled = Promise.allSettled(all);
  await expect(all[5]).rejects.toMatchObject({code: 'QUEUE_FULL'});
  await expect(all[6]).rejects.toMatchObject({code: 'QUEUE_FULL'});
  expect(begun).toEqual([0, 1]);
  while (begun.length < 5 || ends.length > 0) {
    ends.shift()!();
    await new Promise(setImmediate);
  }
  expect(begun).toEqual([0, 1, 2, 3, 4]);
  expect((await settled).map(({status}) => status === 'fulfilled')).toEqual([
    false,
    true,
    true,
    true,
    true,
    false,
    false,
  ]);
  const free = work(9);
  expect(begun.at(-1)).toBe(9);
  ends.shift()!();
  expect(await free).toBe(9);
});
