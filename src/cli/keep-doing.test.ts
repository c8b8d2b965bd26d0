import {expect, test} from 'vitest';
import {openLog} from '../app/index.ts';
import {MillraceError} from '../protocol/index.ts';
import {keepDoing} from './keep-doing.ts';

async function outcome(failing: (time: number) => void) {
  const lines: string[] = [];
  const log = openLog({format: 'json', level: 'info'}, {write: line => lines.push(line)});
  const stopping = new AbortController();
  let [times, after] = [0, 0];
  const steps = [
    () => failing(++times),
    () => {
      if (++after === 3) stopping.abort();
    },
  ];
  const ended = await keepDoing(steps, {everyMs: 1, signal: stopping.signal, log}).catch((error: unknown) => error);
  return {ended, times, after, logged: lines.map(line => JSON.parse(line))};
}

test('a fault without a name is told as INTERNAL with its stack, keeps nothing else from its turn, and ends nothing', async () => {
  const {ended, times, after, logged} = await outcome(time => {
    if (time === 1) throw new TypeError("Cannot read properties of undefined (reading 'auc')");
  });
  expect({ended, times, after}).toEqual({ended: undefined, times: 3, after: 3});
  expect(logged).toHaveLength(1);
  expect(logged[0].err).toMatchObject({
    code: 'INTERNAL',
    cause: {type: 'TypeError', stack: expect.stringContaining('keep-doing.test.ts')},
  });
});

test('one with a name is told as it is', async () => {
  const {ended, logged} = await outcome(() => {
    throw new MillraceError('STORE_BUSY', 'Another process writes.');
  });
  expect(ended).toBeUndefined();
  expect(logged).toHaveLength(3);
  expect(logged[0].err).toMatchObject({code: 'STORE_BUSY'});
});

test.each([
  new MillraceError('STORE_CLOSED', 'The metadata store is closed.'),
  Object.assign(new Error('no space left on device'), {code: 'ENOSPC'}),
])('what says that nothing can be kept ends it: %s', async error => {
  const {ended, after} = await outcome(() => {
    throw error;
  });
  expect(ended).toBe(error);
  expect(after).toBe(0);
});
