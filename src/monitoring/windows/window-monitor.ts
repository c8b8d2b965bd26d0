/** One model's predictions as they are served, in tumbling windows: observe each, collect the windows that have closed. */

import type {FeatureHistogram, MonitorWindow} from '../../protocol/index.ts';
import {driftReports, featureHistograms} from '../drift/drift-reports.ts';
import {DRIFT_DEFAULTS, type DriftSettings} from '../drift/drift-settings.ts';
import type {MonitorPolicy} from '../policy/monitor-policy.ts';
import type {TrainingProfile} from '../profiles/training-profile.ts';
import {type FeatureVector, WindowCounts, type WindowCountsState} from './window-counts.ts';

export type ClosedWindow = {readonly window: MonitorWindow; readonly histograms: readonly FeatureHistogram[]};

/** An open window as plain JSON: `new WindowMonitor(...)` and `restore` continue it. */
export type WindowMonitorState = {
  readonly model: string;
  /** Version whose profile the window is counted with: restore with the same. */
  readonly profileVersion: number;
  readonly from: number;
  readonly counts: WindowCountsState;
};

/**
 * Windows `[from, to)` are aligned to the Unix epoch in UTC. A window closes when the clock reaches its
 * end, by `advanceTo` or by an observation after it; windows in which nothing happened close too, so that
 * silence is seen. Memory is that of one window's counts, whatever the traffic.
 *
 * A prediction stamped before the open window (a race at the border) is counted in the open one.
 */
export class WindowMonitor {
  readonly #windowMs: number;
  readonly #settings: DriftSettings & {readonly predictionEffect: number};
  #profile: TrainingProfile;
  #next: TrainingProfile | null = null;
  #counts: WindowCounts;
  #from: number;
  #to: number;
  #closed: ClosedWindow[] = [];

  /** The first window is the one that holds `start`. */
  constructor(profile: TrainingProfile, policy: MonitorPolicy, start: number) {
    this.#windowMs = policy.windowMs;
    const drift = policy.drift ?? DRIFT_DEFAULTS;
    this.#settings = {...drift, predictionEffect: policy.predictionDrift?.effect ?? drift.effect};
    this.#profile = profile;
    this.#counts = new WindowCounts(profile);
    this.#from = Math.floor(start / this.#windowMs) * this.#windowMs;
    this.#to = this.#from + this.#windowMs;
  }

  /** The profile of the open window: vectors are given in the order of its features. */
  get profile(): TrainingProfile {
    return this.#profile;
  }

  /** One served prediction. `at` is its query time (UTC ms), `features` in the order of `profile.features`. */
  observe(features: FeatureVector, prediction: number, version: number, latencyUs: number, at: number): void {
    if (at >= this.#to) this.#closeUntil(at);
    this.#counts.add(features, prediction, version, latencyUs);
  }

  /** A request that could not be answered. */
  observeError(at: number): void {
    if (at >= this.#to) this.#closeUntil(at);
    this.#counts.errors++;
  }

  /** Closes the windows that end at or before `now`, and hands over all that closed since the last call, oldest first. */
  advanceTo(now: number): ClosedWindow[] {
    if (now >= this.#to) this.#closeUntil(now);
    const closed = this.#closed;
    this.#closed = [];
    return closed;
  }

  /** The open window as it would stand if it closed now; nothing changes. */
  preview(): ClosedWindow {
    return closeWindow(this.#profile, this.#counts, this.#from, this.#to, this.#settings);
  }

  /** Compare with another version's training data from the next window on, such as a new champion's. */
  compareWith(profile: TrainingProfile): void {
    this.#next = profile;
  }

  /** Closed windows that were not collected are not part of it: call `advanceTo` first. */
  snapshot(): WindowMonitorState {
    return {
      model: this.#profile.model,
      profileVersion: this.#profile.version,
      from: this.#from,
      counts: this.#counts.snapshot(),
    };
  }

  /** Continues the open window of `state`. Throws a TypeError when it was counted with another profile. */
  restore(state: WindowMonitorState): void {
    if (state.model !== this.#profile.model || state.profileVersion !== this.#profile.version)
      throw new TypeError(
        `The window was counted with the profile of ${state.model} ${state.profileVersion}, not of ${this.#profile.model} ${this.#profile.version}.`,
      );
    this.#counts = new WindowCounts(this.#profile);
    this.#counts.restore(state.counts);
    this.#from = state.from;
    this.#to = state.from + this.#windowMs;
  }

  #closeUntil(now: number): void {
    while (now >= this.#to) {
      this.#closed.push(this.preview());
      if (this.#next) this.#profile = this.#next;
      this.#next = null;
      this.#counts = new WindowCounts(this.#profile);
      this.#from = this.#to;
      this.#to += this.#windowMs;
    }
  }
}

function closeWindow(
  profile: TrainingProfile,
  counts: WindowCounts,
  from: number,
  to: number,
  settings: DriftSettings & {readonly predictionEffect: number},
): ClosedWindow {
  const {prediction, features} = driftReports(profile, counts, settings);
  const p50 = counts.latency.quantile(0.5);
  const p99 = counts.latency.quantile(0.99);
  const window: MonitorWindow = {
    id: `${profile.model}@${new Date(from).toISOString()}`,
    model: profile.model,
    from,
    to,
    predictions: counts.predictions,
    byVersion: counts.byVersion,
    meanPrediction: counts.predictions === 0 ? 0 : counts.predictionSum / counts.predictions,
    latencyUs: p50 === null || p99 === null ? null : {p50, p99},
    errors: counts.errors,
    prediction,
    drift: features,
    performance: null,
  };
  return {window, histograms: featureHistograms(profile, counts)};
}
