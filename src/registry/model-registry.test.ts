import {mkdtempSync, rmSync, truncateSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import fc from 'fast-check';
import {afterEach, beforeEach, describe, expect, test} from 'vitest';
import type {ReleaseArm, VersionStatus} from '../protocol/index.ts';
import {openFiles} from '../stores/files/index.ts';
import type {MetadataStore, ObjectStore} from '../stores/index.ts';
import {openLibsql} from '../stores/libsql/index.ts';
import {candidate} from './candidate.fixture.ts';
import {type Candidate, ModelRegistry} from './model-registry.ts';

const champion = (version: number, share = 1): ReleaseArm => ({version, role: 'champion', share});
const canary = (version: number, share: number): ReleaseArm => ({version, role: 'canary', share});
const shadow = (version: number): ReleaseArm => ({version, role: 'shadow', share: 0});
const because = {at: 1_000, reason: 'a test'};

let folder: string;
let metadata: MetadataStore;
let objects: ObjectStore;
let registry: ModelRegistry;

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'millrace-registry-'));
  metadata = await openLibsql(join(folder, 'metadata.db'));
  objects = await openFiles(join(folder, 'objects'));
  registry = new ModelRegistry(metadata, objects);
});

afterEach(async () => {
  await metadata.close();
  rmSync(folder, {recursive: true});
});

const register = (count: number, changes: Partial<Candidate> = {}) =>
  Promise.all(
    Array.from({length: count}, (_, i) => registry.register(candidate({bytes: Uint8Array.of(i), ...changes}))),
  );

const statuses = async (): Promise<VersionStatus[]> =>
  (await registry.versions('late')).reverse().map(version => version.status);

describe('versions', () => {
  test('are numbered 1, 2, 3 within their model, even when registered at the same time', async () => {
    const other = new ModelRegistry(metadata, objects);
    const versions = await Promise.all(
      [registry, other, registry, other].map((to, i) => to.register(candidate({bytes: Uint8Array.of(i)}))),
    );
    expect(versions.map(version => version.version).sort()).toEqual([1, 2, 3, 4]);
    expect((await registry.register(candidate({model: 'churn'}))).version).toBe(1);
    expect((await registry.versions('late')).map(version => version.version)).toEqual([4, 3, 2, 1]);
    expect(await registry.models()).toEqual(['churn', 'late']);
    // Each has the bytes it came with, and those who lost a number left nothing behind.
    for (const version of versions) expect(await registry.artifact(version)).toHaveLength(1);
    const bytes = await Promise.all(versions.map(async version => (await registry.artifact(version))[0]));
    expect(bytes).toEqual([0, 1, 2, 3]);
    expect((await objects.list('models/late/')).length).toBe(4);
  });

  test('come back as they were registered, and again after reopening', async () => {
    const onnx = {bytes: Uint8Array.of(9, 9), maxDifference: 2e-7, rows: 500};
    const {bytes, onnx: _, ...record} = candidate();
    const version = await registry.register(candidate({onnx}));
    expect(version).toMatchObject({
      ...record,
      version: 1,
      status: 'registered',
      artifact: {bytes: 4, onnxMaxDifference: 2e-7, onnxRows: 500},
    });
    await metadata.close();
    metadata = await openLibsql(join(folder, 'metadata.db'));
    registry = new ModelRegistry(metadata, objects);
    expect(await registry.version('late', 1)).toEqual(version);
    expect(new Uint8Array(await registry.artifact(version))).toEqual(bytes);
    expect(await registry.onnx(version)).toHaveLength(2);
  });

  test('have no ONNX export where none was given', async () => {
    const version = await registry.register(candidate());
    expect(version.artifact).toMatchObject({onnxName: null, onnxSha256: null, onnxRows: 0});
    expect(await registry.onnx(version)).toBeUndefined();
  });

  test('enter as rejected when they did not pass their gates', async () => {
    const failed = await registry.register(candidate({evaluation: {...candidate().evaluation, passed: false}}));
    expect(failed.status).toBe('rejected');
    await expect(registry.promote('late', 1, because)).rejects.toMatchObject({code: 'TRANSITION_INVALID'});
  });

  test('whose bytes were lost or changed are not loaded and not released', async () => {
    const [first, second] = await register(2);
    await objects.put(first!.artifact.name, Uint8Array.of(7));
    await objects.remove(second!.artifact.name);
    await expect(registry.artifact(first!)).rejects.toMatchObject({
      code: 'STORE_CORRUPT',
      message: expect.stringContaining('has SHA-256'),
    });
    await expect(registry.artifact(second!)).rejects.toMatchObject({
      code: 'STORE_CORRUPT',
      message: expect.stringContaining('is missing'),
    });
    await expect(registry.promote('late', 1, because)).rejects.toMatchObject({code: 'STORE_CORRUPT'});
    expect(await registry.plan('late')).toBeUndefined();
    expect(await statuses()).toEqual(['registered', 'registered']);
  });

  test('whose file was cut short are noticed', async () => {
    const version = await registry.register(candidate());
    truncateSync(join(folder, 'objects', version.artifact.name), 2);
    await expect(registry.artifact(version)).rejects.toMatchObject({code: 'STORE_CORRUPT'});
  });

  test('that do not exist are named, with those that do', async () => {
    await register(2);
    await expect(registry.version('late', 9)).rejects.toMatchObject({
      code: 'VERSION_NOT_FOUND',
      message: "'late' has no version 9.",
      fix: 'It has 1, 2.',
    });
    await expect(registry.version('churn', 1)).rejects.toMatchObject({fix: "Train and register 'churn' first."});
  });

  test('can be given up unless a plan names them', async () => {
    await register(2);
    expect((await registry.reject('late', 2)).status).toBe('rejected');
    await registry.release('late', [champion(1)], because);
    await expect(registry.reject('late', 1)).rejects.toMatchObject({code: 'TRANSITION_INVALID'});
    await expect(registry.reject('late', 2)).rejects.toMatchObject({code: 'TRANSITION_INVALID'});
  });
});

describe('release plans', () => {
  test('move the statuses of a whole rollout, and every plan is kept', async () => {
    await register(2);
    await registry.release('late', [champion(1)], {at: 10, reason: 'first'});
    expect(await statuses()).toEqual(['champion', 'registered']);
    await registry.release('late', [champion(1), shadow(2)], {at: 20, reason: 'shadow'});
    expect(await statuses()).toEqual(['champion', 'shadow']);
    await registry.release('late', [champion(1, 0.9), canary(2, 0.1)], {at: 30, reason: 'canary'});
    expect(await statuses()).toEqual(['champion', 'canary']);
    await registry.promote('late', 2, {at: 40, reason: 'better'});
    expect(await statuses()).toEqual(['retired', 'champion']);
    expect((await registry.plans('late')).map(({revision, at, reason}) => [revision, at, reason])).toEqual([
      [4, 40, 'better'],
      [3, 30, 'canary'],
      [2, 20, 'shadow'],
      [1, 10, 'first'],
    ]);
    expect(await registry.plan('late')).toEqual((await registry.plans('late'))[0]);
  });

  test('reject a canary and a shadow that they drop', async () => {
    await register(3);
    await registry.release('late', [champion(1, 0.9), canary(2, 0.1), shadow(3)], because);
    await registry.release('late', [champion(1)], because);
    expect(await statuses()).toEqual(['champion', 'rejected', 'rejected']);
  });

  test('leave the other shadows in place when one version is promoted', async () => {
    await register(4);
    await registry.release('late', [champion(1, 0.9), canary(2, 0.1), shadow(3), shadow(4)], because);
    const plan = await registry.promote('late', 3, because);
    expect(plan.arms).toEqual([champion(3), shadow(4)]);
    expect(await statuses()).toEqual(['retired', 'rejected', 'champion', 'shadow']);
  });

  test('roll back champion by champion', async () => {
    await register(3);
    for (const version of [1, 2, 3]) await registry.promote('late', version, because);
    expect((await registry.rollback('late', because)).arms).toEqual([champion(2)]);
    expect(await statuses()).toEqual(['retired', 'champion', 'retired']);
    expect((await registry.rollback('late', because)).arms).toEqual([champion(1)]);
    await expect(registry.rollback('late', because)).rejects.toMatchObject({
      code: 'VERSION_NOT_FOUND',
      message: "'late' cannot be rolled back: version 1 is its first champion.",
    });
    await expect(registry.rollback('churn', because)).rejects.toMatchObject({code: 'VERSION_NOT_FOUND'});
  });

  test('change nothing at all when one arm is not allowed', async () => {
    await register(3);
    await registry.release('late', [champion(1)], because);
    await registry.reject('late', 3);
    await expect(registry.release('late', [champion(2), shadow(3)], because)).rejects.toMatchObject({
      code: 'TRANSITION_INVALID',
    });
    await expect(registry.release('late', [champion(2), shadow(9)], because)).rejects.toMatchObject({
      code: 'VERSION_NOT_FOUND',
    });
    await expect(registry.release('late', [champion(2, 0.5)], because)).rejects.toMatchObject({
      code: 'REQUEST_INVALID',
    });
    expect(await statuses()).toEqual(['champion', 'registered', 'rejected']);
    expect((await registry.plans('late')).length).toBe(1);
  });

  test('decided on an old plan are refused', async () => {
    await register(2);
    await registry.release('late', [champion(1)], {...because, revision: 0});
    await registry.release('late', [champion(1), shadow(2)], {...because, revision: 1});
    await expect(
      registry.release('late', [champion(1, 0.9), canary(2, 0.1)], {...because, revision: 1}),
    ).rejects.toMatchObject({code: 'STORE_CONFLICT'});
    expect(await statuses()).toEqual(['champion', 'shadow']);
  });

  test('made at the same time: one wins, the other changes nothing', async () => {
    await register(3);
    await registry.release('late', [champion(1)], because);
    const results = await Promise.allSettled([
      registry.release('late', [champion(1), shadow(2)], because),
      registry.release('late', [champion(1), shadow(3)], because),
    ]);
    expect(results.map(result => result.status).sort()).toEqual(['fulfilled', 'rejected']);
    const {arms} = (await registry.plan('late'))!;
    for (const version of await registry.versions('late'))
      expect(version.status).toBe(arms.find(arm => arm.version === version.version)?.role ?? 'registered');
  });

  test('agree with the statuses after any sequence of changes', async () => {
    const version = fc.integer({min: 1, max: 4});
    const change = fc.oneof(
      fc.record({what: fc.constant('promote' as const), a: version, b: version}),
      fc.record({what: fc.constant('canary' as const), a: version, b: version}),
      fc.record({what: fc.constant('shadow' as const), a: version, b: version}),
      fc.record({what: fc.constant('rollback' as const), a: version, b: version}),
      fc.record({what: fc.constant('reject' as const), a: version, b: version}),
    );
    let model = 0;
    await fc.assert(
      fc.asyncProperty(fc.array(change, {minLength: 1, maxLength: 12}), async changes => {
        const name = `m${model++}`;
        for (let i = 0; i < 4; i++) await registry.register(candidate({model: name, bytes: Uint8Array.of(i)}));
        for (const {what, a, b} of changes) {
          const done =
            what === 'promote'
              ? registry.promote(name, a, because)
              : what === 'rollback'
                ? registry.rollback(name, because)
                : what === 'reject'
                  ? registry.reject(name, a)
                  : registry.release(
                      name,
                      what === 'canary' ? [champion(a, 0.8), canary(b, 0.2)] : [champion(a), shadow(b)],
                      because,
                    );
          await done.catch(error => {
            expect(['TRANSITION_INVALID', 'REQUEST_INVALID', 'VERSION_NOT_FOUND']).toContain(error.code);
          });
          const arms = (await registry.plan(name))?.arms ?? [];
          for (const {version, status} of await registry.versions(name)) {
            const role = arms.find(arm => arm.version === version)?.role;
            if (role) expect(status).toBe(role);
            else expect(['registered', 'rejected', 'retired']).toContain(status);
          }
          expect((await registry.plans(name))[0]).toEqual(await registry.plan(name));
        }
      }),
      {seed: 6, numRuns: 40},
    );
  });
});
