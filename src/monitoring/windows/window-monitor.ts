/** One model's predictions as they are served, in tumbling windows: observe each, collect the windows that have closed. */

import {hash53, seededRandom} from '../../math/index.ts';
import type {MonitorPolicy} from '../policy/monitor-policy.ts';
import type {TrainingProfile} from '../profiles/training-profile.ts';
import {type Span, windowOf} from './calendar.ts';
import {type RowSample, RowSampler} from './row-sample.ts';
import {type FeatureVector, type RequestValues, WindowBins} from './window-bins.ts';
import {WindowCounts} from './window-counts.ts';

/** All that is kept of a window: what reports are made from. */
export type ClosedWindow = Span & {
  /** What it was counted with. */
  readonly profile: TrainingProfile;
  readonly counts: WindowCounts;
  /** Of the rows that the profile's version answered. */
  readonly sample: RowSample;
};

export type WindowMonitorOptions = {
  /** Where the first window begins (UTC ms); it ends where the calendar of the policy says. */
  readonly from: number;
  /** The clock (UTC ms). Without it predictions may be stamped with any time. */
  readonly now?: () => number;
};

/** So many windows without anything close one by one; what is left of a longer silence is one window. */
const MOST_SILENT = 400;

/**
 * A window closes when the clock reaches its end, by `advanceTo` or by an observation after it; windows in which nothing
 * happened close too, so that silence is seen. Memory is that of one window's counts, whatever the traffic.
 *
 * A prediction stamped before the open window (a race at the border, a clock that is slow) or after the clock's own time (a clock that is
 * fast) is counted in the open window, as displaced: no stamp closes windows that have not ended.
 */
export class WindowMonitor {
  readonly #policy: MonitorPolicy;
  readonly #now: () => number;
  #profile: TrainingProfile;
  #next: TrainingProfile | null = null;
  #bins: WindowBins;
  #counts: WindowCounts;
  #sampler: RowSampler;
  #from: number;
  #to: number;
  #closed: ClosedWindow[] = [];

  constructor(profile: TrainingProfile, policy: MonitorPolicy, {from, now}: WindowMonitorOptions) {
    this.#policy = policy;
    this.#now = now ?? (() => Number.POSITIVE_INFINITY);
    this.#profile = profile;
    this.#from = from;
    this.#to = windowOf(from, policy).to;
    this.#bins = new WindowBins(profile);
    this.#counts = new WindowCounts(this.#bins, policy.slices);
    this.#sampler = this.#samplerOf(profile);
  }

  /** The profile of the open window: vectors are given in the order of its features. */
  get profile(): TrainingProfile {
    return this.#profile;
  }

  /** The open window. */
  get span(): Span {
    return {from: this.#from, to: this.#to};
  }

  /** Where it ends. */
  get to(): number {
    return this.#to;
  }

  /** One served prediction. `at` is its query time (UTC ms), `features` in the order of `profile.features`. */
  observe(
    features: FeatureVector,
    prediction: number,
    version: number,
    latencyUs: number,
    at: number,
    request: RequestValues | null = null,
  ): void {
    if (at >= this.#to || at < this.#from) this.#place(at);
    this.#counts.add(features, prediction, version, latencyUs, request);
    if (version === this.#profile.version) this.#sampler.offer(features, prediction);
  }

  /** Requests that could not be answered. */
  observeError(at: number, count = 1): void {
    if (at >= this.#to) this.#closeUntil(Math.min(at, this.#now()));
    this.#counts.errors += count;
  }

  /** Closes the windows that end at or before `now`, and hands over all that closed since the last call, oldest first. */
  advanceTo(now: number): ClosedWindow[] {
    if (now >= this.#to) this.#closeUntil(now);
    const closed = this.#closed;
    this.#closed = [];
    return closed;
  }

  /** The open window as it would stand if it closed now; its counts go on counting. */
  preview(): ClosedWindow {
    return {...this.span, profile: this.#profile, counts: this.#counts, sample: this.#sampler.sample()};
  }

  /** Compare with another version's training data from the next window on, such as a new champion's. */
  compareWith(profile: TrainingProfile): void {
    this.#next = profile;
  }

  /** Opens the window of a prediction that is not stamped with a time in the open one, if that may be. */
  #place(at: number): void {
    if (at >= this.#to) this.#closeUntil(Math.min(at, this.#now()));
    if (at >= this.#to || at < this.#from) this.#counts.displaced++;
  }

  #closeUntil(now: number): void {
    for (let silent = 0; now >= this.#to; silent++) {
      if (silent === MOST_SILENT) this.#to = Math.max(this.#to, windowOf(now, this.#policy).from);
      this.#closed.push(this.preview());
      if (this.#next) {
        this.#profile = this.#next;
        this.#bins = new WindowBins(this.#profile);
      }
      this.#next = null;
      this.#counts = new WindowCounts(this.#bins, this.#policy.slices);
      this.#from = this.#to;
      this.#to = windowOf(this.#to, this.#policy).to;
      this.#sampler = this.#samplerOf(this.#profile);
    }
  }

  /** The same rows are drawn from a window that is counted again after a restart. */
  #samplerOf({model, features}: TrainingProfile): RowSampler {
    return new RowSampler(features, seededRandom(hash53(`${model}@${this.#from}`)));
  }
}
