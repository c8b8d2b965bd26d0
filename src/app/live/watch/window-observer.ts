import type {ServedBatch} from '../../../logs/index.ts';
import {type ClosedWindow, type TrainingProfile, WindowMonitor} from '../../../monitoring/index.ts';
import type {Clock, QualityResult} from '../../../protocol/index.ts';
import {isObserved, type LoadedVersion, type ServedPrediction} from '../../../serving/index.ts';
import type {ModelDefinition} from '../../definitions/model.ts';
import {QualityWatch} from '../../quality/quality-watch.ts';
import {loggedRequest} from '../logged-request.ts';

export type Observed = Pick<
  ServedPrediction,
  'request' | 'features' | 'prediction' | 'level' | 'propensity' | 'version' | 'at'
>;

/** A window that has closed, with what checks said of its answers. */
export type ObservedWindow = ClosedWindow & {readonly quality: readonly QualityResult[]};

/** Every answer of one model on its way into the open window: counted as the version in charge sees it, and checked. */
export class WindowObserver {
  readonly #definition: ModelDefinition;
  readonly #clock: Clock;
  readonly #quality: QualityWatch;
  #monitor: WindowMonitor | null = null;
  #champion: LoadedVersion | null = null;
  /** The version whose training data the open window is compared with: its encoding is what is observed. */
  #reference: LoadedVersion | null = null;
  #closed: ObservedWindow[] = [];
  #errors = 0;

  constructor(definition: ModelDefinition, clock: Clock) {
    this.#definition = definition;
    this.#clock = clock;
    this.#quality = new QualityWatch(definition);
  }

  /** Counts against this version's training data: at once in the first window, which begins at `from`, else from the next one on. */
  follow(champion: LoadedVersion, profile: TrainingProfile, from: number): void {
    this.#champion = champion;
    this.#quality.follow(champion.predictor.spec.features);
    if (this.#monitor) {
      this.#monitor.compareWith(profile);
      return;
    }
    this.#monitor = new WindowMonitor(profile, this.#definition.monitor, {from, now: () => this.#clock.now()});
    this.#reference = champion;
  }

  /** Start of the open window, and requests in it that could not be answered; null before there is one. */
  get open(): {readonly from: number; readonly errors: number} | null {
    return this.#monitor && {from: this.#monitor.span.from, errors: this.#errors};
  }

  /** The open window as it stands. */
  preview(): ClosedWindow | null {
    return this.#monitor?.preview() ?? null;
  }

  /** An answer of any level: checks see those of fallbacks too, counts those of versions only. */
  observe({request, features, prediction, level, propensity, version, at}: Observed, latencyUs: number): void {
    const monitor = this.#monitor;
    if (monitor === null || propensity === 0) return;
    if (at >= monitor.to) this.#close(Math.min(at, this.#clock.now()));
    // The features of an answer that was made beforehand are not of this moment.
    if (level === 'precomputed') return;
    this.#quality.observe({request, features, prediction, level});
    if (!isObserved(level, propensity)) return;
    if (this.#reference!.version !== monitor.profile.version) this.#reference = this.#champion;
    monitor.observe(this.#reference!.vector(features), prediction, version, latencyUs, at, request);
  }

  /** Answers of a window that was open when the process stopped. */
  observeLogged(batch: ServedBatch): void {
    const {count, at, versions, predictions, levels, propensities, latenciesUs} = batch;
    const {features} = this.#definition;
    const columns = features.features.map(({name}) => batch.features[name]!);
    for (let i = 0; i < count; i++) {
      const answer = {
        request: loggedRequest(features.request, batch, i),
        features: columns.map(column => column[i] ?? null),
        prediction: predictions[i]!,
        level: levels[i]!,
        propensity: propensities[i]!,
        version: versions[i]!,
        at: at[i]!,
      };
      this.observe(answer, latenciesUs[i]!);
    }
  }

  /** Requests that could not be answered. */
  observeError(at: number, count = 1): void {
    if (this.#monitor === null) return;
    if (at >= this.#monitor.to) this.#close(at);
    this.#monitor.observeError(at, count);
    this.#errors += count;
  }

  /** The windows that have ended by `now` and were not taken yet, oldest first. */
  take(now: number): ObservedWindow[] {
    if (this.#monitor && now >= this.#monitor.to) this.#close(now);
    return this.#closed.splice(0);
  }

  #close(now: number): void {
    for (const window of this.#monitor!.advanceTo(now)) {
      this.#closed.push({...window, quality: this.#quality.close()});
      this.#errors = 0;
    }
  }
}
