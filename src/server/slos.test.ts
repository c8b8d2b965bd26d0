import {afterAll, beforeAll, describe, expect, test} from 'vitest';
import type {SloStatus} from '../protocol/index.ts';
import {type Admission, AdmissionControl} from './admission.ts';
import {buildServer} from './build-server.ts';
import {deploy, type SmallPlatform, smallPlatform} from './testing/small-platform.ts';

const MINUTE = 60_000;
const PREDICT = '/v1/models/punctuality/predict';

let small: SmallPlatform;
beforeAll(async () => {
  small = await smallPlatform('careful');
  await deploy(small);
  await small.open();
});
afterAll(() => small.close());

const ask = (instance: unknown) =>
  fetch(small.server.url + PREDICT, {
    method: 'POST',
    headers: {'content-type': 'application/json'},
    body: JSON.stringify({instances: [instance]}),
  });
const statuses = async (): Promise<Record<string, SloStatus>> => {
  const list = (await (await fetch(`${small.server.url}/api/slos`)).json()) as SloStatus[];
  return Object.fromEntries(list.map(status => [status.name, status]));
};
const counted = async () => {
  const found = await statuses();
  return Object.fromEntries(Object.entries(found).map(([name, {good, total}]) => [name, [good, total]]));
};
const tick = () => small.host.platform!.tick();

describe('service level objectives of a server', () => {
  test('count what was answered, and by whom; what the asker did wrong counts nowhere', async () => {
    expect(await counted()).toEqual({answers: [0, 0], fast: [0, 0], 'its own': [0, 0]});
    for (let i = 0; i < 8; i++) expect((await ask({kitchen: 'k1', distance: 1})).status).toBe(200);
    for (let i = 0; i < 2; i++) expect((await ask({kitchen: 'nowhere', distance: 1})).status).toBe(200);
    expect((await ask({kitchen: 'k1', distance: 'far'})).status).toBe(400);
    expect(await counted()).toEqual({answers: [10, 10], fast: [10, 10], 'its own': [8, 10]});
    const {answers, 'its own': own} = await statuses();
    expect(answers).toMatchObject({model: 'punctuality', objective: '99.9 % availability over 30 d', budgetLeft: 1});
    expect(own!.budgetLeft).toBeCloseTo(-1, 9);
  });

  test('requests that are refused for overload are bad ones', async () => {
    const server = await buildServer(small.host, {admission: new Refusing()});
    const url = await server.listen({port: 0, host: '127.0.0.1'});
    const refused = await fetch(url + PREDICT, {method: 'POST', body: '{}'});
    expect(refused.status).toBe(429);
    await server.close();
    expect(await counted()).toEqual({answers: [10, 11], fast: [10, 10], 'its own': [8, 10]});
  });

  test('a killed process goes on from the last minute that it kept', async () => {
    await tick();
    await ask({kitchen: 'k1', distance: 1});
    await small.restart();
    expect(await counted()).toEqual({answers: [10, 11], fast: [10, 10], 'its own': [8, 10]});
    await ask({kitchen: 'k1', distance: 1});
    small.clock.advanceTo(small.clock.now() + MINUTE);
    await tick();
    await small.restart();
    expect(await counted()).toEqual({answers: [11, 12], fast: [11, 11], 'its own': [9, 11]});
  });

  test('open one alert while the budget burns, which the model has among its own, and resolve it', async () => {
    const slos = async () =>
      ((await (await fetch(`${small.server.url}/api/alerts`)).json()) as {kind: string; resolvedAt: number | null}[])
        .filter(({kind}) => kind === 'slo')
        .map(({resolvedAt}) => resolvedAt === null);
    const [model] = small.host.platform!.models;
    for (let i = 0; i < 5; i++) {
      model!.slos.unanswered(4, small.clock.now());
      small.clock.advanceTo(small.clock.now() + MINUTE);
      await tick();
    }
    expect(await slos()).toEqual([true]);
    expect(model!.watch.openAlerts).toMatchObject([{kind: 'slo', severity: 'page', subject: 'answers'}]);
    small.clock.advanceTo(small.clock.now() + 4 * 86_400_000);
    await tick();
    expect(await slos()).toEqual([false]);
    expect(model!.watch.openAlerts.filter(({kind}) => kind === 'slo')).toEqual([]);
  });
});

class Refusing extends AdmissionControl {
  override admit(): Admission {
    return 'refuse';
  }
}
