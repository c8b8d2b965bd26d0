// A new user's first hour, command by command, on the template.
import {execFileSync} from 'node:child_process';
import {existsSync, readFileSync, writeFileSync} from 'node:fs';
import {join} from 'node:path';
import {afterAll, describe, expect, test} from 'vitest';
import {millrace, ROOT, start, temporaryFolder} from './millrace.fixture.ts';

const folder = temporaryFolder();
const shop = join(folder.path, 'My Shop');
afterAll(() => folder.remove());

const run = (...args: string[]) => millrace(args, shop);

/** Runs a command that must succeed, and reads its JSON. */
async function json(...args: string[]) {
  const {code, out, err} = await run(...args);
  expect({code, err: code === 0 ? '' : err}).toEqual({code: 0, err: ''});
  return JSON.parse(out);
}

const REQUEST = '{"shopper": "s042", "channel": "mail"}';

describe.sequential('the template', () => {
  test('is made in a new folder only', async () => {
    const made = await millrace(['init', shop], folder.path);
    expect(made).toMatchObject({code: 0, err: ''});
    expect(made.out).toContain('millrace ingest');
    const {version} = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8'));
    const manifest = JSON.parse(readFileSync(join(shop, 'package.json'), 'utf8'));
    expect(manifest).toMatchObject({name: 'my-shop', dependencies: {millrace: `^${version}`}});
    expect(existsSync(join(shop, '.gitignore'))).toBe(true);
    const again = await millrace(['init', shop], folder.path);
    expect(again.code).toBe(2);
    expect(again.err).toContain('is not empty');
  });

  test('compiles under the strict settings it brings', () => {
    const config = {
      extends: './tsconfig.json',
      compilerOptions: {
        paths: {millrace: [join(ROOT, 'src/index.ts')]},
        typeRoots: [join(ROOT, 'node_modules/@types')],
        lib: ['es2023'],
      },
      include: ['*.ts'],
    };
    writeFileSync(join(shop, 'tsconfig.test.json'), JSON.stringify(config));
    execFileSync(join(ROOT, 'node_modules/.bin/tsc'), ['-p', join(shop, 'tsconfig.test.json')], {stdio: 'pipe'});
  });

  test('has nothing wrong, even to a strict check', async () => {
    expect(await json('check', '--strict', '--json')).toEqual([]);
  });

  test('is ingested once: a second time finds nothing new', async () => {
    const first = await json('ingest', '--json');
    expect(first.reports.map((r: {stream: string; accepted: number}) => [r.stream, r.accepted])).toEqual([
      ['purchases', 4_493],
      ['visits', 15_360],
    ]);
    const second = await run('ingest');
    expect(second.code).toBe(0);
    expect(second.out).toMatch(/visits +15,360 +0 /);
  });

  test('cannot predict or retrain before anything is deployed, and says what to do', async () => {
    const predicted = await run('predict', 'conversion', '--json', REQUEST);
    expect(predicted.code).toBe(5);
    expect(JSON.parse(predicted.out).error.code).toBe('NOT_READY');
    const evaluated = await run('evaluate');
    expect(evaluated.code).toBe(4);
    expect(evaluated.err).toContain('millrace train');
  });

  test('trains a version that passes its gates', async () => {
    const {code, out} = await run('train', '--as-of', '2025-03-01');
    expect(code).toBe(0);
    expect(out).toContain('conversion, version 1 (registered)');
    expect(out).toContain('Deploy it: millrace deploy conversion --version 1');
  });

  test('builds the same training set twice', async () => {
    const one = await json('dataset', '--as-of', '2025-02-01', '--out', 'set.parquet', '--json');
    const two = await json('dataset', '--as-of', '2025-02-01', '--json');
    expect(one.hash).toBe(two.hash);
    expect(one.rows).toBeGreaterThan(7_000);
    expect(readFileSync(join(shop, 'set.parquet')).subarray(0, 4).toString()).toBe('PAR1');
  });

  test('deploys it, answers in process, and refuses what is no request', async () => {
    expect((await json('deploy', '--json')).arms).toEqual([{version: 1, role: 'champion', share: 1}]);
    const {predictions} = await json('predict', 'conversion', '--json', REQUEST);
    expect(predictions[0]).toMatchObject({version: 1, role: 'champion', features: {via: 'mail'}});
    const wrong = await run('predict', 'conversion', '--json', '{"shopper": "s042", "chanel": "mail"}');
    expect(wrong.code).toBe(2);
    expect(wrong.err).toContain('Did you mean channel?');
    expect((await run('predict', 'conversoin', '--json', REQUEST)).code).toBe(4);
    expect((await run('deploy', '--version', '9')).code).toBe(4);
  });

  test('retrains by hand: a challenger in shadow, of which the card tells', async () => {
    const retrain = await json('retrain', '--reason', 'a test', '--json');
    expect(retrain).toMatchObject({trigger: {kind: 'manual', reason: 'a test'}, challenger: 2, outcome: 'shadow'});
    const versions: {version: number; status: string}[] = await json('models', '--json');
    expect(versions.map(({version, status}) => [version, status])).toEqual([
      [2, 'shadow'],
      [1, 'champion'],
    ]);
    expect((await run('models', 'show', '--version', '2')).out).toContain('# conversion, version 2');
  });

  test('serves: other commands ask the server, pushed events are seen, SIGTERM ends it in order', async () => {
    const server = start(['serve', '--port', '0', '--json'], shop);
    await server.shows('"url"');
    const busy = await run('train');
    expect(busy.code).toBe(5);
    expect(busy.err).toContain('STORE_BUSY');
    const {url} = JSON.parse(readFileSync(join(shop, '.millrace/My Shop/server.json'), 'utf8'));
    const at = new Date(Date.now() - 1_000).toISOString();
    const event = {visitId: 'mine', at, shopper: 's042', channel: 'mail', amount: 20};
    await fetch(`${url}/v1/events/purchases`, {
      method: 'POST',
      headers: {'content-type': 'application/json'},
      body: JSON.stringify({events: [event]}),
    });
    const {predictions} = await json('predict', 'conversion', '--json', REQUEST);
    expect(predictions[0].features).toMatchObject({bought_7d: 1, spent_30d: 20});
    const wrong = await run('predict', 'conversion', '--url', url, '--json', '{"shopper": "s042"}');
    expect(wrong.code).toBe(2);
    expect(wrong.err).toContain("'channel' is missing");
    expect((await json('monitor', '--json')).alerts).toEqual([]);
    const taken = await run('serve', '--data', join(folder.path, 'other'), '--port', new URL(url).port);
    expect(taken.code).toBe(5);
    expect(taken.err).toContain('PORT_IN_USE');
    server.process.kill('SIGTERM');
    expect((await server.ended).code).toBe(0);
    expect(existsSync(join(shop, '.millrace/My Shop/server.json'))).toBe(false);
  });
});
