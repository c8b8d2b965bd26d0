import {Worker} from 'node:worker_threads';
import {expect, test} from 'vitest';
import {leadTeam, TEAM_BYTES} from './team.ts';

const PHASES = 300;

/** A helper whose only phase adds 1 to the second buffer. */
function startHelper(control: SharedArrayBuffer, count: SharedArrayBuffer): Worker {
  const loader = import.meta.resolve('tsx/esm/api');
  const team = new URL('./team.ts', import.meta.url).href;
  const code = `
    import('${loader}').then(({register}) => { register(); return import('${team}'); }).then(({serveTeam}) => {
      const {control, count} = require('node:worker_threads').workerData;
      const done = new Int32Array(count);
      serveTeam(new Int32Array(control), [() => { Atomics.add(done, 0, 1); }]);
    });`;
  return new Worker(code, {eval: true, workerData: {control, count}, execArgv: []});
}

test('a helper that is woken without work does nothing', async () => {
  const control = new SharedArrayBuffer(TEAM_BYTES);
  const count = new SharedArrayBuffer(4);
  const words = new Int32Array(control);
  const done = new Int32Array(count);
  const helper = startHelper(control, count);
  try {
    const run = leadTeam(words, 2, [() => {}]);
    run(0); // from here on the helper is there
    for (let phase = 1; phase < PHASES; phase++) {
      run(0);
      // A notification that comes late, while the helper sleeps again.
      for (let i = 0; i < 50; i++) Atomics.notify(words, 0);
    }
    await new Promise(resolve => setTimeout(resolve, 50));
    expect(Atomics.load(done, 0)).toBe(PHASES);
  } finally {
    await helper.terminate();
  }
});
