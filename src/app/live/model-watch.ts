import type {MaturedRow, ServedBatch} from '../../logs/index.ts';
import {
  type ClosedWindow,
  describeWindow,
  judgeAlerts,
  type TrainingProfile,
  WindowMonitor,
  windowOf,
} from '../../monitoring/index.ts';
import type {Alert, AlertKind, FeatureHistogram, MonitorWindow} from '../../protocol/index.ts';
import {isObserved, type LoadedVersion, type ServedPrediction} from '../../serving/index.ts';
import type {ModelDefinition} from '../definitions/model.ts';
import type {Runtime} from '../runtime/runtime.ts';
import {loadProfile} from '../train/build-version.ts';
import {WindowScoring} from './window-scoring.ts';

export type Observed = Pick<ServedPrediction, 'features' | 'prediction' | 'version' | 'at'>;

/** Windows that alerts look back on. */
const HISTORY = 40;

/** Kinds that judge a version against its own test and training data. */
const ABOUT_A_VERSION: readonly AlertKind[] = ['performance', 'calibration', 'drift', 'prediction-drift'];

/**
 * Watches one model: counts its predictions in windows, scores the windows when their labels are complete, and
 * opens and resolves alerts by the written policy. `tick` does what is due.
 */
export class ModelWatch {
  readonly #runtime: Runtime;
  readonly #definition: ModelDefinition;
  readonly #scoring: WindowScoring;
  #monitor: WindowMonitor | null = null;
  #champion: LoadedVersion | null = null;
  #profile: TrainingProfile | null = null;
  /** The version whose training data the open window is compared with: its encoding is what is observed. */
  #reference: LoadedVersion | null = null;
  #closed: ClosedWindow[] = [];
  #windows: MonitorWindow[] = [];
  #openAlerts: Alert[] = [];
  #histograms: readonly FeatureHistogram[] = [];
  #ended = false;

  constructor(runtime: Runtime, definition: ModelDefinition) {
    this.#runtime = runtime;
    this.#definition = definition;
    this.#scoring = new WindowScoring(definition.label.withinMs);
  }

  get openAlerts(): readonly Alert[] {
    return this.#openAlerts;
  }

  /** Windows so far, oldest first; the open one is not among them. */
  get windows(): readonly MonitorWindow[] {
    return this.#windows;
  }

  /** Distributions of the window that is open, or of the last one when nothing was predicted in it. */
  distributions(): readonly FeatureHistogram[] {
    const preview = this.#monitor?.preview();
    return preview && preview.counts.predictions > 0
      ? describeWindow(preview, this.#definition.monitor).histograms
      : this.#histograms;
  }

  /** Reads what was kept. `from`: the predictions that are still needed, for scoring or for the open window. */
  async open(): Promise<{readonly monitoredTo: number; readonly from: number}> {
    const {monitoring, clock} = this.#runtime;
    const {name} = this.#definition;
    this.#windows = await monitoring.windows(name);
    this.#openAlerts = (await monitoring.alerts(name)).filter(alert => alert.resolvedAt === null);
    const unscored = this.#windows.filter(w => w.performance === null && w.predictions > 0);
    for (const window of unscored) this.#scoring.close(window);
    const monitoredTo = this.#windows.at(-1)?.to ?? clock.now();
    return {monitoredTo, from: unscored[0]?.from ?? monitoredTo};
  }

  /**
   * Compares with the training data of this champion: at once in the first window, which lies at `from`, else
   * from the next one on. What was held against the champion before it is resolved: it begins anew.
   */
  async follow(champion: LoadedVersion, from: number): Promise<void> {
    if (this.#profile?.version === champion.version) return;
    if (this.#profile) await this.#resolve(ABOUT_A_VERSION, this.#runtime.clock.now());
    this.#profile = await loadProfile(this.#runtime, this.#definition.name, champion.version);
    this.#champion = champion;
    if (this.#monitor) this.#monitor.compareWith(this.#profile);
    else {
      this.#monitor = new WindowMonitor(this.#profile, this.#definition.monitor, {
        from: windowOf(from, this.#definition.monitor).from,
      });
      this.#reference = champion;
    }
  }

  observe({features, prediction, version, at}: Observed, latencyUs: number): void {
    const monitor = this.#monitor!;
    this.#closed.push(...monitor.advanceTo(at));
    if (this.#reference!.version !== monitor.profile.version) this.#reference = this.#champion;
    monitor.observe(this.#reference!.vector(features), prediction, version, latencyUs, at);
  }

  /** Predictions of a window that was open when the process stopped. */
  observeLogged({count, at, versions, predictions, levels, propensities, latenciesUs, features}: ServedBatch): void {
    const columns = this.#definition.features.features.map(({name}) => features[name]!);
    for (let i = 0; i < count; i++) {
      if (!isObserved(levels[i]!, propensities[i]!)) continue;
      const row = columns.map(column => column[i] ?? null);
      this.observe({features: row, prediction: predictions[i]!, version: versions[i]!, at: at[i]!}, latenciesUs[i]!);
    }
  }

  observeError(at: number): void {
    this.#monitor?.observeError(at);
  }

  /** From here on silence is no drop in volume: the history that was replayed has ended. */
  sourceEnded(): void {
    this.#ended = true;
  }

  /** `matured`: rows whose label windows have closed since the last tick. */
  async tick(now: number, matured: readonly MaturedRow[]): Promise<void> {
    const closed = [...this.#closed, ...(this.#monitor?.advanceTo(now) ?? [])];
    this.#closed = [];
    for (const one of closed) {
      const {window, histograms} = describeWindow(one, this.#definition.monitor);
      this.#histograms = histograms;
      this.#windows.push(window);
      this.#scoring.close(window);
      await this.#runtime.monitoring.saveWindow(window, histograms);
      await this.#judge(window, now);
    }
    this.#scoring.mature(matured);
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

  /** Takes note of alerts that were opened or resolved, and saved, elsewhere. */
  adopt(changed: readonly Alert[]): void {
    const ids = new Set(changed.map(({id}) => id));
    const open = changed.filter(({resolvedAt}) => resolvedAt === null);
    this.#openAlerts = [...this.#openAlerts.filter(({id}) => !ids.has(id)), ...open];
  }

  async #resolve(kinds: readonly AlertKind[], resolvedAt: number): Promise<void> {
    const resolved = this.#openAlerts.filter(({kind}) => kinds.includes(kind)).map(alert => ({...alert, resolvedAt}));
    this.#openAlerts = this.#openAlerts.filter(({kind}) => !kinds.includes(kind));
    await this.#runtime.monitoring.saveAlerts(resolved);
  }

  async #judge(window: MonitorWindow, now: number): Promise<void> {
    const {monitor} = this.#definition;
    const {opened, resolved} = judgeAlerts({
      policy: this.#ended ? {...monitor, volume: null} : monitor,
      window,
      profile: this.#profile!,
      open: this.#openAlerts,
      history: this.#windows.slice(-HISTORY),
      at: now,
    });
    const gone = new Set(resolved.map(({id}) => id));
    this.#openAlerts = [...this.#openAlerts.filter(({id}) => !gone.has(id)), ...opened];
    await this.#runtime.monitoring.saveAlerts([...opened, ...resolved]);
  }
}
