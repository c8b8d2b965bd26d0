// Predictions for many at once, from the command line: written, gone on with, refused.
import {readFileSync, writeFileSync} from 'node:fs';
import {join} from 'node:path';
import {afterAll, beforeAll, describe, expect, test} from 'vitest';
import {couriers, deploy, NOW, openAt} from '../../src/app/batch/batch.fixture.ts';
import {runProgram} from '../../src/cli/program.ts';
import {Terminal} from '../../src/cli/terminal/terminal.ts';
import {ROOT, temporaryFolder} from './millrace.fixture.ts';

const folder = temporaryFolder();
afterAll(() => folder.remove());
const at = (...parts: string[]) => join(folder.path, ...parts);
const PROJECT = ['--project', join(ROOT, 'test/projects/couriers'), '--data', at('data')];
const AS_OF = new Date(NOW).toISOString();

async function run(...args: string[]) {
  let out = '';
  let err = '';
  const terminal = new Terminal({
    stdout: {write: (text: string) => (out += text)},
    stderr: {write: (text: string) => (err += text)},
    env: {},
  });
  const code = await runProgram(args, terminal);
  process.exitCode = undefined;
  return {code, out, err};
}

beforeAll(async () => {
  const runtime = await openAt(await couriers(), at('data'));
  await deploy(runtime);
  await runtime.close();
}, 60_000);

describe('millrace batch', () => {
  test('predicts for what was asked of late, and says where it is', async () => {
    const {code, out, err} = await run(
      'batch',
      '--seen',
      '1d',
      '--as-of',
      AS_OF,
      '--out',
      at('seen'),
      '--to-online',
      ...PROJECT,
    );
    expect({code, err}).toEqual({code: 0, err: ''});
    expect(out).toMatch(
      /^\d{3} predictions of 'punctuality', version 1, as of 2024-01-05 12:00 UTC\n {2}written +.*seen, 1 part\n {2}online +\d{3} requests/,
    );
    const again = await run('batch', '--seen', '1d', '--as-of', AS_OF, '--out', at('seen'), '--json', ...PROJECT);
    const record = JSON.parse(again.out);
    expect(record).toMatchObject({model: 'punctuality', version: 1, asOf: NOW, resumed: record.rows});
    expect(JSON.parse(readFileSync(at('seen/manifest.json'), 'utf8')).partitions).toEqual(record.partitions);
  });

  test('takes a query over the streams, and a file', async () => {
    const sql = 'SELECT orderId AS id, kitchen, distance, _time AS "at" FROM orders LIMIT 7';
    const query = await run(
      'batch',
      'punctuality',
      '--sql',
      sql,
      '--out',
      at('query'),
      '--version',
      '1',
      '--json',
      ...PROJECT,
    );
    expect(JSON.parse(query.out)).toMatchObject({rows: 7, requests: {kind: 'query', sql}, features: false});
    writeFileSync(at('two.csv'), 'kitchen,distance\nk1,2\nk2,3\n');
    const file = await run('batch', '--from', at('two.csv'), '--features', '--out', at('file'), '--json', ...PROJECT);
    expect(JSON.parse(file.out)).toMatchObject({rows: 2, features: true});
  });

  test.each([
    [['--out', 'x'], 2, 'Give one of --from <file>, --sql <select> and --seen <duration>.'],
    [['--seen', '1d', '--sql', 'SELECT 1', '--out', 'x'], 2, 'More than one'],
    [['--seen', 'soon', '--out', 'x'], 2, 'such as 30d'],
    [['--seen', '1d'], 2, '--out <folder>'],
    [['--from', 'nowhere.csv', '--out', at('x')], 4, 'There is no file'],
    [['nobody', '--seen', '1d', '--out', at('x')], 4, 'There is no model'],
    [['--seen', '1d', '--version', '7', '--out', at('x')], 4, 'VERSION_NOT_FOUND'],
    [['--seen', '1d', '--as-of', AS_OF, '--features', '--out', at('seen')], 1, 'Another run stands in'],
    [['--seen', '1d', '--out', at('seen')], 1, 'is complete'],
  ])('refuses %j with %i', async (args, code, text) => {
    const refused = await run('batch', ...args, ...PROJECT);
    expect(refused).toMatchObject({code, out: ''});
    expect(refused.err).toContain(text);
  });
});
