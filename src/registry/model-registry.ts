/**
 * Versions of models with their artifacts, and the release plans that say which of them answer. Records
 * live in the metadata store, bytes in the object store:
 *
 *   model                  <model>                {versions}: how many numbers were given out
 *   model-version          <model>/<version>      ModelVersion
 *   release-plan           <model>                the current ReleasePlan; its revision is the record's
 *   release-plan-history   <model>/<revision>     every ReleasePlan, never changed
 *
 * A plan and all statuses that follow from it are one write: all or nothing.
 */
import {MillraceError, type ModelVersion, type ReleaseArm, type ReleasePlan} from '../protocol/index.ts';
import type {MetadataStore, MetadataWrite, ObjectStore} from '../stores/index.ts';
import {getVerified, type OnnxExport, putArtifacts} from './artifacts.ts';
import {championOf, previousChampion, releasePlan} from './release-plan.ts';
import {statusOffPlan, withStatus} from './status.ts';

/** A trained and evaluated model on its way in. Whether it passed its gates (`evaluation.passed`) decides its first status. */
export type Candidate = Omit<ModelVersion, 'version' | 'status' | 'artifact'> & {
  readonly bytes: Uint8Array;
  readonly onnx: OnnxExport | null;
  /** Artifacts of simpler models that were trained beside it, by name. */
  readonly companions?: ReadonlyMap<string, Uint8Array>;
};

/** When and why a plan changes. `revision`: refuse with STORE_CONFLICT unless this is still the current one (0: none). */
export type Change = {readonly at: number; readonly reason: string; readonly revision?: number};

/** Names of the objects of a version. */
const objectsOf = (artifact: ModelVersion['artifact'] | undefined): string[] =>
  artifact
    ? [artifact.name, artifact.onnxName, ...(artifact.companions ?? []).map(({object}) => object)].filter(
        n => n !== null,
      )
    : [];

const ALL = Number.MAX_SAFE_INTEGER;
const MAX_ATTEMPTS = 16;

/** Ids sort as text in the order of their numbers. */
const numbered = (model: string, n: number): string => `${model}/${String(n).padStart(8, '0')}`;

export class ModelRegistry {
  readonly #metadata: MetadataStore;
  readonly #objects: ObjectStore;

  constructor(metadata: MetadataStore, objects: ObjectStore) {
    this.#metadata = metadata;
    this.#objects = objects;
  }

  /** Stores a candidate under the next number of its model (1, 2, 3, …), `registered` or `rejected`. */
  async register({bytes, onnx, companions, ...candidate}: Candidate): Promise<ModelVersion> {
    const {model, createdAt} = candidate;
    const status = candidate.evaluation.passed ? 'registered' : 'rejected';
    for (let attempt = 1; ; attempt++) {
      const counter = await this.#metadata.get('model', model);
      const number = ((counter?.value as {versions: number} | undefined)?.versions ?? 0) + 1;
      const artifact = await putArtifacts(this.#objects, model, number, bytes, onnx, companions);
      const version: ModelVersion = {...candidate, version: number, status, artifact};
      const counted = {kind: 'model', id: model, at: createdAt, value: {versions: number}};
      try {
        await this.#metadata.write([
          {...counted, expected: counter?.revision ?? 0},
          {...versionWrite(version), expected: 0},
        ]);
        return version;
      } catch (error) {
        // Another process took the number. Its bytes keep their place; ours go unless they are the same.
        if (!(error instanceof MillraceError && error.code === 'STORE_CONFLICT') || attempt === MAX_ATTEMPTS)
          throw error;
        const winner = (await this.#record(model, number))?.version.artifact;
        const kept = new Set(objectsOf(winner));
        for (const name of objectsOf(artifact)) if (!kept.has(name)) await this.#objects.remove(name);
      }
    }
  }

  /** Names of all models, sorted. */
  async models(): Promise<string[]> {
    return (await this.#metadata.list('model', {limit: ALL})).map(record => record.id).sort();
  }

  /** One version. Throws VERSION_NOT_FOUND. */
  async version(model: string, version: number): Promise<ModelVersion> {
    return (await this.#found(model, version)).version;
  }

  /** All versions of a model, newest first; empty for a model that has none. */
  async versions(model: string): Promise<ModelVersion[]> {
    const records = await this.#metadata.list('model-version', {idPrefix: `${model}/`, limit: ALL});
    return records.map(({value}) => value as unknown as ModelVersion).sort((a, b) => b.version - a.version);
  }

  /** The artifact's bytes, their hash checked. Throws STORE_CORRUPT. */
  artifact({artifact}: ModelVersion): Promise<Uint8Array> {
    return getVerified(this.#objects, artifact.name, artifact.sha256);
  }

  /** The artifacts of the simpler models beside a version, by name, their hashes checked. Throws STORE_CORRUPT. */
  async companions({artifact}: ModelVersion): Promise<Map<string, Uint8Array>> {
    const found = new Map<string, Uint8Array>();
    for (const {name, object, sha256} of artifact.companions ?? [])
      found.set(name, await getVerified(this.#objects, object, sha256));
    return found;
  }

  /** The ONNX export, its hash checked; undefined if there is none. Throws STORE_CORRUPT. */
  async onnx({artifact: {onnxName, onnxSha256}}: ModelVersion): Promise<Uint8Array | undefined> {
    return onnxName && onnxSha256 ? getVerified(this.#objects, onnxName, onnxSha256) : undefined;
  }

  /** Gives up a version that is on no plan: `registered` → `rejected`. Other moves are made by plans. */
  async reject(model: string, version: number): Promise<ModelVersion> {
    const {version: found, revision} = await this.#found(model, version);
    const rejected = withStatus(found, 'rejected');
    if (found.status !== 'registered')
      throw new MillraceError(
        'TRANSITION_INVALID',
        `Version ${version} of '${model}' is on the release plan as ${found.status}.`,
        {fix: 'Release a plan without it; that rejects it.'},
      );
    await this.#metadata.write([{...versionWrite(rejected), expected: revision}]);
    return rejected;
  }

  /** The current plan; undefined before the first release. */
  async plan(model: string): Promise<ReleasePlan | undefined> {
    return (await this.#metadata.get('release-plan', model))?.value as unknown as ReleasePlan | undefined;
  }

  /** Every plan there was, newest first. */
  async plans(model: string): Promise<ReleasePlan[]> {
    const records = await this.#metadata.list('release-plan-history', {idPrefix: `${model}/`, limit: ALL});
    return records.map(({value}) => value as unknown as ReleasePlan).sort((a, b) => b.revision - a.revision);
  }

  /**
   * Makes these arms the current plan and moves the statuses of all versions that enter, change or leave
   * it. Throws REQUEST_INVALID (arms), VERSION_NOT_FOUND, TRANSITION_INVALID, STORE_CORRUPT (an entering
   * version cannot be loaded) and STORE_CONFLICT (the plan changed meanwhile).
   */
  async release(model: string, arms: readonly ReleaseArm[], {at, reason, revision}: Change): Promise<ReleasePlan> {
    const current = await this.plan(model);
    const before = revision ?? current?.revision ?? 0;
    const plan = releasePlan({model, revision: before + 1, at, arms, reason});
    const statuses: MetadataWrite[] = [];
    for (const {version, role} of plan.arms) {
      const record = await this.#found(model, version);
      if (record.version.status === role) continue;
      const moved = withStatus(record.version, role);
      await this.artifact(moved);
      statuses.push({...versionWrite(moved), expected: record.revision});
    }
    for (const {version} of current?.arms ?? []) {
      if (plan.arms.some(arm => arm.version === version)) continue;
      const record = await this.#found(model, version);
      const moved = withStatus(record.version, statusOffPlan(record.version.status));
      statuses.push({...versionWrite(moved), expected: record.revision});
    }
    await this.#metadata.write([
      {kind: 'release-plan', id: model, at, value: plan, expected: before},
      {kind: 'release-plan-history', id: numbered(model, plan.revision), at, value: plan, expected: 0},
      ...statuses,
    ]);
    return plan;
  }

  /** Makes a version champion of all traffic; the former champion retires, a canary is gone, other shadows stay. */
  async promote(model: string, version: number, change: Change): Promise<ReleasePlan> {
    const arms = (await this.plan(model))?.arms ?? [];
    const shadows = arms.filter(arm => arm.role === 'shadow' && arm.version !== version);
    return this.release(model, [{version, role: 'champion', share: 1}, ...shadows], change);
  }

  /** Back to the champion before this one. Throws VERSION_NOT_FOUND if there was none. */
  async rollback(model: string, change: Change): Promise<ReleasePlan> {
    const history = (await this.plans(model)).reverse();
    const version = previousChampion(history);
    if (version === undefined) {
      const today = history.at(-1);
      const message = today
        ? `'${model}' cannot be rolled back: version ${championOf(today)} is its first champion.`
        : `'${model}' cannot be rolled back: none of its versions was ever released.`;
      throw new MillraceError('VERSION_NOT_FOUND', message, {fix: 'Promote a version by its number instead.'});
    }
    return this.promote(model, version, change);
  }

  async #record(model: string, version: number): Promise<{version: ModelVersion; revision: number} | undefined> {
    const record = await this.#metadata.get('model-version', numbered(model, version));
    return record && {version: record.value as unknown as ModelVersion, revision: record.revision};
  }

  async #found(model: string, version: number): Promise<{version: ModelVersion; revision: number}> {
    const record = await this.#record(model, version);
    if (record) return record;
    const numbers = (await this.versions(model)).map(found => found.version).reverse();
    throw new MillraceError('VERSION_NOT_FOUND', `'${model}' has no version ${version}.`, {
      fix: numbers.length === 0 ? `Train and register '${model}' first.` : `It has ${numbers.join(', ')}.`,
    });
  }
}

const versionWrite = (version: ModelVersion): MetadataWrite => ({
  kind: 'model-version',
  id: numbered(version.model, version.version),
  at: version.createdAt,
  value: version,
});
