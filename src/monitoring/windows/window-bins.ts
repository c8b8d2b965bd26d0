/** Where each value of a served prediction lies among the bins of a training profile. A measured hot path: its loops are plainer than they are short. */

import type {BinCounts} from '../drift/cells.ts';
import type {CategoricalProfile, TrainingProfile} from '../profiles/training-profile.ts';

/**
 * One feature vector in the order of `profile.features`; NaN or null where a value is missing. Categories
 * are codes (of the profile's encoding) or texts.
 */
export type FeatureVector = Float64Array | readonly (number | string | null)[];

/** Fields of a request by name, as they came; what is missing or null is counted as null. */
export type RequestValues = Readonly<Record<string, unknown>>;

/** Counts over the bins of a profile: of features, predictions and inputs, in its order. */
export type Tallies = {
  readonly features: readonly BinCounts[];
  readonly prediction: BinCounts;
  readonly inputs: readonly BinCounts[];
};

/** Where the bins of one distribution lie in the flat arrays. */
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

/** A vector is binned by a search of fixed length in a flat array of edges. */
export class WindowBins {
  /** Counts that a block of them holds. */
  readonly size: number;
  /** Lanes: features, the prediction, inputs. */
  readonly lanes: number;
  readonly #lanes: readonly Lane[];
  readonly #edges: Float64Array;
  readonly #features: number;
  readonly #inputs: readonly string[];
  readonly #names: readonly string[];

  constructor({features, prediction, inputs = []}: Pick<TrainingProfile, 'features' | 'prediction' | 'inputs'>) {
    const edges: number[] = [];
    let at = 0;
    const lane = (source: LaneSource): Lane => {
      const width = source.counts.length + 1;
      const edgesAt = source.kind === 'numeric' ? edges.length : -1;
      const stride = source.kind === 'numeric' ? 2 ** Math.ceil(Math.log2(source.edges.length + 1)) : 0;
      if (source.kind === 'numeric') for (let k = 0; k < stride; k++) edges.push(source.edges[k] ?? Number.NaN);
      const place = {at, width, edgesAt, stride, ...categoryBins(source)};
      at += width;
      return place;
    };
    this.#lanes = [...features, {kind: 'numeric' as const, ...prediction}, ...inputs].map(lane);
    this.#edges = Float64Array.from(edges);
    this.#features = features.length;
    this.#inputs = inputs.map(({name}) => name);
    this.#names = [...features.map(({name}) => name), '', ...this.#inputs];
    this.lanes = this.#lanes.length;
    this.size = at;
  }

  /** Writes for each lane the place of its count in a block. */
  place(features: FeatureVector, prediction: number, request: RequestValues | null, out: Uint32Array): void {
    const count = this.#features;
    for (let f = 0; f < count; f++) out[f] = this.#placeOf(this.#lanes[f]!, features[f]!);
    out[count] = this.#placeOf(this.#lanes[count]!, prediction);
    for (let i = 0; i < this.#inputs.length; i++) {
      const value = request === null ? null : request[this.#inputs[i]!];
      const known = typeof value === 'number' || typeof value === 'string' ? value : textOf(value);
      out[count + 1 + i] = this.#placeOf(this.#lanes[count + 1 + i]!, known);
    }
  }

  #placeOf(lane: Lane, value: number | string | null): number {
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
    } else if (value !== null && value !== undefined) {
      // A text where numbers are expected is no value; a category that is not known is `other`.
      if (lane.edgesAt < 0) bin = lane.binOfText.get(value) ?? bin - 1;
    }
    return lane.at + bin;
  }

  /** The lane of a feature or an input by its name; -1 where there is none. */
  laneOf(name: string): number {
    return this.#names.indexOf(name);
  }

  /** The bin of a lane that a place lies in; that of nulls is the last of `binsOf`. */
  binAt(lane: number, place: number): number {
    return place - this.#lanes[lane]!.at;
  }

  /** Bins of a lane, nulls included. */
  binsOf(lane: number): number {
    return this.#lanes[lane]!.width;
  }

  /** What a block holds. */
  read(block: Uint32Array): Tallies {
    const lanes = this.#lanes.map(({at, width}) => ({
      counts: [...block.subarray(at, at + width - 1)],
      nulls: block[at + width - 1]!,
    }));
    const f = this.#features;
    return {features: lanes.slice(0, f), prediction: lanes[f]!, inputs: lanes.slice(f + 1)};
  }
}

const textOf = (value: unknown): string | null => (value === null || value === undefined ? null : String(value));

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
