/** Values in ascending order with the rows up to and including each: a distribution, as a quantile sketch knows it. */
export class WeightedValues {
  /** Ascending; equal values may stand several times. */
  readonly values: Float64Array;
  /** Rows at or below each value; the last is all rows. */
  readonly cumulative: Float64Array;

  /** Values in any order and the weight of each. */
  constructor(values: Float64Array, weights: Float64Array) {
    const order = Uint32Array.from(values.keys()).sort((a, b) => values[a]! - values[b]!);
    this.values = new Float64Array(values.length);
    this.cumulative = new Float64Array(values.length);
    let rows = 0;
    order.forEach((from, to) => {
      rows += weights[from]!;
      this.values[to] = values[from]!;
      this.cumulative[to] = rows;
    });
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
