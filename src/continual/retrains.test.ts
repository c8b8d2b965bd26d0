import {mkdtempSync, rmSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {afterEach, beforeEach, expect, test} from 'vitest';
import type {MetadataStore} from '../stores/index.ts';
import {openLibsql} from '../stores/libsql/index.ts';
import {addStep, finishRetrain, startRetrain, withChallenger} from './retrain.ts';
import {retrainPolicy} from './retrain-policy.ts';
import {Retrains} from './retrains.ts';

let folder: string;
let metadata: MetadataStore;
let retrains: Retrains;

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'millrace-retrains-'));
  metadata = await openLibsql(join(folder, 'metadata.db'));
  retrains = new Retrains(metadata);
});

afterEach(async () => {
  await metadata.close();
  rmSync(folder, {recursive: true});
});

const started = (id: string, model: string, firedAt: number) =>
  startRetrain(retrainPolicy({}), {
    id,
    model,
    trigger: {kind: 'schedule', reason: '30 d since the last training', alertId: null},
    firedAt,
    incumbent: 1,
  });

test('a retrain comes back as it was saved, step by step, and again after reopening', async () => {
  const first = started('r1', 'late', 10);
  await retrains.save(first);
  expect(await retrains.running('late')).toEqual(first);
  const gated = addStep(withChallenger(first, 2), {at: 20, stage: 'gates', message: 'passed', figures: {auc: 0.74}});
  await retrains.save(gated);
  await metadata.close();
  metadata = await openLibsql(join(folder, 'metadata.db'));
  retrains = new Retrains(metadata);
  expect(await retrains.running('late')).toEqual(gated);
  expect(await retrains.get('late', 'r1')).toEqual(gated);
  expect(await retrains.get('late', 'r2')).toBeUndefined();
});

test('one retrain runs per model; the next may start when it has finished', async () => {
  const first = started('r1', 'late', 10);
  await retrains.save(first);
  await expect(retrains.save(started('r2', 'late', 20))).rejects.toMatchObject({
    code: 'STORE_CONFLICT',
    message: "Retrain r1 of 'late' is running; r2 has to wait.",
  });
  await retrains.save(started('r1', 'churn', 20));
  await retrains.save(finishRetrain(first, 'rejected', {at: 30, message: 'no data'}));
  expect(await retrains.running('late')).toBeUndefined();
  await retrains.save(started('r2', 'late', 40));
  expect((await retrains.running('late'))?.id).toBe('r2');
});

test('of two that start at the same time one is refused', async () => {
  const results = await Promise.allSettled([
    retrains.save(started('r1', 'late', 10)),
    new Retrains(metadata).save(started('r2', 'late', 10)),
  ]);
  expect(results.map(result => result.status).sort()).toEqual(['fulfilled', 'rejected']);
  expect(await retrains.list('late')).toHaveLength(1);
});

test('are listed newest first, of one model or of all', async () => {
  for (const [id, firedAt] of [
    ['r1', 10],
    ['r2', 30],
  ] as const)
    await retrains.save(finishRetrain(started(id, 'late', firedAt), 'rejected', {at: firedAt, message: 'no data'}));
  await retrains.save(started('r1', 'churn', 20));
  expect((await retrains.list()).map(({model, id}) => [model, id])).toEqual([
    ['late', 'r2'],
    ['churn', 'r1'],
    ['late', 'r1'],
  ]);
  expect((await retrains.list('late', 1)).map(({id}) => id)).toEqual(['r2']);
});
