// The whole loop on the template, in the terminal.
import {readFileSync, writeFileSync} from 'node:fs';
import {join} from 'node:path';
import {afterAll, describe, expect, test} from 'vitest';
import type {RunSummary} from '../../src/protocol/index.ts';
import {millrace, ROOT, start, temporaryFolder} from './millrace.fixture.ts';

const folder = temporaryFolder();
afterAll(() => folder.remove());

const TEMPLATE = join(ROOT, 'templates/start');

const args = (data: string, ...more: string[]) => [
  'quickstart',
  '--project',
  TEMPLATE,
  '--folder',
  join(folder.path, data),
  '--port',
  '0',
  ...more,
];

describe('quickstart', () => {
  test('tells the story, prints one summary, and goes on serving until it is told to stop', async () => {
    const run = start(args('whole', '--json', '--rows', '12000'), folder.path);
    await run.shows('Look at it:');
    const {url} = JSON.parse(readFileSync(join(folder.path, 'whole/server.json'), 'utf8')) as {url: string};
    const served = (await (await fetch(`${url}/api/summary`)).json()) as RunSummary;
    run.process.kill('SIGINT');
    const {code, out, err} = await run.ended;
    expect(code).toBe(0);

    const summary = JSON.parse(out) as RunSummary;
    expect(summary).toMatchObject({project: 'start', rows: 12_000, finished: true});
    expect(served.replay).toEqual(summary.replay);
    expect(summary.stages.map(({name, state}) => [name, state])).toEqual(
      ['prepare', 'ingest', 'train', 'deploy', 'replay', 'consistency'].map(name => [name, 'done']),
    );
    expect(summary.consistency).toMatchObject({mismatches: 0, predictions: summary.replay?.predictions});
    expect(summary.retrains.length).toBeGreaterThan(0);
    for (const {trigger} of summary.retrains) expect(err).toContain(trigger.reason);
    expect(err.indexOf('Written down before the replay')).toBeLessThan(err.indexOf('✓ ingest'));
    expect(err).not.toContain(String.fromCharCode(27));
  });

  test('ends with 3 if the first version may not be deployed, and says which gate', async () => {
    const project = join(folder.path, 'strict.ts');
    writeFileSync(
      project,
      `import {atLeast} from 'millrace';
       import {conversion as base} from '${TEMPLATE}/millrace.ts';
       export {prepare} from '${TEMPLATE}/prepare.ts';
       export const conversion = {...base, gates: [atLeast('auc', 0.99)]};`,
    );
    const command = args('gated', '--rows', '4000', '--exit', '--json').map(arg => (arg === TEMPLATE ? project : arg));
    const {code, out, err} = await millrace(command, folder.path);
    expect(code).toBe(3);
    expect(JSON.parse(out).error.code).toBe('GATE_FAILED');
    expect(err).toContain('at least 0.99 is required');
  });

  test('ends with 130 on Ctrl-C, and starts over cleanly afterwards', async () => {
    for (let attempt = 0; attempt < 2; attempt++) {
      const run = start(args('stopped', '--rows', '6000'), folder.path);
      await run.shows('✓ ingest');
      run.process.kill('SIGINT');
      const {code, err} = await run.ended;
      expect(code).toBe(130);
      expect(err).toContain('Interrupted.');
    }
  });
});
