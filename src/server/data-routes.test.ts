import {afterAll, beforeAll, describe, expect, test} from 'vitest';
import {createClient} from '../client/index.ts';
import {NOW, type SmallPlatform, smallPlatform} from './testing/small-platform.ts';

let platform: SmallPlatform;
beforeAll(async () => {
  platform = await smallPlatform();
});
afterAll(() => platform.close());

const client = () => createClient({url: platform.server.url});
const post = (path: string, body?: string, type = 'application/json') =>
  fetch(`${platform.server.url}${path}`, {
    method: 'POST',
    ...(body === undefined ? {} : {body, headers: {'content-type': type}}),
  });
const order = (orderId: string, distance: number) => ({orderId, kitchen: 'k1', distance, orderedAt: NOW});

describe('the data routes', () => {
  test('a replay waits for the platform, so that features see what gets in', async () => {
    expect((await post('/api/streams/orders/quarantine/replay', '{}')).status).toBe(503);
    await platform.open();
  });

  test('streams say how their checks stand, what waits, and which days are archived', async () => {
    await client().pushEvents('orders', [order('a', -1), order('b', 3), order('c', 99), {orderId: 'd'}]);
    await platform.host.runtime.archive.update();
    const orders = (await client().streams()).find(({name}) => name === 'orders')!;
    expect(orders).toMatchObject({waiting: 3, retentionMs: null, follower: null});
    expect(orders.status.map(({check, state, action, count}) => [check, state, action, count])).toEqual([
      ['distance between 0 and 50', 'violated', 'reject', 2],
      ['missing column', 'violated', 'reject', 1],
    ]);
    expect(orders.partitions.map(({rows}) => rows).reduce((a, b) => a + b)).toBe(orders.events);
    expect(orders.partitions[0]).toMatchObject({from: Date.UTC(2024, 0, 1), to: Date.UTC(2024, 0, 2)});
  });

  test('the quarantine of a stream is shown with reasons and rows, no more than asked for', async () => {
    const page = await client().quarantine('orders', {limit: 2});
    expect(page).toMatchObject({
      stream: 'orders',
      waiting: 3,
      reasons: [
        {check: 'distance between 0 and 50', count: 2},
        {check: 'missing column', count: 1},
      ],
    });
    expect(page.rows.map(({check, text}) => [check, JSON.parse(text).orderId])).toEqual([
      ['distance between 0 and 50', 'a'],
      ['distance between 0 and 50', 'c'],
    ]);
    expect(await client().quarantine('deliveries')).toEqual({stream: 'deliveries', waiting: 0, reasons: [], rows: []});
    await client().pushEvents('orders', [{...order('long', -1), kitchen: 'k'.repeat(10_000)}]);
    const long = (await client().quarantine('orders')).rows.at(-1)!;
    expect(long.text).toHaveLength(2_001);
  });

  test('a replay says what came of each row; what is still wrong waits on', async () => {
    expect(await client().replayQuarantine('orders')).toEqual({accepted: 0, duplicates: 0, refused: 4, left: 0});
    expect(await client().quarantine('orders', {limit: 0})).toMatchObject({waiting: 4, rows: []});
    // Nothing came in, so the last push is still the one that broke it.
    const orders = (await client().streams()).find(({name}) => name === 'orders')!;
    expect(orders.status[0]).toMatchObject({check: 'distance between 0 and 50', state: 'violated'});
  });

  test.each([
    ['GET', '/api/streams/nobody/quarantine', undefined, 404, 'STREAM_UNKNOWN'],
    ['GET', '/api/streams/..%2F..%2Fetc/quarantine', undefined, 404, 'STREAM_UNKNOWN'],
    ['GET', '/api/streams/orders/quarantine?limit=-1', undefined, 400, 'REQUEST_INVALID'],
    ['GET', '/api/streams/orders/quarantine?limit=1&limit=2', undefined, 400, 'REQUEST_INVALID'],
    ['POST', '/api/streams/nobody/quarantine/replay', '{}', 404, 'STREAM_UNKNOWN'],
    ['POST', '/api/streams/orders/quarantine/replay', undefined, 400, 'REQUEST_INVALID'],
    ['POST', '/api/streams/orders/quarantine/replay', '[', 400, 'REQUEST_INVALID'],
  ])('%s %s with %s is refused', async (method, path, body, status, code) => {
    const answer = method === 'GET' ? await fetch(`${platform.server.url}${path}`) : await post(path, body);
    expect([answer.status, ((await answer.json()) as {code: string}).code]).toEqual([status, code]);
  });

  test('a form of another origin replays nothing', async () => {
    for (const type of ['text/plain', 'application/x-www-form-urlencoded'])
      expect((await post('/api/streams/orders/quarantine/replay', '{}', type)).status).toBe(400);
  });
});
