// What `millrace consistency` prints and exits with, on predictions of which some were falsified.
import {mkdtempSync, rmSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join, resolve} from 'node:path';
import {afterAll, afterEach, beforeAll, describe, expect, test} from 'vitest';
import {openCouriers, serveRequests} from '../../src/app/consistency/served.fixture.ts';
import {runProgram} from '../../src/cli/program.ts';
import {Terminal} from '../../src/cli/terminal/terminal.ts';
import type {ConsistencyRun} from '../../src/protocol/index.ts';

const PROJECT = resolve(import.meta.dirname, '../projects/couriers');
let folder: string;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'cli-consistency-'));
  const made = await openCouriers(folder);
  await serveRequests(made, 120, (row, i) => {
    if (i === 100) row[4] = Number(row[4]) + 2;
  });
  await made.runtime.close();
});
afterEach(() => {
  process.exitCode = undefined;
});
afterAll(() => rmSync(folder, {recursive: true}));

async function consistency(...args: string[]) {
  let out = '';
  let err = '';
  const terminal = new Terminal({
    stdout: {write: (text: string) => (out += text)},
    stderr: {write: (text: string) => (err += text)},
    env: {},
  });
  return {code: await runProgram(['consistency', '--project', PROJECT, '--data', folder, ...args], terminal), out, err};
}

describe('millrace consistency', () => {
  test('exits with 1 at a difference and shows where it is', async () => {
    const {code, out} = await consistency('punctuality', '--from', '2024-01-01');
    expect(code).toBe(1);
    expect(out).toContain('Skew: 1,080 values of 9 features compared, 1 differs, in 1 feature.');
    expect(out).toMatch(/queue_30m +120 +1 +0 +0 +0\.0\d+ +2\.00/);
    expect(out).toMatch(/p100, 2024-01-01 .*log position 101: served \d+, recomputed \d+, \{"kitchen":/);
  });

  test('exits with 0 where nothing differs, and prints the run as JSON', async () => {
    const {code, out} = await consistency(
      '--from',
      '2024-01-01',
      '--to',
      '2024-01-01T01:00Z',
      '--sample',
      '1',
      '--json',
    );
    expect(code).toBe(0);
    expect(JSON.parse(out) as ConsistencyRun).toMatchObject({number: 2, state: 'done', predictions: 59, mismatches: 0});
    expect((await consistency('--from', '2024-01-01', '--to', '2024-01-01T01:00Z')).out).toContain(
      'No skew: 531 values',
    );
  });

  test('says when there is nothing to compare, and refuses what is no share', async () => {
    const nothing = await consistency('--from', '2023-01-01', '--to', '2023-01-02');
    expect([nothing.code, nothing.out]).toEqual([0, expect.stringContaining('Nothing to compare: no prediction of')]);
    expect((await consistency('--sample', '2')).code).toBe(2);
  });
});
