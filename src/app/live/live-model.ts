import {OnlineReader, type StreamExecutor} from '../../features/index.ts';
import {labelsIn} from '../../labels/index.ts';
import {LabelJoiner, type MaturedRow, type PredictionWriter, rebuildJoiner} from '../../logs/index.ts';
import {hashUnit} from '../../math/index.ts';
import {
  type ColumnSpec,
  columnSpecs,
  MillraceError,
  type PositionedBatch,
  type ReleasePlan,
} from '../../protocol/index.ts';
import {
  type Chosen,
  HybridPredictions,
  isEvidence,
  PredictionService,
  parseRequest,
  RecentMap,
  type RequestFields,
  type Run,
  type ServedPrediction,
} from '../../serving/index.ts';
import type {ModelDefinition} from '../definitions/model.ts';
import type {Runtime} from '../runtime/runtime.ts';
import {isAskersFault, ServiceLevels} from '../slo/service-levels.ts';
import {loggedValue, REQUEST_PREFIX} from './logged-request.ts';
import {ModelWatch, type ModelWatchOptions} from './model-watch.ts';
import {pinnedSet} from './pinned-sets.ts';
import {precomputeDue, recountRequests} from './precompute.ts';
import {recallAnswers} from './recall-answers.ts';
import {RecentPredictions} from './recent-predictions.ts';
import {ReviewQueue} from './review-queue.ts';
import {versionParts} from './version-parts.ts';

/** Told of rows whose label window has closed, and of requests that failed: the evidence of releases. */
export type LiveListener = {
  matured(rows: readonly MaturedRow[]): void;
  failed(): void;
};

const SAMPLE_SALT = 'prediction-log';
/** Labels that are remembered for answers that another process gave and has not told of yet. */
const EARLY_LABELS = 20_000;

/** Follows what a model answers by; null: it is to answer nothing. Resolves when it does. */
export type PlanFollower = (plan: ReleasePlan | null) => Promise<void>;

type Answer = {readonly served: ServedPrediction; readonly latencyUs: number};

/**
 * One model in production: answers, logs its answers, and joins them with their labels. Everything runs on the
 * clock of its runtime; `tick` does what is due.
 */
export class LiveModel {
  readonly definition: ModelDefinition;
  readonly service: PredictionService;
  readonly watch: ModelWatch;
  readonly slos: ServiceLevels;
  readonly recent: RecentPredictions;
  readonly reviews: ReviewQueue;
  /** Answers made beforehand for frequent requests; null: none are. */
  readonly hybrid: HybridPredictions | null;
  readonly #runtime: Runtime;
  readonly #writer: PredictionWriter;
  readonly #joiner: LabelJoiner;
  readonly #requestNames: readonly string[];
  #predictions = 0;
  #errors = 0;
  #unlogged = 0;
  #unloaded = false;
  readonly #levels = new Map<string, number>();
  #listener: LiveListener | null = null;
  #follower: PlanFollower | null = null;
  readonly #early = new RecentMap<{readonly value: number; readonly knownAt: number}>(EARLY_LABELS);

  constructor(runtime: Runtime, definition: ModelDefinition, executor: StreamExecutor, watch: ModelWatchOptions = {}) {
    const {features, label, name} = definition;
    this.definition = definition;
    this.#runtime = runtime;
    const request = columnSpecs(features.request);
    this.#requestNames = request.map(({name: field}) => field);
    const columns: ColumnSpec[] = [
      ...features.features.map(feature => ({...feature, nullable: true})),
      ...request.map(spec => ({...spec, name: `${REQUEST_PREFIX}${spec.name}`, nullable: true})),
    ];
    this.#writer = runtime.predictions.writer(name, columns);
    this.#joiner = new LabelJoiner(label, {lateMs: label.withinMs});
    this.watch = new ModelWatch(runtime, definition, watch);
    this.slos = new ServiceLevels(runtime, definition);
    this.recent = new RecentPredictions(features);
    this.reviews = new ReviewQueue(runtime.metadata, name);
    const {hybrid: policy} = definition.serving;
    this.hybrid = policy && new HybridPredictions(runtime.online, {model: name, schema: features.request, policy});
    this.service = new PredictionService({
      model: name,
      reader: new OnlineReader(features, executor, runtime.cuts),
      pinned: async version => {
        const set = await pinnedSet(runtime, definition, version);
        return set && new OnlineReader(set, executor, runtime.cuts);
      },
      policy: definition.serving,
      version: version => versionParts(runtime, name, version),
      ...(this.hybrid ? {precomputed: this.hybrid} : {}),
      position: () => executor.position,
    });
  }

  /** Answers since the process began. */
  get predictions(): number {
    return this.#predictions;
  }

  /** Requests since the process began that could not be answered. */
  get errors(): number {
    return this.#errors;
  }

  /** Answers since the process began that the prediction log had no room for. */
  get unlogged(): number {
    return this.#unlogged;
  }

  /** Answers since the process began by the level that gave them. */
  get levels(): ReadonlyMap<string, number> {
    return this.#levels;
  }

  /** Predictions whose label window is open. */
  get pending(): number {
    return this.#joiner.open;
  }

  listen(listener: LiveListener): void {
    this.#listener = listener;
  }

  /** Others answer for it, by the same plan: `usePlan` resolves when they have it too. What they answer comes by `recordServed`. */
  followedBy(follower: PlanFollower): void {
    this.#follower = follower;
  }

  /**
   * Starts from what the stores hold: predictions whose labels are still to come wait for them again, windows
   * that were not scored will be, and the window that was open is counted again from the prediction log.
   */
  async open(): Promise<void> {
    const {registry, predictions, log, clock} = this.#runtime;
    const {name, label} = this.definition;
    const needed = await this.watch.open();
    await this.slos.open(clock.now());
    const plan = await registry.plan(name);
    if (!plan) return;
    await this.usePlan(plan, needed.monitoredTo);
    const from = Math.min(needed.from, this.watch.maturedTo, clock.now() - label.withinMs);
    const labels = async function* () {
      for await (const batch of log.read({stream: label.source.name})) yield labelsIn(label, batch);
    };
    await rebuildJoiner(this.#joiner, {
      served: predictions.served(name, {from}),
      shadowed: predictions.shadowed(name, {from}),
      labels: labels(),
      counts: isEvidence,
      from,
    });
    for await (const batch of predictions.served(name, {from: needed.monitoredTo})) this.watch.observeLogged(batch);
    await recallAnswers(this.service, this.definition, predictions, clock.now());
    if (this.hybrid) await recountRequests(this.hybrid, this.definition, predictions, clock.now());
  }

  /** Follows a release plan from the next request on. `monitoredFrom`: where the first window lies; now unless told. */
  async usePlan(plan: ReleasePlan, monitoredFrom = this.#runtime.clock.now()): Promise<void> {
    await this.service.use(plan);
    await this.watch.follow(this.service.champion, monitoredFrom);
    if (!this.#unloaded) await this.#follower?.(plan);
  }

  /** Whether somebody took it out of service. */
  get unloaded(): boolean {
    return this.#unloaded;
  }

  /** Throws NOT_READY where it was taken out of service. */
  requireLoaded(): void {
    if (this.#unloaded)
      throw new MillraceError('NOT_READY', `'${this.definition.name}' was unloaded.`, {
        fix: `Load it again: POST /v2/repository/models/${this.definition.name}/load`,
      });
  }

  /** Follows the release plan as the registry has it now. Throws what kept it from being loaded; then nothing changes. */
  async load(): Promise<void> {
    const plan = await this.#runtime.registry.plan(this.definition.name);
    if (plan) await this.usePlan(plan);
    const wasUnloaded = this.#unloaded;
    this.#unloaded = false;
    if (plan && wasUnloaded) await this.#follower?.(plan);
  }

  /** Answers nothing from the next request on; resolves when nobody else answers for it either. */
  async unload(): Promise<void> {
    this.#unloaded = true;
    await this.#follower?.(null);
  }

  /** The fields of a request. Throws REQUEST_INVALID with all problems. */
  parse(instance: unknown, path: string): RequestFields {
    return this.#counted(() => parseRequest(this.definition.features.request, instance, path));
  }

  /** Answers one request now: reads live features, predicts, logs. */
  predict(request: RequestFields, id: string, run?: Run): ServedPrediction {
    const answer = this.#answer(request, id, run);
    this.#record(answer);
    return answer.served;
  }

  /** Answers all of them or, if one cannot be answered, none. `version`: the one that answers, whatever the plan says. */
  predictAll(
    requests: readonly {readonly request: RequestFields; readonly id: string; readonly unit?: string}[],
    run?: Run,
    version?: number,
  ): ServedPrediction[] {
    const answers = requests.map(({request, id, unit}) => this.#answer(request, id, run, {unit, version}));
    run?.stages?.logging();
    for (const answer of answers) this.#record(answer);
    run?.stages?.logged();
    return answers.map(({served}) => served);
  }

  /** Takes an answer that another process gave for this model, as if it had been given here. */
  recordServed(served: ServedPrediction, latencyUs: number): void {
    this.#record({served, latencyUs});
    const early = this.#early.get(served.id);
    if (early) {
      this.#joiner.label(served.id, early.value, early.knownAt);
      this.recent.label(served.id, early.value);
    }
    if (served.level === 'model') this.service.recall(served.request, served.prediction, served.at);
    this.shadow(served);
  }

  /** Takes note of requests that another process could not answer, `wrong` ones among them, and of answers that it could not tell of. */
  recordLost({errors = 0, wrong = 0, unlogged = 0}: Partial<Record<'errors' | 'wrong' | 'unlogged', number>>): void {
    this.#unlogged += unlogged;
    for (let i = 0; i < errors; i++) this.#failed(i < wrong);
  }

  /** By view, the time of the newest event behind the features of a request as of `at`, or of the cut it is read as of; null: none is kept. */
  freshness(request: RequestFields, at: number): Record<string, number | null> {
    const {reader} = this.service;
    const newest = (v: number) => reader.cutOf(v, at)?.cut ?? reader.latestEvent(v, request);
    return Object.fromEntries(reader.set.views.map(({view}, v) => [view.name, newest(v)]));
  }

  /** Lets the versions that did not answer score the request. Call it after the answer has gone out. */
  shadow(served: ServedPrediction): void {
    if (served.propensity === 0) return;
    const started = process.hrtime.bigint();
    const shadows = this.service.shadows(served);
    const latencyUs = Number(process.hrtime.bigint() - started) / 1_000 / Math.max(1, shadows.length); // of one, on average
    for (const {version, prediction} of shadows) {
      try {
        this.#writer.shadowed({id: served.id, at: served.at, version, prediction, latencyUs});
      } catch (error) {
        if (!(error instanceof MillraceError && error.code === 'QUEUE_FULL')) throw error;
        this.#unlogged++;
      }
      this.#joiner.shadowed(served.id, version, prediction);
    }
  }

  /** Takes labels from a batch of events. */
  learn(batch: PositionedBatch): void {
    for (const {id, value, knownAt} of labelsIn(this.definition.label, batch)) {
      if (this.#follower) this.#early.set(id, {value, knownAt});
      this.#joiner.label(id, value, knownAt);
      this.recent.label(id, value);
    }
  }

  /** Matures labels and lets the watch do what is due. */
  async tick(now: number): Promise<void> {
    const rows = this.#joiner.mature(now);
    if (rows.length > 0) this.#listener?.matured(rows);
    try {
      await this.watch.tick(now, {
        matured: rows,
        late: this.#joiner.takeLate(),
        peek: (from, to) => this.#joiner.knownSoFar(from, to),
      });
    } finally {
      await this.slos.tick(now, this.watch);
    }
    await this.reviews.save();
    if (this.hybrid && this.service.plan) await precomputeDue(this.hybrid, this.service, now);
  }

  #answer(request: RequestFields, id: string, run?: Run, chosen?: Chosen): Answer {
    this.requireLoaded();
    const started = process.hrtime.bigint();
    this.hybrid?.asked(request, this.#runtime.clock.now());
    const served = this.#counted(() => this.service.predict(request, id, this.#runtime.clock.now(), run, chosen));
    const latencyUs = Number(process.hrtime.bigint() - started) / 1_000;
    run?.stages?.answered(latencyUs / 1_000);
    return {served, latencyUs};
  }

  #record({served, latencyUs}: Answer): void {
    const {id, at, version, role, prediction, level} = served;
    this.#log(served, latencyUs);
    this.#predictions++;
    this.slos.answered(level, latencyUs, at);
    this.#levels.set(level, (this.#levels.get(level) ?? 0) + 1);
    this.recent.add(served, latencyUs);
    if (served.abstained) this.reviews.add(served);
    this.watch.observe(served, latencyUs);
    // What a rule or a simpler model said is no evidence about a version, nor what a version said that nobody drew.
    if (isEvidence(level, served.propensity)) this.#joiner.predicted(id, at, version, role, prediction);
  }

  /** Never keeps an answer back: what the log has no room for is counted. */
  #log(served: ServedPrediction, latencyUs: number): void {
    const {sample} = this.definition.serving.log;
    if (sample < 1 && hashUnit(served.id, SAMPLE_SALT) >= sample) return;
    const {id, at, version, role, propensity, prediction, level, outside, request, features, position} = served;
    const logged = [...features, ...this.#requestNames.map(field => loggedValue(request[field]))];
    const row = {id, at, version, role, propensity, prediction, level, outside, latencyUs, position, features: logged};
    try {
      this.#writer.served(row);
    } catch (error) {
      if (!(error instanceof MillraceError && error.code === 'QUEUE_FULL')) throw error;
      this.#unlogged++;
    }
  }

  /** Counts a request that cannot be answered, and passes its error on. */
  #counted<T>(answer: () => T): T {
    try {
      return answer();
    } catch (error) {
      this.#failed(isAskersFault(error));
      throw error;
    }
  }

  #failed(byAsker: boolean): void {
    this.#errors++;
    if (!byAsker) this.slos.unanswered(1, this.#runtime.clock.now());
    this.watch.observeError(this.#runtime.clock.now());
    this.#listener?.failed();
  }
}
