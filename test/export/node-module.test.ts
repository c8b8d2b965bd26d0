// An exported module in a process that has nothing else: its answers against those of the server.
import {execFileSync} from 'node:child_process';
import {copyFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join, resolve} from 'node:path';
import {afterAll, beforeAll, describe, expect, test} from 'vitest';
import {declarationsOf} from '../../src/app/export/declarations.ts';
import {moduleText} from '../../src/app/export/module-text.ts';
import {bundledRuntime, ROWS, type Served, served} from './exported.fixture.ts';

const folder = mkdtempSync(join(tmpdir(), 'exported-'));
let runtime = '';
let models: Record<'trees' | 'linear', Served>;

beforeAll(async () => {
  runtime = bundledRuntime();
  models = {trees: await served('trees'), linear: await served('linear')};
  writeFileSync(join(folder, 'package.json'), '{"type": "module"}');
  copyFileSync(join(import.meta.dirname, 'check-module.mjs'), join(folder, 'check-module.mjs'));
});
afterAll(() => rmSync(folder, {recursive: true}));

const write = ({exported}: Served) => {
  writeFileSync(join(folder, 'index.js'), moduleText(runtime, exported, 'A test.', false));
  writeFileSync(join(folder, 'index.d.ts'), declarationsOf(exported, 'A test.', false));
};

const node = (...args: string[]): string =>
  execFileSync(process.execPath, args, {cwd: folder, encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe']});

describe.each(['trees', 'linear'] as const)('a module of a %s model', kind => {
  test('answers as the server does, to the bit', () => {
    const given = models[kind];
    write(given);
    writeFileSync(join(folder, 'cases.json'), JSON.stringify(given));
    const levels = new Set(given.cases.map(({level}) => level));
    expect([...levels].sort()).toEqual(kind === 'trees' ? ['model'] : ['by amount', 'model', 'value']);
    const ofModel = given.cases.filter(({level}) => level === 'model');
    expect(new Set(ofModel.map(({prediction}) => prediction)).size).toBeGreaterThan(250);
    const clipped = given.cases.filter(({outside}) => outside.length > 0).length;
    expect(clipped > 100).toBe(kind === 'trees');
    expect(given.cases.some(({abstained}) => abstained)).toBe(kind === 'trees');
    expect(JSON.parse(node('check-module.mjs'))).toEqual({
      compared: ROWS,
      differing: [],
      vectors: ROWS / 50,
      explained: ROWS / 50,
      required: true,
    });
  });
});

test('a module asks for no network, no server, and no code made from text', () => {
  const {exported} = models.trees;
  const text = moduleText(runtime, exported, 'A test.', true);
  // As booleans: a failure must not print the module.
  const found = /\bfetch\(["'`]|XMLHttpRequest|\brequire\(|\bimport[ (]|\beval\(|new Function|\bprocess\./.exec(text);
  expect(found?.[0]).toBeUndefined();
  expect(/[^\p{ASCII}]/u.exec(text)?.[0]).toBeUndefined();
  expect(text.includes('</script')).toBe(false);
  write(models.trees);
  const script =
    'const {predict} = await import("./index.js"); console.log(predict({user: "a", shop: "s", zone: "UTC", at: 0}))';
  const flags = ['--disallow-code-generation-from-strings', '--input-type=module', '-e', script];
  expect(Number(node(...flags))).toBeGreaterThan(0);
});

test('a module says all that is wrong with its input, as the server does', () => {
  write(models.trees);
  const script = `
    const {model, predict, predictVector} = await import('./index.js');
    const errorOf = work => { try { return work(); } catch ({code, message, problems}) { return {code, message, problems}; } };
    const whole = {user: 'a', shop: 's', zone: 'UTC', at: 0};
    console.log(JSON.stringify([
      errorOf(() => predict({user: 7, shop: 's', amuont: 3, features: {n_3m: 'x', nn_3m: 1}})),
      errorOf(() => predict({...whole, features: {n_3m: 'x', n_1hh: 1}})),
      errorOf(() => predict({...whole, at: 'yesterday'})),
      errorOf(() => predict(null)),
      errorOf(() => predictVector(new Float64Array(3))),
      predict(whole) === predict({...whole, at: new Date(0)}) && predict(whole) === predict({...whole, features: {}, id: 'x'}),
      predict({...whole, due: new Date(5e6)}) === predict({...whole, due: '1970-01-01T01:23:20Z'}),
    ]));`;
  const [fields, features, at, nothing, vector, ...equal] = JSON.parse(node('--input-type=module', '-e', script));
  expect(fields.code).toBe('REQUEST_INVALID');
  expect(fields.problems.map(({path}: {path: string}) => path)).toEqual(['input.user', 'input.zone', 'input.amuont']);
  expect(fields.problems[2].fix).toBe('Did you mean amount?');
  expect(features.problems.map(({path}: {path: string}) => path)).toEqual([
    'input.features.n_3m',
    'input.features.n_1hh',
  ]);
  expect(at.message).toContain('\'at\' is "yesterday"');
  expect(nothing.message).toBe('input is not an object.');
  expect(vector.message).toBe('The vector holds 3 numbers.');
  expect(equal).toEqual([true, true]);
});

test('the types know the fields of this model', () => {
  write(models.trees);
  writeFileSync(
    join(folder, 'use.ts'),
    `import {answer, explain, model, predict, type Input} from './index.js';
     const input: Input = {user: 'a', shop: 's', zone: 'UTC', express: true, due: new Date(0), features: {n_1h: 3, lastCountry_2h: 'GR'}};
     const p: number = predict(input);
     const share: number = explain(input).contributions.perItem;
     const names: string[] = model.features.map(({name}) => name);
     // @ts-expect-error a field is missing
     predict({user: 'a', shop: 's'});
     // @ts-expect-error there is no such feature
     answer({...input, features: {n_2h: 3}});
     // @ts-expect-error an amount is a number
     answer({...input, amount: '3'});
     export {names, p, share};`,
  );
  const tsc = resolve(import.meta.dirname, '../../node_modules/typescript/bin/tsc');
  const options = [
    '--noEmit',
    '--strict',
    '--module',
    'nodenext',
    '--target',
    'es2022',
    '--types',
    '',
    '--lib',
    'es2022,dom',
  ];
  expect(node(tsc, ...options, 'use.ts')).toBe('');
  expect(readFileSync(join(folder, 'index.d.ts'), 'utf8')).toContain('n_1h?: number | null;');
});

test('a module whose bytes were changed does not open', () => {
  const {exported} = models.linear;
  const [first] = exported.main.arrays;
  const broken = {
    ...exported,
    main: {...exported.main, arrays: [{...first!, length: 9_999}, ...exported.main.arrays.slice(1)]},
  };
  writeFileSync(join(folder, 'index.js'), moduleText(runtime, broken, 'A test.', false));
  expect(() => node('index.js')).toThrow(/MODEL_INVALID|ends inside/);
});
