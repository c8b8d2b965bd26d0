/** Ascending values that stand for `weight` rows each. */
export type WeightedRun = {readonly values: Float64Array; readonly weight: number};

/** Values in ascending order with the rows up to and including each: a distribution, as a quantile sketch knows it. */
export class WeightedValues {
  /** Ascending; equal values may stand several times. */
  readonly values: Float64Array;
  /** Rows at or below each value; the last is all rows. */
  readonly cumulative: Float64Array;

  /** Merges runs of ascending values, the short ones best first. */
  constructor(runs: Iterable<WeightedRun>) {
    let [values, weights]: [Float64Array, Float64Array] = [new Float64Array(0), new Float64Array(0)];
    for (const run of runs) [values, weights] = merged(values, weights, run);
    for (let i = 1; i < weights.length; i++) weights[i]! += weights[i - 1]!;
    this.values = values;
    this.cumulative = weights;
  }

  get rows(): number {
    return this.cumulative.at(-1) ?? 0;
  }

  /** Rows at or below `x`. */
  atMost(x: number): number {
    return this.#before(this.#first(value => value > x));
  }

  /** Rows below `x`. */
  below(x: number): number {
    return this.#before(this.#first(value => value >= x));
  }

  /** The smallest value that at least the share `p` of rows does not exceed; NaN without rows. */
  quantile(p: number): number {
    if (!(p >= 0 && p <= 1)) throw new RangeError(`a quantile must be between 0 and 1, got ${p}`);
    const wanted = p * this.rows;
    let low = 0;
    let high = this.values.length - 1;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (this.cumulative[middle]! >= wanted) high = middle;
      else low = middle + 1;
    }
    return this.values[low] ?? Number.NaN;
  }

  #before(place: number): number {
    return place === 0 ? 0 : this.cumulative[place - 1]!;
  }

  #first(passes: (value: number) => boolean): number {
    let low = 0;
    let high = this.values.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (passes(this.values[middle]!)) high = middle;
      else low = middle + 1;
    }
    return low;
  }
}

function merged(values: Float64Array, weights: Float64Array, run: WeightedRun): [Float64Array, Float64Array] {
  const length = values.length + run.values.length;
  const [allValues, allWeights] = [new Float64Array(length), new Float64Array(length)];
  for (let to = 0, i = 0, j = 0; to < length; to++) {
    const own = i < values.length && (j === run.values.length || values[i]! <= run.values[j]!);
    allValues[to] = own ? values[i]! : run.values[j]!;
    allWeights[to] = own ? weights[i]! : run.weight;
    if (own) i++;
    else j++;
  }
  return [allValues, allWeights];
}
