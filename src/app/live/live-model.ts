import {OnlineReader, type StreamExecutor} from '../../features/index.ts';
import {labelsIn} from '../../labels/index.ts';
import {
  LabelJoiner,
  type MaturedRow,
  type PredictionWriter,
  rebuildJoiner,
  type ServedBatch,
} from '../../logs/index.ts';
import {type ClosedWindow, judgeAlerts, type TrainingProfile, WindowMonitor} from '../../monitoring/index.ts';
import {
  type Alert,
  type ColumnSpec,
  columnSpecs,
  type MonitorWindow,
  type PositionedBatch,
  type ReleasePlan,
} from '../../protocol/index.ts';
import {
  type LoadedVersion,
  PredictionService,
  parseRequest,
  type RequestFields,
  type ServedPrediction,
} from '../../serving/index.ts';
import type {ModelDefinition} from '../definitions/model.ts';
import type {Runtime} from '../runtime/runtime.ts';
import {loadProfile} from '../train/build-version.ts';
import {RecentPredictions} from './recent-predictions.ts';
import {WindowScoring} from './window-scoring.ts';

/** Request fields are logged beside the features, so that a served vector can be computed again. */
export const REQUEST_PREFIX = 'request.';

/** What is told to whoever decides about releases: rows whose label window closed, and alerts as they change. */
export type LiveListener = {
  matured(rows: readonly MaturedRow[]): void;
  failed(): void;
};

type Observed = Pick<ServedPrediction, 'features' | 'prediction' | 'version' | 'at'>;

/**
 * One model in production: answers, logs, joins labels, and watches itself in windows. Everything runs on the
 * clock of its runtime; `tick` does what is due.
 */
export class LiveModel {
  readonly definition: ModelDefinition;
  readonly service: PredictionService;
  readonly recent: RecentPredictions;
  readonly #runtime: Runtime;
  readonly #writer: PredictionWriter;
  readonly #joiner: LabelJoiner;
  readonly #scoring: WindowScoring;
  readonly #requestNames: readonly string[];
  #monitor: WindowMonitor | null = null;
  #profile: TrainingProfile | null = null;
  /** The version whose training data the open window is compared with: its encoding is what is observed. */
  #reference: LoadedVersion | null = null;
  #closed: ClosedWindow[] = [];
  #windows: MonitorWindow[] = [];
  #openAlerts: Alert[] = [];
  #histograms: ClosedWindow['histograms'] = [];
  #ended = false;
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
    this.#scoring = new WindowScoring(label.withinMs);
    this.recent = new RecentPredictions(features);
    this.service = new PredictionService({
      model: name,
      reader: new OnlineReader(features, executor),
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

  get openAlerts(): readonly Alert[] {
    return this.#openAlerts;
  }

  /** Windows so far, oldest first; the open one is not among them. */
  get windows(): readonly MonitorWindow[] {
    return this.#windows;
  }

  /** Distributions of the window that is open, or of the last one when nothing was predicted in it. */
  distributions(): ClosedWindow['histograms'] {
    const preview = this.#monitor?.preview();
    return preview && preview.window.predictions > 0 ? preview.histograms : this.#histograms;
  }

  listen(listener: LiveListener): void {
    this.#listener = listener;
  }

  /**
   * Starts from what the stores hold: predictions whose labels are still to come wait for them again, windows
   * that were not scored will be, and the window that was open is counted again from the prediction log.
   */
  async open(): Promise<void> {
    const {monitoring, registry, predictions, log, clock} = this.#runtime;
    const {name, label} = this.definition;
    this.#windows = await monitoring.windows(name);
    this.#openAlerts = (await monitoring.alerts(name)).filter(alert => alert.resolvedAt === null);
    const plan = await registry.plan(name);
    if (!plan) return;
    const monitoredTo = this.#windows.at(-1)?.to ?? clock.now();
    await this.usePlan(plan, monitoredTo);
    const unscored = this.#windows.filter(w => w.performance === null && w.predictions > 0);
    const from = Math.min(unscored[0]?.from ?? monitoredTo, clock.now() - label.withinMs);
    for (const window of unscored) this.#scoring.close(window);
    const labels = async function* () {
      for await (const batch of log.read({stream: label.source.name})) yield labelsIn(label, batch);
    };
    await rebuildJoiner(this.#joiner, {
      served: predictions.served(name, {from}),
      shadowed: predictions.shadowed(name, {from}),
      labels: labels(),
      from,
    });
    for await (const batch of predictions.served(name, {from: monitoredTo})) this.#observeAgain(batch);
  }

  /** Follows a release plan from the next request on. `monitoredFrom`: where the first window lies; now unless told. */
  async usePlan(plan: ReleasePlan, monitoredFrom = this.#runtime.clock.now()): Promise<void> {
    const champion = plan.arms.find(arm => arm.role === 'champion')!.version;
    await this.service.use(plan);
    if (this.#profile?.version === champion) return;
    this.#profile = await loadProfile(this.#runtime, this.definition.name, champion);
    if (this.#monitor) this.#monitor.compareWith(this.#profile);
    else {
      this.#monitor = new WindowMonitor(this.#profile, this.definition.monitor, monitoredFrom);
      this.#reference = this.service.champion;
    }
  }

  /** The fields of a request. Throws REQUEST_INVALID with all problems. */
  parse(instance: unknown, path: string): RequestFields {
    try {
      return parseRequest(this.definition.features.request, instance, path);
    } catch (error) {
      this.#fail();
      throw error;
    }
  }

  /** Answers one request now: reads live features, predicts, logs. */
  predict(request: RequestFields, id: string): ServedPrediction {
    const started = process.hrtime.bigint();
    const at = this.#runtime.clock.now();
    let served: ServedPrediction;
    try {
      served = this.service.predict(request, id, at);
    } catch (error) {
      this.#fail();
      throw error;
    }
    const latencyUs = Number(process.hrtime.bigint() - started) / 1_000;
    this.#predictions++;
    const {version, role, prediction, features, position} = served;
    this.#writer.served({
      id,
      at,
      version,
      role,
      prediction,
      latencyUs,
      position,
      features: [...features, ...this.#requestNames.map(field => requestValue(request[field]))],
    });
    this.#joiner.predicted(id, at, version, role, prediction);
    this.recent.add(served, latencyUs);
    this.#observe(served, latencyUs);
    return served;
  }

  /** Lets the versions that did not answer score the request. Call it after the answer has gone out. */
  shadow(served: ServedPrediction): void {
    const started = process.hrtime.bigint();
    for (const {version, prediction} of this.service.shadows(served)) {
      const latencyUs = Number(process.hrtime.bigint() - started) / 1_000;
      this.#writer.shadowed({id: served.id, at: served.at, version, prediction, latencyUs});
      this.#joiner.shadowed(served.id, version, prediction);
    }
  }

  /** From here on silence is no drop in volume: the history that was replayed has ended. */
  sourceEnded(): void {
    this.#ended = true;
  }

  /** Takes labels from a batch of events. */
  learn(batch: PositionedBatch): void {
    for (const {id, value, knownAt} of labelsIn(this.definition.label, batch)) {
      this.#joiner.label(id, value, knownAt);
      this.recent.label(id, value);
    }
  }

  /** Closes windows, matures labels, opens and resolves alerts. */
  async tick(now: number): Promise<void> {
    const closed = [...this.#closed, ...(this.#monitor?.advanceTo(now) ?? [])];
    this.#closed = [];
    for (const {window, histograms} of closed) {
      this.#histograms = histograms;
      this.#windows.push(window);
      this.#scoring.close(window);
      await this.#runtime.monitoring.saveWindow(window, histograms);
      await this.#judge(window, now);
    }
    const rows = this.#joiner.mature(now);
    if (rows.length > 0) {
      this.#scoring.mature(rows);
      this.#listener?.matured(rows);
    }
    for (const window of this.#scoring.takeScored(now)) {
      const index = this.#windows.findIndex(({id}) => id === window.id);
      this.#windows[index] = window;
      await this.#runtime.monitoring.saveWindow(window);
      if (window.performance !== null) await this.#judge(window, now);
    }
  }

  /** Notes what was done about an open alert. */
  async act(alertId: string, action: string): Promise<void> {
    this.#openAlerts = this.#openAlerts.map(alert => (alert.id === alertId ? {...alert, action} : alert));
    await this.#runtime.monitoring.saveAlerts(this.#openAlerts.filter(({id}) => id === alertId));
  }

  async #judge(window: MonitorWindow, now: number): Promise<void> {
    const {opened, resolved} = judgeAlerts({
      policy: this.#ended ? {...this.definition.monitor, volume: null} : this.definition.monitor,
      window,
      profile: this.#profile!,
      open: this.#openAlerts,
      history: this.#windows.slice(-40),
      at: now,
    });
    const gone = new Set(resolved.map(({id}) => id));
    this.#openAlerts = [...this.#openAlerts.filter(({id}) => !gone.has(id)), ...opened];
    await this.#runtime.monitoring.saveAlerts([...opened, ...resolved]);
  }

  /** A champion that changed inside a window is the reference from the next one on. */
  #observe({features, prediction, version, at}: Observed, latencyUs: number): void {
    const monitor = this.#monitor!;
    this.#closed.push(...monitor.advanceTo(at));
    if (this.#reference!.version !== monitor.profile.version) this.#reference = this.service.champion;
    monitor.observe(this.#reference!.vector(features), prediction, version, latencyUs, at);
  }

  #observeAgain({count, at, versions, predictions, latenciesUs, features}: ServedBatch): void {
    const columns = this.definition.features.features.map(({name}) => features[name]!);
    for (let i = 0; i < count; i++) {
      const row = columns.map(column => column[i] ?? null);
      this.#observe({features: row, prediction: predictions[i]!, version: versions[i]!, at: at[i]!}, latenciesUs[i]!);
    }
  }

  #fail(): void {
    this.#errors++;
    this.#monitor?.observeError(this.#runtime.clock.now());
    this.#listener?.failed();
  }
}

const requestValue = (value: RequestFields[string] | undefined): number | string | null =>
  typeof value === 'boolean' ? Number(value) : (value ?? null);
