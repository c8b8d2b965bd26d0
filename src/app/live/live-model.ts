import {OnlineReader, type StreamExecutor} from '../../features/index.ts';
import {labelsIn} from '../../labels/index.ts';
import {LabelJoiner, type MaturedRow, type PredictionWriter, rebuildJoiner} from '../../logs/index.ts';
import {type ColumnSpec, columnSpecs, type PositionedBatch, type ReleasePlan} from '../../protocol/index.ts';
import {PredictionService, parseRequest, type RequestFields, type ServedPrediction} from '../../serving/index.ts';
import type {ModelDefinition} from '../definitions/model.ts';
import type {Runtime} from '../runtime/runtime.ts';
import {ModelWatch} from './model-watch.ts';
import {pinnedSet} from './pinned-sets.ts';
import {RecentPredictions} from './recent-predictions.ts';

/** Request fields are logged beside the features, so that a served vector can be computed again. */
export const REQUEST_PREFIX = 'request.';

/** Told of rows whose label window has closed, and of requests that failed: the evidence of releases. */
export type LiveListener = {
  matured(rows: readonly MaturedRow[]): void;
  failed(): void;
};

type Answer = {readonly served: ServedPrediction; readonly latencyUs: number};

/**
 * One model in production: answers, logs its answers, and joins them with their labels. Everything runs on the
 * clock of its runtime; `tick` does what is due.
 */
export class LiveModel {
  readonly definition: ModelDefinition;
  readonly service: PredictionService;
  readonly watch: ModelWatch;
  readonly recent: RecentPredictions;
  readonly #runtime: Runtime;
  readonly #writer: PredictionWriter;
  readonly #joiner: LabelJoiner;
  readonly #requestNames: readonly string[];
  #predictions = 0;
  #errors = 0;
  #listener: LiveListener | null = null;

  constructor(runtime: Runtime, definition: ModelDefinition, executor: StreamExecutor) {
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
    this.#joiner = new LabelJoiner(label);
    this.watch = new ModelWatch(runtime, definition);
    this.recent = new RecentPredictions(features);
    this.service = new PredictionService({
      model: name,
      reader: new OnlineReader(features, executor),
      pinned: async version => {
        const set = await pinnedSet(runtime, definition, version);
        return set && new OnlineReader(set, executor);
      },
      artifact: async version => runtime.registry.artifact(await runtime.registry.version(name, version)),
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

  /** Predictions whose label window is open. */
  get pending(): number {
    return this.#joiner.open;
  }

  listen(listener: LiveListener): void {
    this.#listener = listener;
  }

  /**
   * Starts from what the stores hold: predictions whose labels are still to come wait for them again, windows
   * that were not scored will be, and the window that was open is counted again from the prediction log.
   */
  async open(): Promise<void> {
    const {registry, predictions, log, clock} = this.#runtime;
    const {name, label} = this.definition;
    const needed = await this.watch.open();
    const plan = await registry.plan(name);
    if (!plan) return;
    await this.usePlan(plan, needed.monitoredTo);
    const from = Math.min(needed.from, clock.now() - label.withinMs);
    const labels = async function* () {
      for await (const batch of log.read({stream: label.source.name})) yield labelsIn(label, batch);
    };
    await rebuildJoiner(this.#joiner, {
      served: predictions.served(name, {from}),
      shadowed: predictions.shadowed(name, {from}),
      labels: labels(),
      from,
    });
    for await (const batch of predictions.served(name, {from: needed.monitoredTo})) this.watch.observeLogged(batch);
  }

  /** Follows a release plan from the next request on. `monitoredFrom`: where the first window lies; now unless told. */
  async usePlan(plan: ReleasePlan, monitoredFrom = this.#runtime.clock.now()): Promise<void> {
    await this.service.use(plan);
    await this.watch.follow(this.service.champion, monitoredFrom);
  }

  /** The fields of a request. Throws REQUEST_INVALID with all problems. */
  parse(instance: unknown, path: string): RequestFields {
    return this.#counted(() => parseRequest(this.definition.features.request, instance, path));
  }

  /** Answers one request now: reads live features, predicts, logs. */
  predict(request: RequestFields, id: string): ServedPrediction {
    const answer = this.#answer(request, id);
    this.#record(answer);
    return answer.served;
  }

  /** Answers all of them or, if one cannot be answered, none. */
  predictAll(requests: readonly {readonly request: RequestFields; readonly id: string}[]): ServedPrediction[] {
    const answers = requests.map(({request, id}) => this.#answer(request, id));
    for (const answer of answers) this.#record(answer);
    return answers.map(({served}) => served);
  }

  /** Lets the versions that did not answer score the request. Call it after the answer has gone out. */
  shadow(served: ServedPrediction): void {
    const started = process.hrtime.bigint();
    const shadows = this.service.shadows(served);
    const latencyUs = Number(process.hrtime.bigint() - started) / 1_000 / Math.max(1, shadows.length); // of one, on average
    for (const {version, prediction} of shadows) {
      this.#writer.shadowed({id: served.id, at: served.at, version, prediction, latencyUs});
      this.#joiner.shadowed(served.id, version, prediction);
    }
  }

  /** Takes labels from a batch of events. */
  learn(batch: PositionedBatch): void {
    for (const {id, value, knownAt} of labelsIn(this.definition.label, batch)) {
      this.#joiner.label(id, value, knownAt);
      this.recent.label(id, value);
    }
  }

  /** Matures labels and lets the watch do what is due. */
  async tick(now: number): Promise<void> {
    const rows = this.#joiner.mature(now);
    if (rows.length > 0) this.#listener?.matured(rows);
    await this.watch.tick(now, rows);
  }

  #answer(request: RequestFields, id: string): Answer {
    const started = process.hrtime.bigint();
    const served = this.#counted(() => this.service.predict(request, id, this.#runtime.clock.now()));
    return {served, latencyUs: Number(process.hrtime.bigint() - started) / 1_000};
  }

  #record({served, latencyUs}: Answer): void {
    const {id, at, version, role, prediction, request, features, position} = served;
    const logged = [...features, ...this.#requestNames.map(field => requestValue(request[field]))];
    this.#writer.served({id, at, version, role, prediction, latencyUs, position, features: logged});
    this.#predictions++;
    this.#joiner.predicted(id, at, version, role, prediction);
    this.recent.add(served, latencyUs);
    this.watch.observe(served, latencyUs);
  }

  /** Counts a request that cannot be answered, and passes its error on. */
  #counted<T>(answer: () => T): T {
    try {
      return answer();
    } catch (error) {
      this.#errors++;
      this.watch.observeError(this.#runtime.clock.now());
      this.#listener?.failed();
      throw error;
    }
  }
}

const requestValue = (value: RequestFields[string] | undefined): number | string | null =>
  typeof value === 'boolean' ? Number(value) : (value ?? null);
