import {expect, test} from 'vitest';
import {startReceiver} from '../../monitoring/channels/contract/receiver.ts';
import {notifications, webhook} from '../../monitoring/index.ts';
import {alertOf, DAY, DeskProcess, HOUR, MINUTE, START} from './desk.fixture.ts';

const oncall = webhook('oncall', {url: {env: 'ONCALL_URL'}});
const auc = alertOf('performance', 'auc', START);
const drift = alertOf('prediction-drift', 'prediction', START);

test('a page that goes into a message on its way has three days of its own; what is only repeated has not', async () => {
  const gone = await startReceiver();
  await gone.close();
  const given = {notifications: notifications({channels: [oncall]}), environment: {ONCALL_URL: gone.url}};
  const desk = await DeskProcess.start(given);
  await desk.opens(drift);
  await desk.pass(3 * DAY - HOUR, 10 * MINUTE);
  await desk.opens({...auc, openedAt: desk.now});
  await desk.pass(3 * DAY - HOUR, 10 * MINUTE);
  expect(await desk.desk.deliveries()).toMatchObject([{state: 'waiting'}]);
  await desk.pass(3 * HOUR, 10 * MINUTE);
  expect((await desk.desk.deliveries()).at(-1)).toMatchObject({state: 'failed'});
  await desk.close();
});
