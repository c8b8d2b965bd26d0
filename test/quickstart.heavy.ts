// The quickstart as a user meets it when things go wrong: killed in the middle, interrupted, started twice.
import {type ChildProcess, spawn} from 'node:child_process';
import {mkdtempSync, rmSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {afterAll, beforeAll, describe, expect, test} from 'vitest';
import type {RunSummary} from '../src/protocol/index.ts';

const ROWS = '300000';
let folder: string;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'quickstart-'));
});
afterAll(() => rmSync(folder, {recursive: true, force: true}));

type Run = {readonly child: ChildProcess; readonly ended: Promise<number | null>; output: {out: string; err: string}};

function start(...options: string[]): Run {
  const child = spawn(
    'node',
    ['dist/cli/main.js', 'quickstart', '--rows', ROWS, '--folder', folder, '--port', '0', '--exit', ...options],
    {stdio: ['ignore', 'pipe', 'pipe']},
  );
  const output = {out: '', err: ''};
  child.stdout!.on('data', chunk => {
    output.out += chunk;
  });
  child.stderr!.on('data', chunk => {
    output.err += chunk;
  });
  return {child, output, ended: new Promise(resolve => child.once('exit', resolve))};
}

/** Resolves when the run has printed this; fails when it ended without. */
async function printed({child, output}: Run, text: RegExp): Promise<void> {
  while (!text.test(output.err + output.out)) {
    if (child.exitCode !== null) throw new Error(`ended with ${child.exitCode}: ${output.err}`);
    await new Promise(resolve => setTimeout(resolve, 50));
  }
}

describe('quickstart', () => {
  test.each([
    ['ingest', /✓ prepare/],
    ['train', /✓ ingest/],
    ['replay', /✓ deploy/],
  ])('is killed in %s, and the next run is as if nothing had been', async (_stage, before) => {
    const run = start('--json');
    await printed(run, before);
    await new Promise(resolve => setTimeout(resolve, 800));
    run.child.kill('SIGKILL');
    await run.ended;
  });

  test('refuses to share its folder, ends cleanly on Ctrl-C, and then runs to the end', async () => {
    const first = start('--json');
    await printed(first, /✓ ingest/);
    const second = start('--json');
    expect(await second.ended).not.toBe(0);
    expect(second.output.err).toMatch(/STORE_BUSY/);
    first.child.kill('SIGINT');
    expect(await first.ended).toBe(130);

    const last = start('--json');
    expect(await last.ended, last.output.err).toBe(0);
    const summary = JSON.parse(last.output.out) as RunSummary;
    expect(summary.finished).toBe(true);
    expect(summary.consistency!.mismatches).toBe(0);
    expect(summary.consistency!.predictions).toBe(summary.replay!.predictions);
    expect(summary.streams.find(s => s.name === 'departures')!.events).toBe(Number(ROWS));
  });
});
