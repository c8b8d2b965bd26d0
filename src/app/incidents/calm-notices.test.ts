// Whom notices spare, and what becomes of those that wait.
import {afterEach, describe, expect, test} from 'vitest';
import {startReceiver} from '../../monitoring/channels/contract/receiver.ts';
import {logLines, notifications, webhook} from '../../monitoring/index.ts';
import {alertOf, DeskProcess, HOUR, MINUTE, START} from './desk.fixture.ts';
import {MOST_AN_HOUR} from './outbox.ts';

const closing: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close();
});
async function opened<T extends {close(): Promise<void>}>(starting: Promise<T>): Promise<T> {
  const started = await starting;
  closing.push(() => started.close());
  return started;
}

const oncall = webhook('oncall', {url: {env: 'ONCALL_URL'}});
const auc = alertOf('performance', 'auc', START);

describe('a page that is over', () => {
  const routes = {page: ['pager'], ticket: ['team']};
  const both = notifications({channels: [logLines('pager'), logLines('team')], routes});
  const calls = async ({desk}: DeskProcess): Promise<string[]> =>
    (await desk.deliveries()).map(({channel, event}) => `${event} ${channel}`).reverse();

  test('pages nobody for the tickets that are left of its incident, however long', async () => {
    const desk = await opened(DeskProcess.start({notifications: both}));
    const quality = alertOf('quality', 'x', START);
    await desk.opens(auc, quality);
    await desk.pass(HOUR);
    await desk.resolves(auc);
    await desk.pass(13 * HOUR, MINUTE);
    expect(await calls(desk)).toEqual(['opened pager']);
  });

  test('pages nobody where its incident is opened again by a ticket, and again where a page comes back', async () => {
    const desk = await opened(DeskProcess.start({notifications: both}));
    await desk.opens(auc);
    await desk.pass(MINUTE);
    await desk.resolves(auc);
    await desk.pass(10 * MINUTE);
    await desk.opens(alertOf('prediction-drift', 'prediction', desk.now, 2));
    await desk.pass(HOUR);
    expect((await calls(desk)).slice(2)).toEqual(['opened team']);
    await desk.opens(alertOf('performance', 'auc', desk.now, 3));
    await desk.pass(MINUTE);
    expect((await calls(desk)).slice(3)).toEqual(['updated pager']);
  });
});

describe('what waits for a channel that was away', () => {
  test('is silenced is held, and let go when the silence ends', async () => {
    const web = await startReceiver();
    await web.close();
    const given = {notifications: notifications({channels: [oncall]}), environment: {ONCALL_URL: web.url}};
    const desk = await opened(DeskProcess.start(given));
    await desk.opens(auc);
    await desk.pass(MINUTE);
    await desk.desk.silence({matches: {model: 'late'}, for: '2h', reason: 'a migration'}, 'ada', desk.now);
    const back = await opened(startReceiver(undefined, web.port));
    await desk.pass(HOUR);
    expect(back.received).toEqual([]);
    expect(await desk.desk.deliveries({state: 'waiting'})).toHaveLength(1);
    await desk.pass(2 * HOUR);
    expect(back.received).toHaveLength(1);
  });

  test('was tried in vain, however often, is taken by the channel that comes back', async () => {
    const web = await startReceiver();
    await web.close();
    const given = {notifications: notifications({channels: [oncall]}), environment: {ONCALL_URL: web.url}};
    const desk = await opened(DeskProcess.start(given));
    for (let n = 0; n < 12; n++) {
      const model = `m${n}`;
      await desk.desk.take({model, opened: [{...alertOf('latency', 'p99', START), model, id: `${model}:p99`}]}, START);
    }
    await desk.pass(10 * MINUTE);
    const waiting = await desk.desk.deliveries({state: 'waiting'});
    expect(waiting.reduce((sum, {attempts}) => sum + attempts, 0)).toBeGreaterThan(MOST_AN_HOUR);
    const back = await opened(startReceiver(undefined, web.port));
    await desk.pass(20 * MINUTE);
    expect(back.received).toHaveLength(12);
  });
});
