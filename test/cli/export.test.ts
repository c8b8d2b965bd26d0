// From a new project to a file that answers in a process of its own.
import {execFileSync} from 'node:child_process';
import {readdirSync} from 'node:fs';
import {join} from 'node:path';
import {afterAll, beforeAll, expect, test} from 'vitest';
import {millrace, ROOT, temporaryFolder} from './millrace.fixture.ts';

const folder = temporaryFolder();
const shop = join(folder.path, 'shop');
afterAll(() => folder.remove());

beforeAll(async () => {
  execFileSync(process.execPath, [join(ROOT, 'tools/build-edge.mjs')]);
  for (const args of [['init', shop], ['ingest'], ['train', '--json']]) {
    const {code, err} = await millrace(args, args[0] === 'init' ? folder.path : shop);
    expect([0, 3], `millrace ${args.join(' ')}: ${err}`).toContain(code);
  }
}, 180_000);

test('export writes a module that needs nothing but itself', async () => {
  const {code, out, err} = await millrace(['export', '--target', 'node', '--out', '../alone', '--json'], shop);
  expect(err).toBe('');
  expect(code).toBe(0);
  expect(JSON.parse(out)).toMatchObject({model: 'conversion', version: 1, target: 'node'});
  const alone = join(folder.path, 'alone');
  expect(readdirSync(alone).sort()).toEqual(['index.d.ts', 'index.js', 'package.json']);
  const script = `
    import {answer, model} from './index.js';
    const fields = Object.fromEntries(model.request.map(({name, type}) => [name, type === 'string' ? 'mail' : 1]));
    console.log(JSON.stringify(answer({...fields, at: 0})));`;
  const answer = JSON.parse(
    execFileSync(process.execPath, ['--input-type=module', '-e', script], {cwd: alone, encoding: 'utf8'}),
  ) as {prediction: number; level: string};
  expect(answer.level).toBe('model');
  expect(answer.prediction).toBeGreaterThan(0);
  expect(answer.prediction).toBeLessThan(1);
});

test('export says in a table what it wrote, and refuses what it should', async () => {
  const listed = await millrace(['export', '--target', 'onnx', '--out', 'out.onnx'], shop);
  expect(listed.out).toMatch(/conversion, version 1 for onnx:\n.*size\n.*out\.onnx +[\d.]+ kB\n.*out\.json/);
  const misspelt = await millrace(['export', '--target', 'nod', '--out', 'x'], shop);
  expect(misspelt.code).toBe(2);
  expect(misspelt.err).toContain("There is no export target 'nod'.");
  const {code, err} = await millrace(['export', '--out', 'x'], shop);
  expect(code).toBe(2);
  expect(err).toContain("required option '--target <name>'");
}, 120_000);
