/**
 * The counts of one open window, by version and by slice: everything that is kept of a prediction, apart from a sample of
 * rows. Memory is bounded whatever the traffic: a block of some kilobytes for each version, and for each value of a slice.
 * A measured hot path.
 */

import {LatencyHistogram} from './latency-histogram.ts';
import type {FeatureVector, RequestValues, WindowBins} from './window-bins.ts';

/** What is counted of the predictions of one version. */
export type VersionCounts = {
  readonly version: number;
  predictions: number;
  predictionSum: number;
  readonly latency: LatencyHistogram;
  readonly block: Uint32Array;
};

/** What is counted of one value of a slice; `bin` is its bin among those of the feature, the last one of missing values. */
export type SliceCounts = {
  readonly bin: number;
  predictions: number;
  predictionSum: number;
  readonly block: Uint32Array;
};

/** One feature or input by whose values traffic is told apart. */
export type SliceLane = {readonly name: string; readonly lane: number; readonly values: (SliceCounts | undefined)[]};

export class WindowCounts {
  errors = 0;
  /** Predictions counted here though they were stamped for another window. */
  displaced = 0;
  readonly bins: WindowBins;
  readonly slices: readonly SliceLane[];
  readonly #places: Uint32Array;
  readonly #versions: VersionCounts[] = [];
  #current: VersionCounts | null = null;

  /** `slices`: names of features or inputs; those that the profile has none of are left out. */
  constructor(bins: WindowBins, slices: readonly string[] = []) {
    this.bins = bins;
    this.#places = new Uint32Array(bins.lanes);
    this.slices = slices.flatMap(name => {
      const lane = bins.laneOf(name);
      return lane < 0 ? [] : [{name, lane, values: new Array(bins.binsOf(lane)).fill(undefined)}];
    });
  }

  add(
    features: FeatureVector,
    prediction: number,
    version: number,
    latencyUs: number,
    request: RequestValues | null = null,
  ): void {
    const places = this.#places;
    this.bins.place(features, prediction, request, places);
    const counts = this.#current?.version === version ? this.#current : this.#of(version);
    const {block} = counts;
    for (let l = 0; l < places.length; l++) block[places[l]!]!++;
    counts.predictions++;
    counts.predictionSum += prediction;
    counts.latency.record(latencyUs);
    for (const slice of this.slices) this.#addTo(slice, prediction);
  }

  #addTo({lane, values}: SliceLane, prediction: number): void {
    const places = this.#places;
    const bin = this.bins.binAt(lane, places[lane]!);
    const counts = values[bin] ?? {bin, predictions: 0, predictionSum: 0, block: new Uint32Array(this.bins.size)};
    values[bin] = counts;
    const {block} = counts;
    for (let l = 0; l < places.length; l++) block[places[l]!]!++;
    counts.predictions++;
    counts.predictionSum += prediction;
  }

  #of(version: number): VersionCounts {
    let counts = this.#versions.find(known => known.version === version);
    if (!counts) {
      const block = new Uint32Array(this.bins.size);
      counts = {version, predictions: 0, predictionSum: 0, latency: new LatencyHistogram(), block};
      this.#versions.push(counts);
      this.#versions.sort((a, b) => a.version - b.version);
    }
    this.#current = counts;
    return counts;
  }

  /** Of each version that answered, in ascending order. */
  get versions(): readonly VersionCounts[] {
    return this.#versions;
  }

  get predictions(): number {
    return this.#versions.reduce((sum, {predictions}) => sum + predictions, 0);
  }

  get predictionSum(): number {
    return this.#versions.reduce((sum, {predictionSum}) => sum + predictionSum, 0);
  }

  /** Of all versions together. */
  get latency(): LatencyHistogram {
    const all = new LatencyHistogram();
    for (const {latency} of this.#versions) all.add(latency);
    return all;
  }

  /** The sum over all versions. */
  get block(): Uint32Array {
    const all = new Uint32Array(this.bins.size);
    for (const {block} of this.#versions) for (let i = 0; i < block.length; i++) all[i]! += block[i]!;
    return all;
  }
}
