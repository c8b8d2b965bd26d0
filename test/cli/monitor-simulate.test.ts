// What `millrace monitor simulate` expects of the couriers' policy, from the stores of a trained model.
import {mkdtempSync, rmSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join, resolve} from 'node:path';
import {afterAll, beforeAll, describe, expect, test} from 'vitest';
import {couriers, deploy, openAt} from '../../src/app/batch/batch.fixture.ts';
import type {AlertSimulation} from '../../src/app/index.ts';
import {runProgram} from '../../src/cli/program.ts';
import {Terminal} from '../../src/cli/terminal/terminal.ts';

const PROJECT = resolve(import.meta.dirname, '../projects/couriers');
let folder: string;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'cli-simulate-'));
  const runtime = await openAt(await couriers(), folder);
  await deploy(runtime);
  await runtime.close();
}, 60_000);
afterAll(() => rmSync(folder, {recursive: true}));

async function simulate(...args: string[]) {
  let out = '';
  let err = '';
  const terminal = new Terminal({
    stdout: {write: (text: string) => (out += text)},
    stderr: {write: (text: string) => (err += text)},
    env: {},
  });
  const where = ['--project', PROJECT, '--data', folder];
  return {code: await runProgram(['monitor', 'simulate', ...where, ...args], terminal), out, err};
}

describe('millrace monitor simulate', () => {
  test('draws clean windows where none were monitored, and expects hardly an alert of them', async () => {
    const {code, out, err} = await simulate('punctuality', '--rows', '300', '--windows', '60');
    expect({code, err}).toEqual({code: 0, err: ''});
    expect(out).toContain(
      '60 windows of 300 rows of the test split, drawn anew: every alert is a false one. Fewer than 8 windows were monitored.',
    );
    expect(out).toMatch(/^ {2}page {4}all +\d+ +\d\.\d\d +0\.00 to \d\.\d\d$/m);
  });

  test('finds thresholds that keep to a budget', async () => {
    const {out} = await simulate('--json', '--clean', '--rows', '300', '--windows', '60', '--pages-per-month', '1');
    const {source, replay, solved} = JSON.parse(out) as AlertSimulation;
    expect([source, replay.windows, solved!.kept]).toEqual(['clean', 60, true]);
  });

  test('refuses what is no budget', async () => {
    expect(await simulate('--tickets-per-week', '-1')).toMatchObject({code: 2, out: ''});
  });
});
