// The default export of the edge target: requests in, responses out, by what the Web standardises.
import {mkdtempSync, rmSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {afterAll, beforeAll, describe, expect, test} from 'vitest';
import {moduleText} from '../../src/app/export/module-text.ts';
import {bundledRuntime, type Case, served} from './exported.fixture.ts';

const folder = mkdtempSync(join(tmpdir(), 'edge-'));
let worker: {fetch(request: Request): Promise<Response>};
let cases: readonly Case[] = [];

beforeAll(async () => {
  const given = await served('trees');
  cases = given.cases;
  const file = join(folder, 'worker.mjs');
  writeFileSync(file, moduleText(bundledRuntime(), given.exported, 'A test.', true));
  ({default: worker} = (await import(file)) as {default: typeof worker});
});
afterAll(() => rmSync(folder, {recursive: true}));

const post = (body: string | ReadableStream<Uint8Array>, method = 'POST') =>
  worker.fetch(new Request('https://edge.example/predict', {method, body, duplex: 'half'} as RequestInit));

const instance = {user: 'a', shop: 's', zone: 'UTC', at: 0};

describe('the handler', () => {
  test('answers instances in their order as the server does', async () => {
    const asked = cases.slice(0, 50);
    const response = await post(JSON.stringify({instances: asked.map(({input}, i) => ({...input, id: `p${i}`}))}));
    expect(response.status).toBe(200);
    expect(response.headers.get('content-type')).toMatch(/^application\/json/);
    const {model, predictions} = (await response.json()) as {model: string; predictions: unknown[]};
    expect(model).toBe('trees');
    expect(predictions).toEqual(
      asked.map(({input, ...answer}, i) => ({id: `p${i}`, version: 3, at: input.at, ...answer})),
    );
  });

  test('says what it takes', async () => {
    const response = await worker.fetch(new Request('https://edge.example/'));
    const about = (await response.json()) as {name: string; request: unknown[]};
    expect(about).toMatchObject({name: 'trees', version: 3, task: 'binary'});
    expect(about.request[0]).toEqual({name: 'user', type: 'string', nullable: false});
  });

  test.each([
    ['no JSON', '{"instances": [', 400, 'REQUEST_INVALID'],
    ['NaN', `{"instances": [{"user": "a", "shop": "s", "zone": "UTC", "amount": NaN}]}`, 400, 'REQUEST_INVALID'],
    ['nothing', '', 400, 'REQUEST_INVALID'],
    ['a list', '[]', 400, 'REQUEST_INVALID'],
    ['null', 'null', 400, 'REQUEST_INVALID'],
    ['no instances', '{"instances": []}', 400, 'REQUEST_INVALID'],
    ['an instance that is none', '{"instances": [null]}', 400, 'REQUEST_INVALID'],
    ['a text as instance', '{"instances": ["x"]}', 400, 'REQUEST_INVALID'],
    ['features that are a list', JSON.stringify({instances: [{...instance, features: [1]}]}), 400, 'REQUEST_INVALID'],
    ['too many', JSON.stringify({instances: Array.from({length: 1_001}, () => instance)}), 400, 'REQUEST_INVALID'],
    ['deep nesting', `${'['.repeat(100_000)}${']'.repeat(100_000)}`, 400, 'REQUEST_INVALID'],
    ['a body one byte over the limit', `"${'x'.repeat(4 * 1024 * 1024 - 1)}"`, 413, 'REQUEST_TOO_LARGE'],
  ])('refuses %s', async (_, body, status, code) => {
    const response = await post(body);
    expect(response.status).toBe(status);
    expect(await response.json()).toMatchObject({code, message: expect.any(String)});
  });

  test('takes a body just within the limit, and gives up one that never ends', async () => {
    expect((await post(`"${'x'.repeat(4 * 1024 * 1024 - 2)}"`)).status).toBe(400);
    let pulled = 0;
    const endless = new ReadableStream<Uint8Array>({
      pull: controller => {
        pulled++;
        controller.enqueue(new Uint8Array(65_536).fill(32));
      },
    });
    expect((await post(endless)).status).toBe(413);
    expect(pulled).toBeLessThan(80);
  });

  test('names all that is wrong, where it is', async () => {
    const response = await post(JSON.stringify({instances: [instance, {...instance, user: 4, features: {n_1x: 2}}]}));
    const {problems} = (await response.json()) as {problems: {path: string}[]};
    expect(problems.map(({path}) => path)).toEqual(['instances[1].user']);
  });

  test('refuses other methods', async () => {
    const response = await post('{}', 'PUT');
    expect(response.status).toBe(405);
    expect(response.headers.get('allow')).toBe('GET, HEAD, POST');
  });
});
