import {afterAll, beforeAll, describe, expect, test} from 'vitest';
import {ClientError, createClient} from '../client/index.ts';
import {NOW, type SmallPlatform, smallPlatform} from './testing/small-platform.ts';

let small: SmallPlatform;
beforeAll(async () => {
  small = await smallPlatform();
});
afterAll(() => small.close());

const client = () => createClient({url: small.server.url});
const post = async (body: unknown, model = 'punctuality') => {
  const answer = await fetch(`${small.server.url}/v1/models/${model}/consistency`, {
    method: 'POST',
    headers: {'content-type': 'application/json'},
    body: JSON.stringify(body),
  });
  return {status: answer.status, body: (await answer.json()) as {code?: string; number?: number; message?: string}};
};

async function finished() {
  for (;;) {
    const [newest] = await client().consistency('punctuality');
    if (newest && newest.state !== 'running') return newest;
    await new Promise(resolve => setTimeout(resolve, 10));
  }
}

describe('consistency over HTTP', () => {
  test('is a list that can be read before the platform is open, and runs once at a time after', async () => {
    expect(await client().consistency('punctuality')).toEqual([]);
    expect((await post({})).body.code).toBe('NOT_READY');
    await small.open();
    // The first run archives the whole history before it compares.
    const answers = await Promise.all([post({}), post({})]);
    expect(answers.map(({status}) => status).sort()).toEqual([202, 409]);
    expect(answers.find(({status}) => status === 409)!.body.code).toBe('STORE_CONFLICT');
    expect(await finished()).toMatchObject({number: 1, state: 'done'});
  });

  test('is started for a time range and a share of keys', async () => {
    const run = await client().checkConsistency('punctuality', {from: '2024-01-01T00:00:00Z', sample: 0.5});
    expect(run).toMatchObject({number: 2, state: 'running', trigger: 'manual', sample: 0.5, set: 'atOrder'});
    expect([run.from, run.to]).toEqual([Date.UTC(2024, 0, 1), NOW]);
    expect(await finished()).toMatchObject({number: 2, state: 'done', values: 0, mismatches: 0});
  });

  test('refuses what it cannot compare, and says what it can', async () => {
    for (const body of [{sample: 0}, {sample: '1'}, {from: 'yesterday'}, {from: NOW, to: NOW - 1}])
      expect(await post(body), JSON.stringify(body)).toMatchObject({status: 400, body: {code: 'REQUEST_INVALID'}});
    expect(await post({}, 'punctualty')).toMatchObject({status: 404, body: {code: 'MODEL_NOT_FOUND'}});
    await expect(client().consistency('punctualty')).rejects.toBeInstanceOf(ClientError);
  });
});
