// What `millrace compress` prints and exits with: a version of the couriers' model, and an ONNX file.
import {existsSync, mkdtempSync, rmSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join, resolve} from 'node:path';
import {afterAll, afterEach, beforeAll, describe, expect, test} from 'vitest';
import {couriers, deploy, openAt} from '../../src/app/batch/batch.fixture.ts';
import {networkFile} from '../../src/app/compress/network.fixture.ts';
import {runProgram} from '../../src/cli/program.ts';
import {Terminal} from '../../src/cli/terminal/terminal.ts';

const PROJECT = resolve(import.meta.dirname, '../projects/couriers');
let folder: string;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'cli-compress-'));
  const runtime = await openAt(await couriers(), join(folder, 'data'));
  await deploy(runtime);
  await runtime.close();
  writeFileSync(join(folder, 'net.onnx'), networkFile(1, [32, 160, 160, 2]));
});
afterEach(() => {
  process.exitCode = undefined;
});
afterAll(() => rmSync(folder, {recursive: true}));

async function compress(...args: string[]) {
  let out = '';
  let err = '';
  const terminal = new Terminal({
    stdout: {write: (text: string) => (out += text)},
    stderr: {write: (text: string) => (err += text)},
    env: {},
  });
  const where = ['--project', PROJECT, '--data', join(folder, 'data')];
  return {code: await runProgram(['compress', ...args, ...(args.includes('--onnx') ? [] : where)], terminal), out, err};
}

describe('millrace compress', () => {
  test('prints what a smaller model costs, and registers it', async () => {
    const {code, out, err} = await compress('punctuality', '--method', 'quantise-8', '--register');
    expect(err).toBe('');
    expect(code).toBe(0);
    expect(out).toContain('punctuality, version 1: quantise-8');
    expect(out).toMatch(/size +\d+\.\d kB +\d+\.\d kB +0\.\d\d ×/);
    expect(out).toMatch(/AUC +0\.\d{4} +0\.\d{4} +[+−]0\.\d{4} \[[+−]0\.\d{4}, [+−]0\.\d{4}\]/);
    expect(out).toContain('Of quality, + is better.');
    expect(out).toMatch(/kitchen other \(8 values\) +[\d,]+ +0\.\d{3} → 0\.\d{3}/);
    expect(out).toContain('Registered version 2. Deploy it: millrace deploy punctuality --version 2');
  });

  test('prints the report as JSON and leaves the registry alone unless told', async () => {
    const {code, out} = await compress(
      '--version',
      '1',
      '--method',
      'distil',
      '--trees',
      '5',
      '--leaves',
      '4',
      '--json',
    );
    expect(code).toBe(0);
    expect(JSON.parse(out)).toMatchObject({
      model: 'punctuality',
      version: 1,
      steps: [{method: 'distil'}],
      sameData: true,
      registered: null,
    });
  });

  test('makes an ONNX file smaller', async () => {
    const to = join(folder, 'small.onnx');
    const {code, out} = await compress('--onnx', join(folder, 'net.onnx'), '--out', to, '--method', 'int8');
    expect(code).toBe(0);
    expect(existsSync(to)).toBe(true);
    expect(out).toContain('2 of 3 dense layers');
    expect(out).toContain('On 1,000 random rows (standard normal, seed 1) the first output differs by');
  });

  test.each([
    [['--method', 'shrink'], "'shrink' is no method"],
    [['--method', 'quantise-8,prune'], "Nothing can follow 'quantise-8'"],
    [['--onnx', 'net.onnx', '--method', 'int8'], '--onnx needs a place'],
    [['--method', 'prune', '--tolerance', '7'], 'above 0 and up to 1'],
    [[], "required option '--method <names>'"],
  ])('refuses %j', async (args, message) => {
    const {code, err} = await compress(...args);
    expect(code).toBe(2);
    expect(err).toContain(message);
  });
});
