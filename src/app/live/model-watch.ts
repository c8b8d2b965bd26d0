import type {MaturedRow, ServedBatch} from '../../logs/index.ts';
import {
  alertsWithoutRule,
  describeWindow,
  judgeAlerts,
  lookBack,
  type TrainingProfile,
  widenByRecord,
  windowOf,
} from '../../monitoring/index.ts';
import type {Alert, AlertKind, FeatureHistogram, MonitorWindow} from '../../protocol/index.ts';
import type {LoadedVersion} from '../../serving/index.ts';
import type {ModelDefinition} from '../definitions/model.ts';
import {type KeptTallies, NEWEST_WINDOWS, type OpenWindow} from '../runtime/monitor-records.ts';
import type {Runtime} from '../runtime/runtime.ts';
import {loadProfile} from '../train/build-version.ts';
import {AlertBook} from './watch/alert-book.ts';
import {LaterAnalyses} from './watch/later-analyses.ts';
import {LoopWatch} from './watch/loop-watch.ts';
import {ModelEstimates} from './watch/model-estimates.ts';
import {scoreSlices} from './watch/slice-scores.ts';
import {WindowAssessor} from './watch/window-assessor.ts';
import {WindowMemory} from './watch/window-memory.ts';
import {type Observed, type ObservedWindow, WindowObserver} from './watch/window-observer.ts';
import {type Peek, type ScoredWindow, WindowScoring} from './watch/window-scoring.ts';
import {WindowShifts} from './watch/window-shifts.ts';

export type ModelWatchOptions = {
  /** Whether `tick` waits for analyses on other threads, as where the clock runs ahead of them, or takes them up later. */
  readonly analyses?: 'wait' | 'later';
};

/** What labels told since the last tick. */
export type LabelNews = {
  /** Rows whose label windows have closed. */
  readonly matured: readonly MaturedRow[];
  /** Rows whose labels came after that. */
  readonly late: readonly MaturedRow[];
  readonly peek: Peek;
};

/** Kinds that judge a version against its own test and training data. */
const ABOUT_A_VERSION: readonly AlertKind[] = [
  'performance',
  'calibration',
  'estimate',
  'drift',
  'prediction-drift',
  'multivariate',
  'concept',
];

type Extras = {readonly histograms?: readonly FeatureHistogram[]; readonly tallies?: KeptTallies};

/**
 * Watches one model: counts its predictions in windows, scores the windows when their labels are complete, and
 * opens and resolves alerts by the written policy. `tick` does what is due.
 *
 * A window and the alerts that it changed are kept in one write, so that a stop at any time loses neither.
 */
export class ModelWatch {
  readonly #runtime: Runtime;
  readonly #definition: ModelDefinition;
  readonly #observer: WindowObserver;
  readonly #scoring: WindowScoring;
  readonly #memory: WindowMemory;
  readonly #estimates: ModelEstimates;
  readonly #shifts: WindowShifts;
  readonly #loop: LoopWatch;
  readonly #assessor: WindowAssessor;
  readonly #later: LaterAnalyses;
  #profile: TrainingProfile | null = null;
  /** What the next tick begins with, where one failed. */
  readonly #closed: ObservedWindow[] = [];
  readonly #scored: ScoredWindow[] = [];
  readonly #rescored: ScoredWindow[] = [];
  #windows: MonitorWindow[] = [];
  #alerts = new AlertBook();
  #histograms: readonly FeatureHistogram[] = [];
  #kept: OpenWindow | null = null;
  #ended = false;
  readonly #waits: boolean;

  constructor(runtime: Runtime, definition: ModelDefinition, {analyses = 'later'}: ModelWatchOptions = {}) {
    const {name, label, monitor} = definition;
    this.#runtime = runtime;
    this.#definition = definition;
    this.#observer = new WindowObserver(definition, runtime.clock);
    this.#scoring = new WindowScoring({
      withinMs: label.withinMs,
      earlyCount: label.rule === 'value',
      minLabelled: monitor.minLabelled,
    });
    this.#memory = new WindowMemory(name, monitor, runtime.monitoring);
    this.#estimates = new ModelEstimates(runtime.objects, name, monitor);
    this.#shifts = new WindowShifts(monitor);
    this.#loop = new LoopWatch(runtime, monitor);
    this.#assessor = new WindowAssessor(definition, this.#memory, this.#estimates, this.#shifts);
    this.#later = new LaterAnalyses(monitor, analyses === 'wait');
    this.#waits = analyses === 'wait';
  }

  /** What people should know of: what was kept and cannot be read. */
  get problems(): readonly string[] {
    return this.#estimates.problems;
  }

  get openAlerts(): readonly Alert[] {
    return this.#alerts.open;
  }

  /** The newest windows, oldest first: 2,000, or as many as rules look back on or labels may come for. The open one is not among them. */
  get windows(): readonly MonitorWindow[] {
    return this.#windows;
  }

  /** Distributions of the window that is open, or of the last one when nothing was predicted in it. */
  distributions(): readonly FeatureHistogram[] {
    const preview = this.#observer.preview();
    return preview && preview.counts.predictions > 0
      ? describeWindow(preview, this.#definition.monitor).histograms
      : this.#histograms;
  }

  /** Reads what was kept. `from`: the predictions that are still needed, for scoring or for the open window. */
  async open(): Promise<{readonly monitoredTo: number; readonly from: number}> {
    const {monitoring, clock} = this.#runtime;
    const {name, label, monitor} = this.#definition;
    const now = clock.now();
    this.#windows = await monitoring.windows(name);
    this.#alerts = new AlertBook(await monitoring.alerts(name));
    await this.#memory.open(this.#windows);
    await this.#end(alertsWithoutRule(monitor, this.openAlerts), now);
    const unscored = this.#windows.filter(window => isUnscored(window, label.withinMs));
    for (const window of unscored) this.#scoring.close(window);
    const late = this.#windows.filter(({performance, to}) => performance?.unknown && to + 2 * label.withinMs > now);
    for (const window of late) this.#scoring.reopen(window);
    this.#kept = (await monitoring.openWindow(name)) ?? null;
    const monitoredTo = this.#windows.at(-1)?.to ?? this.#kept?.from ?? windowOf(now, monitor).from;
    return {monitoredTo, from: Math.min(monitoredTo, ...[...unscored, ...late].map(({from}) => from))};
  }

  /**
   * Compares with the training data of this champion: at once in the first window, which lies at `from`, else
   * from the next one on. What was held against the champion before it is resolved: it begins anew.
   */
  async follow(champion: LoadedVersion, from: number): Promise<void> {
    if (this.#profile?.version === champion.version) return;
    const before = this.#profile?.version ?? this.#windows.at(-1)?.profile ?? champion.version;
    if (before !== champion.version) await this.#resolve(ABOUT_A_VERSION, this.#runtime.clock.now());
    const {name, label, monitor} = this.#definition;
    this.#profile = await loadProfile(this.#runtime, name, champion.version);
    await this.#estimates.follow(champion.version, this.#runtime.clock.now() - label.withinMs);
    const begun = this.#windows.length > 0 || this.#kept?.from === from;
    this.#observer.follow(champion, this.#profile, begun ? from : windowOf(from, monitor).from);
    if (this.#kept && this.#kept.from === this.#observer.open?.from)
      this.#observer.observeError(this.#kept.from, this.#kept.errors);
  }

  /** Where what was matured ends: predictions after that are needed to go on (UTC ms). */
  get maturedTo(): number {
    return (this.#profile && this.#estimates.maturedTo(this.#profile.version)) ?? Number.POSITIVE_INFINITY;
  }

  /** An answer of any level. */
  observe(served: Observed, latencyUs: number): void {
    this.#observer.observe(served, latencyUs);
  }

  /** Predictions of a window that was open when the process stopped. */
  observeLogged(batch: ServedBatch): void {
    this.#observer.observeLogged(batch);
  }

  observeError(at: number): void {
    this.#observer.observeError(at);
  }

  /** From here on silence is no drop in volume: the history that was replayed has ended. */
  sourceEnded(): void {
    this.#ended = true;
  }

  async tick(now: number, {matured, late, peek}: LabelNews): Promise<void> {
    // Nothing else tells of these again: they are taken before anything can fail.
    this.#estimates.mature(matured);
    this.#scoring.mature(matured);
    this.#scoring.noteLate(late);
    this.#closed.push(...this.#observer.take(now));
    await inTurn(this.#closed, closed => this.#close(closed, now));
    this.#scored.push(...this.#scoring.takeScored(now));
    await inTurn(this.#scored, scored => this.#score(scored, now));
    this.#rescored.push(...this.#scoring.takeRescored(now));
    await inTurn(this.#rescored, scored => this.#rescore(scored, now));
    const version = this.#profile?.version ?? 0;
    for (const window of this.#scoring.takeProgress(now, version, peek)) await this.#save(window, []);
    await this.#keepOpen();
    if (this.#waits) await this.#later.settled();
    for (const {id, findings} of this.#later.take()) await this.#complete(id, findings, now);
    this.#forget(now);
  }

  /** Lets go of windows that nothing looks back on and for which no labels are waited for; their records stay. */
  #forget(now: number): void {
    const {monitor, label} = this.#definition;
    const most = Math.max(NEWEST_WINDOWS, lookBack(monitor));
    const waiting = this.#windows.findIndex(({to}) => to + 2 * label.withinMs > now);
    this.#windows.splice(0, Math.max(0, Math.min(this.#windows.length - most, waiting)));
  }

  /** Resolves when analyses in the background have come to an end; the next tick takes note of them. */
  settled(): Promise<void> {
    return this.#later.settled();
  }

  /** Notes what was done about an open alert. */
  async act(alertId: string, action: string): Promise<void> {
    const acted = this.openAlerts.filter(({id}) => id === alertId).map(alert => ({...alert, action}));
    await this.#runtime.monitoring.saveAlerts(acted);
    this.adopt(acted);
  }

  /** Takes note of alerts that were opened or resolved, and saved, elsewhere. */
  adopt(changed: readonly Alert[]): void {
    this.#alerts.adopt(changed);
  }

  async #close(closed: ObservedWindow, now: number): Promise<void> {
    const assessed = await this.#assessor.assess(closed, this.#windows, this.#alerts);
    const {histograms, tallies, estimated} = assessed;
    const window = {...assessed.window, ...(await this.#loop.reportOf(assessed.window, []))};
    // Last of what can fail is the window itself: a close that failed is tried again as if it had not been.
    await this.#estimates.save(closed.profile.version);
    await this.#save(window, this.#judge(window, now, estimated?.changes), {histograms, tallies});
    this.#histograms = histograms;
    this.#memory.keep(closed, tallies);
    this.#scoring.close(window);
    if (estimated) this.#later.begin(window, closed, estimated);
  }

  async #score(scored: ScoredWindow, now: number): Promise<void> {
    const window = await this.#asScored(scored);
    await this.#save(window, window.performance === null ? [] : this.#judge(window, now));
  }

  /** Late labels: what the window had opened follows, and so does what looks back on it. */
  async #rescore(scored: ScoredWindow, now: number): Promise<void> {
    const window = await this.#asScored(scored);
    await this.#save(window, this.#judge(window, now));
    const newest = this.#windows.findLast(({performance}) => performance !== null);
    if (newest && newest.id !== window.id) await this.#save(newest, this.#judge(newest, now));
  }

  /** With the performance of its slices, and what labels tell of its shifts. */
  async #asScored({window, rows}: ScoredWindow): Promise<MonitorWindow> {
    if (window.performance === null) return window;
    const reference = this.#estimates.referenceOf(window.profile);
    const detections = this.#estimates.detectionsOf(window.profile);
    const shifts = this.#shifts.whenScored(window, this.#windows, rows, reference, detections);
    const slices = await this.#scoredSlices({window, rows});
    const loop = await this.#loop.reportOf(window, rows);
    const full = {...window, ...loop, shifts, ...(slices ? {slices} : {})};
    this.#scoring.replace(full);
    return full;
  }

  async #scoredSlices({window, rows}: ScoredWindow): Promise<MonitorWindow['slices']> {
    if (!window.slices?.length) return window.slices;
    const {name, monitor} = this.#definition;
    const version = window.profile ?? this.#profile!.version;
    const own = version === this.#profile!.version ? this.#profile! : await loadProfile(this.#runtime, name, version);
    const {predictions} = this.#runtime;
    await predictions.flush();
    return scoreSlices(predictions, window, rows, own, monitor.minLabelled);
  }

  /** A window about which more has been found out since it closed. */
  async #complete(id: string, findings: Partial<MonitorWindow>, now: number): Promise<void> {
    const known = this.#windows.find(window => window.id === id);
    if (!known) return;
    const {estimate} = findings;
    const past = this.#windows.filter(({profile, from}) => profile === known.profile && from < known.from);
    const window = {...known, ...findings, ...(estimate ? {estimate: widenByRecord(estimate, past)} : {})};
    this.#scoring.replace(window);
    await this.#save(window, this.#judge({...window, performance: null}, now));
  }

  /** Alerts that the window changes, by those before it. */
  #judge(window: MonitorWindow, now: number, estimatedChanges?: ReadonlyMap<string, number>): readonly Alert[] {
    const {monitor} = this.#definition;
    const at = this.#windows.findIndex(({id}) => id === window.id);
    const before = at === -1 ? this.#windows : this.#windows.slice(0, at);
    const after = at === -1 ? [] : this.#windows.slice(at + 1);
    const changes = judgeAlerts({
      policy: this.#ended ? {...monitor, volume: null} : monitor,
      window,
      profile: this.#profile!,
      open: this.openAlerts,
      history: before.slice(-lookBack(monitor)),
      at: now,
      isPast: after.some(({performance}) => window.performance === null || performance !== null),
      ...(estimatedChanges ? {estimatedChanges} : {}),
    });
    return AlertBook.changed(changes);
  }

  async #save(window: MonitorWindow, changed: readonly Alert[], extras: Extras = {}): Promise<void> {
    await this.#runtime.monitoring.saveWindow(window, changed, extras);
    const at = this.#windows.findIndex(({id}) => id === window.id);
    if (at === -1) this.#windows.push(window);
    else this.#windows[at] = window;
    this.adopt(changed);
  }

  async #resolve(kinds: readonly AlertKind[], resolvedAt: number): Promise<void> {
    await this.#end(
      this.openAlerts.filter(({kind}) => kinds.includes(kind)),
      resolvedAt,
    );
  }

  async #end(alerts: readonly Alert[], resolvedAt: number): Promise<void> {
    const resolved = alerts.map(alert => ({...alert, resolvedAt}));
    await this.#runtime.monitoring.saveAlerts(resolved);
    this.adopt(resolved);
  }

  /** Requests that failed are in no log: their number is kept with the window that is open. */
  async #keepOpen(): Promise<void> {
    const {open} = this.#observer;
    if (open === null || (open.from === this.#kept?.from && open.errors === this.#kept.errors)) return;
    await this.#runtime.monitoring.saveOpenWindow(this.#definition.name, open);
    this.#kept = open;
  }
}

/** Each in its turn; what fails, and all after it, is there again the next time. */
async function inTurn<T>(queue: T[], work: (one: T) => Promise<void>): Promise<void> {
  for (let [one] = queue; one !== undefined; [one] = queue) {
    await work(one);
    queue.shift();
  }
}

/** Windows whose labels never came were looked at once, at the end of their label window. */
const isUnscored = ({performance, predictions, labels}: MonitorWindow, withinMs: number): boolean =>
  performance === null && predictions > 0 && (labels?.at(-1)?.ageMs ?? -1) < withinMs;
