// A report on two files, from the command line: what is printed, the page, and the exit code.
import {readFileSync, writeFileSync} from 'node:fs';
import {join} from 'node:path';
import {afterAll, beforeAll, describe, expect, test} from 'vitest';
import {runProgram} from '../../src/cli/program.ts';
import {Terminal} from '../../src/cli/terminal/terminal.ts';
import {temporaryFolder} from './millrace.fixture.ts';

const folder = temporaryFolder();
afterAll(() => folder.remove());
const at = (name: string) => join(folder.path, name);

async function run(...args: string[]) {
  let out = '';
  let err = '';
  const terminal = new Terminal({
    stdout: {write: (text: string) => (out += text)},
    stderr: {write: (text: string) => (err += text)},
    env: {},
  });
  const code = await runProgram(['monitor', 'report', ...args], terminal);
  process.exitCode = undefined;
  return {code, out, err};
}

/** `price` is multiplied, `kind` is there or not; scores say nothing of what was bought. */
function csv(name: string, rows: number, price: number, kind = true): void {
  const lines = Array.from({length: rows}, (_, i) => {
    const u = ((i * 7_919) % 1_009) / 1_009;
    const cells = [
      (u * price).toFixed(3),
      ((i * 271) % 503) / 503,
      i % 3 === 0 ? 1 : 0,
      ...(kind ? [`kind ${i % 4}`] : []),
    ];
    return cells.join(',');
  });
  writeFileSync(at(name), [`price,score,bought${kind ? ',kind' : ''}`, ...lines].join('\n'));
}

beforeAll(() => {
  csv('train.csv', 2_000, 10);
  csv('calm.csv', 1_500, 10);
  csv('dear.csv', 1_500, 17);
  csv('lost.csv', 1_500, 10, false);
});

describe('millrace monitor report', () => {
  test('ends with 0 where there is nothing to see', async () => {
    const {code, out} = await run(at('train.csv'), at('calm.csv'));
    expect(code).toBe(0);
    expect(out).toMatch(/^Nothing to see: none of 4 columns drifts\.\n/);
    expect(out).toContain('train.csv, 2,000 rows');
  });

  test('ends with 6 for drift, or for broken data only, or never, as told', async () => {
    const {code, out} = await run(at('train.csv'), at('dear.csv'));
    expect([code, out.split('\n')[0]]).toEqual([6, '1 of 4 columns drift: price.']);
    expect((await run(at('train.csv'), at('dear.csv'), '--fail-on', 'quality')).code).toBe(0);
    expect((await run(at('train.csv'), at('lost.csv'), '--fail-on', 'quality')).code).toBe(6);
    expect((await run(at('train.csv'), at('lost.csv'), '--fail-on', 'none')).code).toBe(0);
    expect((await run(at('train.csv'), at('dear.csv'), '--except', 'price')).code).toBe(0);
    expect((await run(at('train.csv'), at('dear.csv'), '--effect', '9')).code).toBe(0);
  });

  test('prints nothing but JSON with --json, and writes the page beside', async () => {
    const page = at('report.html');
    const {out} = await run(at('train.csv'), at('dear.csv'), '--json', '--html', page, '--measure', 'wasserstein');
    const {verdict, columns} = JSON.parse(out);
    expect(verdict).toBe('drift');
    expect(columns[0]).toMatchObject({column: 'price', verdict: 'drift', measures: [{measure: 'wasserstein'}]});
    expect(readFileSync(page, 'utf8')).toMatch(/^<!doctype html>[\s\S]*dear\.csv against train\.csv[\s\S]*<\/html>\n$/);
  });

  test('shows performance where it is told what was predicted and what happened', async () => {
    const {out} = await run(at('train.csv'), at('calm.csv'), '--prediction', 'score', '--target', 'bought');
    expect(out).toMatch(/score for bought +before +now\n +AUC +0\.\d+ \[/);
    expect((await run(at('train.csv'), at('calm.csv'), '--prediction', 'score')).code).toBe(2);
  });

  test('refuses what it does not know, with what there is', async () => {
    expect((await run(at('nothing.csv'), at('calm.csv'))).code).toBe(4);
    const {code, err} = await run(at('train.csv'), at('calm.csv'), '--measure', 'distance');
    expect(code).toBe(2);
    expect(err).toContain('kolmogorov-smirnov');
    const lost = await run(at('train.csv'), at('calm.csv'), '--html', at('no/such/folder.html'));
    expect([lost.code, lost.err]).toEqual([2, expect.stringContaining('The page cannot be written')]);
  });

  test('ends with 6 for a file without rows', async () => {
    csv('none.csv', 0, 1);
    const {code, out} = await run(at('train.csv'), at('none.csv'), '--fail-on', 'quality');
    expect(code).toBe(6);
    expect(out).toMatch(/^There are no current rows/);
  });
});
