import {cpSync, mkdirSync, readFileSync, writeFileSync} from 'node:fs';
import {join, resolve} from 'node:path';
import {afterAll, expect, test} from 'vitest';
import {runProgram} from '../../src/cli/program.ts';
import {Terminal} from '../../src/cli/terminal/terminal.ts';
import {millrace, temporaryFolder} from './millrace.fixture.ts';

const folder = temporaryFolder();
afterAll(() => folder.remove());
const project = join(folder.path, 'airport');
const data = join(folder.path, 'data');

/** A project whose only view has these features. */
function define(features: string): void {
  mkdirSync(project, {recursive: true});
  writeFileSync(
    join(project, 'millrace.ts'),
    `import {entity, events, featureView, t} from 'millrace';
const arrivals = events('arrivals', {schema: {id: t.string, code: t.string, delay: t.int, at: t.time}, time: 'at', id: 'id'});
export const landed = featureView('landed', {
  from: arrivals,
  entity: entity('airport', {code: t.string}),
  keys: {code: 'code'},
  about: {owner: 'operations', tags: ['live']},
  aboutEach: {delay: {sensitivity: 'personal'}},
  features: a => (${features}),
});
`,
  );
}

const features = (...args: string[]) =>
  millrace(['features', ...args, '--project', project, '--data', data], folder.path);

test('the catalogue is searched, and tells from opening to opening how a view changed', async () => {
  define("{late: a.share(a.col.delay.gt(15)).over('1h', '6h'), delay: a.mean('delay').over('1h')}");
  const before = await features('owner:operations', 'late');
  expect([before.code, before.err]).toEqual([0, '']);
  expect(before.out.split('\n').map(line => line.trim().split(/\s+/)[0])).toEqual([
    'feature',
    'late_1h',
    'late_6h',
    '',
  ]);
  expect(await features('diff', 'landed')).toMatchObject({code: 5, err: expect.stringContaining('NOT_READY')});

  mkdirSync(data);
  expect((await features('show', 'delay_1h')).out).toMatch(
    /view\s+landed v1\n[\s\S]*sensitivity\s+personal: data about a person/,
  );
  define("{late: a.mean('delay').over('1h', '24h'), delay: a.mean('delay').over('1h')}");
  expect((await features()).out).toContain('Used by nobody any more: landed v1 (since ');
  expect((await features('diff', 'landed')).out.split('\n')).toEqual([
    'landed v1 → v2',
    '  window 24h added to late',
    '  window 6h removed from late',
    '  late: share became mean',
    '  input of late changed from delay > 15 to delay',
    '',
  ]);
  const back = JSON.parse((await features('diff', 'landed', '2', '1', '--json')).out);
  expect(back).toMatchObject({from: 2, to: 1, changes: [{sentence: 'window 6h added to late'}, {}, {}, {}]});
  expect((await features('lineage', 'late_24h')).out).toContain('delay  column of arrivals');
});

test('a plan is shown without data, and with what is archived', async () => {
  const couriers = resolve(import.meta.dirname, '../projects/couriers');
  const of = (...args: string[]) =>
    millrace([...args, '--project', couriers, '--data', join(folder.path, 'couriers')], folder.path);
  const plan = await of('features', 'explain', 'punctuality', '--rows', '10', '--sql', 'spark');
  expect([plan.code, plan.err]).toEqual([0, '']);
  expect(plan.out).toMatch(/^Feature set 'atOrder' for 10 rows\.\n\nView recent@[0-9a-f]{12}: 4 features\n/);
  expect(plan.out).toContain('share(delay > 10)');
  expect(await of('features', 'explain', 'nothing')).toMatchObject({
    code: 4,
    err: expect.stringContaining('FEATURE_UNKNOWN'),
  });
});

test('cuts that are due are made by hand', async () => {
  const couriers = resolve(import.meta.dirname, '../projects/couriers');
  const copy = join(folder.path, 'cut');
  cpSync(couriers, copy, {recursive: true});
  const file = join(copy, 'millrace.ts');
  const of = (...args: string[]) =>
    millrace(['features', ...args, '--project', copy, '--data', join(folder.path, 'cut-data')], folder.path);
  expect((await of('refresh')).out).toBe('No view of the project is read as of cuts.\n');
  const text = readFileSync(file, 'utf8');
  writeFileSync(
    file,
    text.replace("use(recent, {name: 'kitchen'})", "use(recent, {name: 'kitchen'}, {refresh: '1d', delay: '1h'})"),
  );
  const made = await of('refresh');
  expect([made.code, made.err]).toEqual([0, '']);
  expect(made.out).toMatch(
    /^recent {2}cut of \S+T00:00:00.000Z, read from \S+T01:00:00.000Z, 0 keys; the next one is due at \S+T00:30:00.000Z\n$/,
  );
  const [again] = JSON.parse((await of('refresh', '--json')).out);
  expect(again).toMatchObject({view: 'recent', everyMs: 86_400_000, delayMs: 3_600_000, newest: {keys: 0}});
  expect((await of('explain', 'punctuality')).out).toContain(
    'read        as of the last cut of 1 d, available 1 h later',
  );
});

/** In this process: the project file does not change any more. */
async function asked(...args: string[]) {
  let err = '';
  const terminal = new Terminal({
    stdout: {write: () => undefined},
    stderr: {write: (text: string) => (err += text)},
    env: {},
  });
  const code = await runProgram(['features', ...args, '--project', project, '--data', data], terminal);
  return {code, err};
}

test('what is not there ends with 4, and a filter that does not exist with 2', async () => {
  expect(await asked('show', 'late_2h')).toMatchObject({code: 4, err: expect.stringContaining('FEATURE_UNKNOWN')});
  expect(await asked('diff', 'landd')).toMatchObject({code: 4, err: expect.stringContaining('Did you mean landed?')});
  expect(await asked('diff', 'landed', '9')).toMatchObject({code: 4, err: expect.stringContaining('It has 1, 2.')});
  expect(await asked('onwer:me')).toMatchObject({code: 2, err: expect.stringContaining('Did you mean owner:?')});
});
