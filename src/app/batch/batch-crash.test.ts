import {spawn} from 'node:child_process';
import {mkdtempSync, readFileSync, rmSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {afterAll, expect, test} from 'vitest';
import {PrecomputedPredictions} from '../../serving/index.ts';
import {couriers, deploy, NOW, openAt, partsIn} from './batch.fixture.ts';
import type {BatchManifest} from './manifest.ts';
import {runBatch} from './run-batch.ts';

const folder = mkdtempSync(join(tmpdir(), 'batch-crash-'));
const at = (name: string) => join(folder, name);
afterAll(() => rmSync(folder, {recursive: true}));

const ROWS = 6_000;
const SCRIPT = join(import.meta.dirname, 'crash/killed-run.ts');

/** Runs until it has come to the place, where it is killed; true if it was. */
function killedAt(place: string): Promise<boolean> {
  const script = [SCRIPT, at('data'), at('killed'), at('requests.csv'), place];
  const child = spawn(process.execPath, ['--import', import.meta.resolve('tsx'), ...script], {
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  return new Promise((done, fail) => {
    child.once('error', fail);
    child.once('exit', (code, signal) => {
      if (code !== null && code !== 0) fail(new Error(`It ended with ${code}.`));
      else done(signal === 'SIGKILL');
    });
  });
}

/** The record of a run without what differs between any two: when it began and ended. */
function recordIn(out: string): Omit<BatchManifest, 'startedAt' | 'finishedAt'> {
  const {startedAt, finishedAt, ...record} = JSON.parse(
    readFileSync(join(out, 'manifest.json'), 'utf8'),
  ) as BatchManifest;
  return record;
}

test('a run that is killed again and again ends with the bytes of one that never was', async () => {
  const lines = Array.from({length: ROWS}, (_, i) => `k${i % 9},${(i % 89) / 10},r${i}`);
  writeFileSync(at('requests.csv'), ['kitchen,distance,id', ...lines].join('\n'));
  const project = await couriers();
  const first = await openAt(project, at('data'));
  await deploy(first);
  await first.close();

  const places = ['requests:1:10', 'predicting:1:0', 'predicting:3:4', 'predicting:2:30', 'online:1:0'];
  let stood = -1;
  for (const place of places) {
    expect(await killedAt(place), place).toBe(true);
    if (!place.startsWith('predicting:')) continue;
    const {partitions} = recordIn(at('killed'));
    expect(partitions.length).toBeGreaterThanOrEqual(Math.max(0, stood));
    stood = partitions.length;
  }
  expect(stood).toBeGreaterThanOrEqual(3);
  const runtime = await openAt(project, at('data'), NOW, 2);
  const [model] = project.models;
  const options = {source: {kind: 'file' as const, path: at('requests.csv')}, partitionRows: 500, features: true};
  const last = await runBatch(runtime, model!, {...options, out: at('killed'), toOnline: true});
  expect(last.resumed).toBe(ROWS);
  await runBatch(runtime, model!, {...options, out: at('whole'), asOf: NOW});
  expect(partsIn(at('killed'))).toEqual(partsIn(at('whole')));
  expect(partsIn(at('whole'))).toHaveLength(ROWS / 500);
  for (const part of partsIn(at('whole')))
    expect(readFileSync(at(`killed/${part}`)).equals(readFileSync(at(`whole/${part}`)))).toBe(true);
  expect({...recordIn(at('killed')), online: null}).toEqual(recordIn(at('whole')));

  // The table too is whole, with nothing left of those that were cut short.
  const table = new PrecomputedPredictions(runtime.online, {
    model: model!.name,
    name: 'batch',
    schema: model!.features.request,
  });
  expect(table.record?.entries).toBe(9 * 89);
  let kept = 0;
  for await (const _ of runtime.online.scan('precomputed/')) kept++;
  expect(kept).toBe(9 * 89 + 1);
  await runtime.close();
}, 120_000);
