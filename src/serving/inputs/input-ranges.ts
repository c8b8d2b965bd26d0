/**
 * What training saw of each input: the range of a number, the categories of a category. An input outside it is
 * extrapolated from, which trees cannot do at all and linear models do without bound.
 */
import type {FeatureSpec} from '../../models/index.ts';

/** Smallest and largest value of a numeric input in training, by name; an input without any is not judged. */
export type TrainedRanges = ReadonlyMap<string, {readonly min: number; readonly max: number}>;

const NONE: readonly string[] = Object.freeze([]);

export class InputRanges {
  readonly #names: readonly string[];
  readonly #low: Float64Array;
  readonly #high: Float64Array;
  readonly #categorical: Uint8Array;

  /** `margin`: ranges are widened on both sides by this share of their width. */
  constructor(features: readonly FeatureSpec[], ranges: TrainedRanges, margin: number) {
    this.#names = features.map(({name}) => name);
    this.#low = new Float64Array(features.length).fill(Number.NEGATIVE_INFINITY);
    this.#high = new Float64Array(features.length).fill(Number.POSITIVE_INFINITY);
    this.#categorical = Uint8Array.from(features, ({kind}) => (kind === 'categorical' ? 1 : 0));
    features.forEach(({name, kind}, f) => {
      const range = kind === 'numeric' ? ranges.get(name) : undefined;
      if (!range) return;
      const wider = (range.max - range.min) * margin;
      this.#low[f] = range.min - wider;
      this.#high[f] = range.max + wider;
    });
  }

  /**
   * Names of the inputs outside. `given(f)`: whether the request had a value where the vector, whose categories are
   * codes, has NaN: such a category is one that training never saw.
   */
  outside(vector: Float64Array, given: (f: number) => boolean): readonly string[] {
    let names: string[] | null = null;
    for (let f = 0; f < vector.length; f++) {
      const x = vector[f]!;
      // biome-ignore lint/suspicious/noSelfCompare: the cheapest test for NaN
      const outside = x !== x ? this.#categorical[f] === 1 && given(f) : x < this.#low[f]! || x > this.#high[f]!;
      if (outside) {
        names ??= [];
        names.push(this.#names[f]!);
      }
    }
    return names ?? NONE;
  }

  /** Moves numbers outside to the nearest value that training saw, in place. */
  clip(vector: Float64Array): Float64Array {
    for (let f = 0; f < vector.length; f++) {
      const x = vector[f]!;
      if (x < this.#low[f]!) vector[f] = this.#low[f]!;
      else if (x > this.#high[f]!) vector[f] = this.#high[f]!;
    }
    return vector;
  }

  /** Whether `now` has moved materially from `before`: a number by more than `share` of its trained range, or any category. */
  moved(before: Float64Array, now: Float64Array, share: number): boolean {
    for (let f = 0; f < now.length; f++) {
      const a = before[f]!;
      const b = now[f]!;
      if (Object.is(a, b)) continue;
      if (this.#categorical[f] === 1 || Number.isNaN(a) || Number.isNaN(b)) return true;
      const width = this.#high[f]! - this.#low[f]!;
      if (!(Math.abs(a - b) <= share * width)) return true;
    }
    return false;
  }
}
