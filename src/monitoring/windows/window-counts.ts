/** The counts of one open window: everything that is kept of a prediction. Constant memory, no allocation per prediction. */

import type {CategoricalProfile, TrainingProfile} from '../profiles/training-profile.ts';
import {LatencyHistogram} from './latency-histogram.ts';

/**
 * One feature vector in the order of `profile.features`; NaN or null where a value is missing. Categories
 * are codes (of the profile's encoding) or texts.
 */
export type FeatureVector = Float64Array | readonly (number | string | null)[];

/** Where the bins of one feature lie in the flat arrays. */
type Lane = {
  /** First of `width` counts; the last of them counts nulls. */
  readonly at: number;
  readonly width: number;
  /** Numeric: first of `stride` edges, padded with NaN, which no value reaches; -1 for categories. */
  readonly edgesAt: number;
  readonly stride: number;
  readonly binOfCode: Uint16Array;
  readonly binOfText: ReadonlyMap<string, number>;
};

/**
 * A vector is binned by a search of fixed length in a flat array of edges. This file is a measured hot
 * path: its loops are plainer than they are short.
 */
export class WindowCounts {
  predictions = 0;
  errors = 0;
  predictionSum = 0;
  readonly latency = new LatencyHistogram();
  readonly #versions: number[] = [];
  readonly #versionCounts: number[] = [];
  readonly #lanes: readonly Lane[];
  readonly #edges: Float64Array;
  readonly #counts: Uint32Array;

  constructor(profile: TrainingProfile) {
    const edges: number[] = [];
    let at = 0;
    const lane = (feature: LaneSource): Lane => {
      const width = feature.counts.length + 1;
      const edgesAt = feature.kind === 'numeric' ? edges.length : -1;
      const stride = feature.kind === 'numeric' ? 2 ** Math.ceil(Math.log2(feature.edges.length + 1)) : 0;
      if (feature.kind === 'numeric') for (let k = 0; k < stride; k++) edges.push(feature.edges[k] ?? Number.NaN);
      const place = {at, width, edgesAt, stride, ...categoryBins(feature)};
      at += width;
      return place;
    };
    // The prediction is one more numeric lane, the last one.
    this.#lanes = [...profile.features, {kind: 'numeric' as const, ...profile.prediction}].map(lane);
    this.#edges = Float64Array.from(edges);
    this.#counts = new Uint32Array(at);
  }

  add(features: FeatureVector, prediction: number, version: number, latencyUs: number): void {
    const lanes = this.#lanes;
    const last = lanes.length - 1;
    for (let f = 0; f < last; f++) this.#count(lanes[f]!, features[f]!);
    this.#count(lanes[last]!, prediction);
    this.predictions++;
    this.predictionSum += prediction;
    this.latency.record(latencyUs);
    let v = 0;
    while (v < this.#versions.length && this.#versions[v] !== version) v++;
    if (v === this.#versions.length) {
      this.#versions.push(version);
      this.#versionCounts.push(0);
    }
    this.#versionCounts[v]!++;
  }

  #count(lane: Lane, value: number | string | null): void {
    let bin = lane.width - 1;
    if (typeof value === 'number') {
      if (lane.edgesAt < 0) {
        if (!Number.isNaN(value)) bin = lane.binOfCode[value] ?? bin - 1;
      } else if (!Number.isNaN(value)) {
        const edges = this.#edges;
        let edge = lane.edgesAt;
        for (let step = lane.stride >>> 1; step > 0; step >>>= 1) if (value >= edges[edge + step - 1]!) edge += step;
        bin = edge - lane.edgesAt;
      }
    } else if (value !== null && value !== undefined) bin = lane.binOfText.get(value) ?? bin - 1;
    this.#counts[lane.at + bin]!++;
  }

  /** Counts over the bins of feature `f` of the profile, and its nulls; `f` one past the features is the prediction. */
  of(f: number): {counts: number[]; nulls: number} {
    const {at, width} = this.#lanes[f]!;
    return {counts: [...this.#counts.subarray(at, at + width - 1)], nulls: this.#counts[at + width - 1]!};
  }

  get byVersion(): {version: number; predictions: number}[] {
    return this.#versions
      .map((version, v) => ({version, predictions: this.#versionCounts[v]!}))
      .sort((a, b) => a.version - b.version);
  }

  /** Plain JSON. */
  snapshot(): WindowCountsState {
    return {
      predictions: this.predictions,
      errors: this.errors,
      predictionSum: this.predictionSum,
      latency: [...this.latency.counts],
      versions: this.byVersion,
      counts: [...this.#counts],
    };
  }

  /** Continues from a snapshot that was taken with the same profile. */
  restore(state: WindowCountsState): void {
    if (state.counts.length !== this.#counts.length)
      throw new TypeError('A window can only be restored with the profile that it was counted with.');
    this.predictions = state.predictions;
    this.errors = state.errors;
    this.predictionSum = state.predictionSum;
    this.latency.counts.set(state.latency);
    this.#counts.set(state.counts);
    this.#versions.splice(0, this.#versions.length, ...state.versions.map(({version}) => version));
    this.#versionCounts.splice(0, this.#versionCounts.length, ...state.versions.map(({predictions}) => predictions));
  }
}

export type WindowCountsState = {
  readonly predictions: number;
  readonly errors: number;
  readonly predictionSum: number;
  readonly latency: readonly number[];
  readonly versions: readonly {readonly version: number; readonly predictions: number}[];
  readonly counts: readonly number[];
};

type LaneSource =
  | {readonly kind: 'numeric'; readonly edges: readonly number[]; readonly counts: readonly number[]}
  | CategoricalProfile;

/** Codes and texts that are not among the top categories go to `other`, the last bin. */
function categoryBins(feature: LaneSource): Pick<Lane, 'binOfCode' | 'binOfText'> {
  if (feature.kind === 'numeric') return {binOfCode: new Uint16Array(0), binOfText: new Map()};
  const other = feature.categories.length - 1;
  const binOfCode = new Uint16Array(Math.max(-1, ...feature.codes) + 1).fill(other);
  feature.codes.forEach((code, bin) => {
    binOfCode[code] = bin;
  });
  return {binOfCode, binOfText: new Map(feature.categories.slice(0, -1).map((text, bin) => [text, bin]))};
}
