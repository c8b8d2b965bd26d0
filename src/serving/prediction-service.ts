import type {FeatureRow, OnlineReader} from '../features/index.ts';
import {MillraceError, type ReleasePlan} from '../protocol/index.ts';
import {type Assignment, assigner, championOf} from '../registry/index.ts';
import {type Arm, makeArm, type Shared, type VersionParts} from './arm.ts';
import type {LevelStatus, Run} from './chain/fallback-chain.ts';
import type {Scored, StoredAnswer} from './chain/levels.ts';
import {Inputs} from './inputs/inputs.ts';
import type {LoadedVersion} from './loaded-version.ts';
import {RecentMap} from './memory/recent-map.ts';
import {StickyAnswers} from './memory/sticky-answers.ts';
import {type ServingPolicy, servingPolicy} from './policy/serving-policy.ts';
import {requestText} from './precomputed/request-text.ts';
import type {RequestFields} from './request.ts';
import {isWritten, type ServedPrediction} from './served-prediction.ts';

/** Answers that were made beforehand. */
export interface Precomputed {
  /** The answer of a version to a request, if there is one that still holds. */
  lookup(request: RequestFields, at: number, version: number): {readonly prediction: number} | null;
}

export type ServiceOptions = {
  readonly model: string;
  /** Reads the features as they are defined now; their names and order are those of every answer. */
  readonly reader: OnlineReader;
  readonly policy?: ServingPolicy;
  /** Reads the features as a version was trained with them, where they were defined otherwise then; null: as now. */
  readonly pinned?: (version: number) => Promise<OnlineReader | null>;
  readonly version: (version: number) => Promise<VersionParts>;
  /** Log position that the live state has taken. */
  readonly position: () => number;
  readonly precomputed?: Precomputed;
  /** Monotonic, milliseconds. */
  readonly now?: () => number;
};

/** What the version is chosen by: a unit (the id unless told), or its number. */
export type Chosen = {readonly unit?: string | undefined; readonly version?: number | undefined};

type Active = {
  readonly plan: ReleasePlan;
  readonly assign: (unit: string) => Assignment;
  readonly arms: ReadonlyMap<number, Arm>;
  readonly readers: readonly OnlineReader[];
  readonly champion: LoadedVersion;
};

type Rows = ReadonlyMap<OnlineReader, FeatureRow>;
type Cached = {readonly scored: Scored; readonly features: FeatureRow; readonly at: number};

const NO_SKIPS: ServedPrediction['skipped'] = Object.freeze([]);
/** Requests whose last answer is remembered. */
const LAST_ENTRIES = 100_000;

/**
 * Answers requests of one model by its release plan: choose the version, look whether it was answered before, else fetch
 * features and predict, or fall back. A new plan is loaded and warmed up beside the old one and takes over between two
 * requests; if it cannot be loaded the old one stays.
 */
export class PredictionService {
  readonly model: string;
  readonly reader: OnlineReader;
  readonly policy: ServingPolicy;
  readonly #options: ServiceOptions;
  readonly #shared: Shared;
  readonly #cache: RecentMap<Cached> | null;
  readonly #remembers: boolean;
  readonly #rules: ReadonlySet<string>;
  /** What versions with other definitions read for an answer. */
  readonly #rows = new WeakMap<ServedPrediction, Rows>();
  #active: Active | null = null;
  /** Versions that were loaded for a plan that is still to come. */
  readonly #prepared = new Map<number, Arm>();

  constructor(options: ServiceOptions) {
    const {model, reader, policy = servingPolicy(), now = () => performance.now()} = options;
    this.model = model;
    this.reader = reader;
    this.policy = policy;
    this.#options = options;
    this.#cache = policy.cache && new RecentMap(policy.cache.entries);
    this.#remembers = policy.fallback.some(({kind}) => kind === 'last');
    this.#rules = new Set(policy.fallback.flatMap(step => (step.kind === 'rule' ? [step.name] : [])));
    this.#shared = {
      policy,
      reader,
      text: requestText(reader.set.request),
      last: new RecentMap<StoredAnswer>(LAST_ENTRIES),
      sticky: policy.sticky && new StickyAnswers<Scored>(policy.sticky),
      now,
    };
  }

  get plan(): ReleasePlan | null {
    return this.#active?.plan ?? null;
  }

  /** Loads what the plan needs, then switches, unless a newer plan was faster. */
  async use(plan: ReleasePlan): Promise<void> {
    const arms = new Map<number, Arm>();
    for (const {version} of plan.arms) {
      const known = this.#active?.arms.get(version) ?? this.#prepared.get(version);
      arms.set(version, known ?? (await this.#load(version)));
      this.#prepared.delete(version);
    }
    if (this.#active && this.#active.plan.revision > plan.revision) return;
    const champion = arms.get(championOf(plan))!.loaded;
    const readers = [...new Set([...arms.values()].map(({reader}) => reader))];
    this.#active = {plan, assign: assigner(plan), arms, readers, champion};
  }

  /** Loads a version before a plan names it, so that one that cannot be loaded never gets onto a plan. Throws MODEL_INVALID, STORE_CORRUPT. */
  async prepare(version: number): Promise<void> {
    if (this.#active?.arms.has(version)) return;
    this.#prepared.clear();
    this.#prepared.set(version, await this.#load(version));
  }

  async #load(version: number): Promise<Arm> {
    const parts = await this.#options.version(version);
    const pinned = (await this.#options.pinned?.(version)) ?? null;
    return makeArm(version, parts, pinned, this.#shared);
  }

  /**
   * One prediction as of `at`. `run`: when the request came, by the monotonic clock, and whether the server is overloaded.
   * Throws NOT_READY before a version was deployed, and where no level answers what the last one threw.
   */
  predict(
    request: RequestFields,
    id: string,
    at: number,
    run?: Run,
    {unit = id, version}: Chosen = {},
  ): ServedPrediction {
    const {assign, arms, readers} = this.#ready();
    const assignment = version === undefined ? assign(unit) : this.#named(version);
    const arm = arms.get(assignment.version)!;
    const before = this.#answeredBefore(request, id, at, assignment, arm);
    if (before) return before;
    const inputs = new Inputs(request, id, at, arm.reader, run?.stages);
    const chained = arm.chain.run(inputs, run ?? {arrivedAt: this.#shared.now()});
    if (chained instanceof Promise) throw new TypeError('A level of a model with live features answered later.');
    const {answer, level, skipped} = chained;
    const name = answer.sticky ? 'sticky' : arm.levels[level]!;
    const served = this.#served({request, id, at}, assignment, answer, name, skipped, arm.answered(inputs.found()));
    if (readers.length > 1 && inputs.wereRead) this.#readOthers(served, inputs, arm.reader, readers);
    if (level === 0) this.#remember(served, answer);
    return served;
  }

  /** A version that was asked for by its number: no draw gave it. Throws VERSION_NOT_FOUND. */
  #named(version: number): Assignment {
    const arm = this.plan?.arms.find(each => each.version === version);
    if (!arm)
      throw new MillraceError('VERSION_NOT_FOUND', `Version ${version} of '${this.model}' is not being served.`);
    return {version, role: arm.role === 'canary' ? 'canary' : 'champion', propensity: 0};
  }

  /** From the cache, or from what was made beforehand. */
  #answeredBefore(
    request: RequestFields,
    id: string,
    at: number,
    assignment: Assignment,
    arm: Arm,
  ): ServedPrediction | null {
    const {cache} = this.policy;
    if (this.#cache && cache) {
      const found = this.#cache.get(this.#cacheKey(request, assignment.version));
      if (found && at - found.at < cache.forMs && at >= found.at)
        return this.#served({request, id, at}, assignment, found.scored, 'cached', NO_SKIPS, found.features);
    }
    const made = this.#options.precomputed?.lookup(request, at, assignment.version);
    if (!made) return null;
    const scored = {prediction: made.prediction, outside: []};
    const features = arm.answered(arm.reader.missing(request, at));
    return this.#served({request, id, at}, assignment, scored, 'precomputed', NO_SKIPS, features);
  }

  #served(
    asked: {readonly request: RequestFields; readonly id: string; readonly at: number},
    {version, role, propensity}: Assignment,
    {prediction, outside}: Scored,
    level: string,
    skipped: ServedPrediction['skipped'],
    features: FeatureRow,
  ): ServedPrediction {
    const {abstain} = this.policy;
    const abstained =
      abstain !== null && Math.max(prediction, 1 - prediction) < abstain.below && !isWritten(level, this.#rules);
    const {id, at, request} = asked;
    const position = this.#options.position();
    return {
      id,
      at,
      position,
      version,
      role,
      propensity,
      prediction,
      level,
      skipped,
      outside,
      abstained,
      request,
      features,
    };
  }

  /** All are read now: the live state cannot be read as of this moment later. */
  #readOthers(served: ServedPrediction, inputs: Inputs, read: OnlineReader, readers: readonly OnlineReader[]): void {
    const {request, at} = inputs;
    const rows = readers.map(each => [each, each === read ? inputs.row() : each.read(request, at)] as const);
    this.#rows.set(served, new Map(rows));
  }

  #remember({request, version, at, features, prediction}: ServedPrediction, scored: Scored): void {
    if (this.#remembers) this.#shared.last.set(this.#shared.text.encode(request), {prediction, at});
    this.#cache?.set(this.#cacheKey(request, version), {scored, features, at});
  }

  #cacheKey = (request: RequestFields, version: number): string => `${version} ${this.#shared.text.encode(request)}`;

  /** Takes an answer that was given before this process began. */
  recall(request: RequestFields, prediction: number, at: number): void {
    if (this.#remembers) this.#shared.last.set(this.#shared.text.encode(request), {prediction, at});
  }

  /** What the champion says to a request as of `at`, for a table of answers made beforehand. Throws what kept it from answering. */
  precompute(request: RequestFields, at: number): {readonly prediction: number; readonly version: number} {
    const {arms, champion} = this.#ready();
    const {model, reader} = arms.get(champion.version)!;
    const {prediction} = model.answer(new Inputs(request, '', at, reader)) as Scored;
    return {prediction, version: champion.version};
  }

  /** What the versions that did not answer would have said. Off the critical path: call it after the answer. */
  shadows(served: ServedPrediction): {readonly version: number; readonly prediction: number}[] {
    const {plan, arms} = this.#ready();
    // Where the model of the plan did not read its features now, its challengers have nothing to be compared with.
    if (plan.arms.length === 1 || (served.level !== 'model' && served.level !== 'sticky')) return [];
    const rows = this.#rows.get(served);
    return plan.arms.flatMap(({version}) => {
      const {loaded, reader, vector} = arms.get(version)!;
      const row = rows?.get(reader) ?? (reader === this.reader ? served.features : undefined);
      // Without a row the plan came after the answer, and what this version reads was not read then.
      return version === served.version || row === undefined
        ? []
        : [{version, prediction: loaded.predictor.predictRow(vector(row))}];
    });
  }

  /** What each feature added to the margin of an answer, by the version that gave it; null where no model gave it now. */
  explain({version, level, features, request, at}: ServedPrediction) {
    const arm = this.#ready().arms.get(version);
    // A sticky answer is that of inputs of before.
    if (!arm || level !== 'model') return null;
    const row = arm.reader === this.reader ? features : arm.reader.read(request, at);
    const {base, contributions} = arm.loaded.predictor.explain(arm.vector(row));
    const names = arm.loaded.predictor.spec.features.map(({name}) => name);
    return {base, contributions: Object.fromEntries(names.map((name, f) => [name, contributions[f]!]))};
  }

  /** How the levels of the champion have fared since it was loaded. */
  levels(): LevelStatus[] {
    const active = this.#active;
    return active ? active.arms.get(active.champion.version)!.chain.status() : [];
  }

  /** Simpler models that the policy names and the champion does not have. */
  get lacking(): readonly string[] {
    const active = this.#active;
    return active ? active.arms.get(active.champion.version)!.lacking : [];
  }

  /** The version in charge, in memory. */
  get champion(): LoadedVersion {
    return this.#ready().champion;
  }

  /** A version on the plan, in memory; undefined if it is not on it. */
  loaded(version: number): LoadedVersion | undefined {
    return this.#active?.arms.get(version)?.loaded;
  }

  #ready(): Active {
    if (this.#active === null)
      throw new MillraceError('NOT_READY', `No version of '${this.model}' is deployed.`, {
        fix: `Train one and run: millrace deploy ${this.model}`,
      });
    return this.#active;
  }
}
