import {describe, expect, test} from 'vitest';
import {SharedSync} from './shared-sync.ts';

/** A sync whose runs end when told. */
function manual() {
  const runs: {end(): void; fail(error: Error): void}[] = [];
  const sync = new SharedSync(() => new Promise<void>((resolve, reject) => runs.push({end: resolve, fail: reject})));
  return {sync, runs};
}

const settled = async (promise: Promise<void>): Promise<boolean> =>
  Promise.race([
    promise.then(
      () => true,
      () => true,
    ),
    new Promise<boolean>(resolve => setImmediate(resolve, false)),
  ]);

describe('shared sync', () => {
  test('serves all who come while one runs with the one after it', async () => {
    const {sync, runs} = manual();
    const first = sync.request();
    const later = [sync.request(), sync.request(), sync.request()];
    expect(runs).toHaveLength(1);
    runs[0]!.end();
    await first;
    expect(await settled(later[0]!)).toBe(false);
    expect(runs).toHaveLength(2);
    runs[1]!.end();
    await Promise.all(later);
    expect(runs).toHaveLength(2);
  });

  test('never runs two at once, however requests and ends fall together', async () => {
    let running = 0;
    const sync = new SharedSync(async () => {
      expect(++running).toBe(1);
      await new Promise(resolve => setImmediate(resolve));
      running--;
    });
    const requests: Promise<void>[] = [];
    for (let i = 0; i < 50; i++) {
      requests.push(sync.request());
      requests.push(requests.at(-1)!.then(() => sync.request()));
      if (i % 3 === 0) await requests.at(-2);
    }
    await Promise.all(requests);
    expect(running).toBe(0);
  });

  test('a failure reaches those it failed, and the next run is tried', async () => {
    const {sync, runs} = manual();
    const first = sync.request();
    const second = sync.request();
    runs[0]!.fail(new Error('no disk'));
    await expect(first).rejects.toThrow('no disk');
    expect(await settled(second)).toBe(false);
    runs[1]!.end();
    await second;
  });
});
