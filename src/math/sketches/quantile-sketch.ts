import {Sampler} from './sampler.ts';
import {SketchReader, SketchWriter} from './sketch-bytes.ts';
import {WeightedValues} from './weighted-values.ts';

/** Levels that would be smaller are left to the sampler. */
const LEAST_CAPACITY = 8;
/** Capacity of a level by that of the level above it. */
const SHRINK = 2 / 3;

/** Values that stand for 2^h rows each. */
type Level = {items: Float64Array; size: number};

/**
 * Quantiles of a stream of any length in about 3 k numbers, mergeable: KLL (Karnin, Lang and Liberty, "Optimal quantile
 * approximation in streams", 2016) with lazy compaction (Ivkin et al., "Streaming quantiles algorithms with small space
 * and update time", 2019), and below its smallest level the sampler of the paper's section 4.
 *
 * With k = 200 a rank is within 1 % of the rows 99 times of 100, and all ranks at once within 1.33 %, whatever the order
 * of the values; the error falls like 1/k. The first k values are exact. When the sketch is full, a level is sorted and every second value of it, from
 * the first or the second by a coin, moves up and weighs double. Coins come from the seed: the same calls give the same
 * bytes.
 */
export class QuantileSketch {
  readonly k: number;
  #count = 0;
  #min = Number.POSITIVE_INFINITY;
  #max = Number.NEGATIVE_INFINITY;
  /** Thins out what comes in once the lowest level weighs more than one row. */
  readonly #sampler: Sampler;
  /** From 2^(height of the sampler) rows up. The first is in no order, the others ascend. */
  #levels: Level[] = [];
  #capacities: number[] = [];
  #held = 0;
  #room = 0;
  #sorted: WeightedValues | null = null;

  constructor(k = 200, seed = 1) {
    if (!(Number.isInteger(k) && k >= LEAST_CAPACITY && k <= 65_535))
      throw new RangeError(`k must be a whole number from ${LEAST_CAPACITY} to 65535, got ${k}`);
    this.k = k;
    this.#sampler = new Sampler(seed, value => this.#push(value));
    this.#grow();
  }

  /** Rows. */
  get count(): number {
    return this.#count;
  }

  /** Exact; NaN without rows, as `max`. */
  get min(): number {
    return this.#count === 0 ? Number.NaN : this.#min;
  }

  get max(): number {
    return this.#count === 0 ? Number.NaN : this.#max;
  }

  /** A sketch tells as much of a rank as a random sample of so many rows would, or as the rows themselves if they are fewer. */
  get effectiveRows(): number {
    // A rank in the middle of n rows of a sample deviates by 1 / (2 sqrt(n)) of them, here by 0.7 / k (measured).
    return this.#levels.length === 1 ? this.#count : 1 / (1 / this.#count + (1.4 / this.k) ** 2);
  }

  /** NaN is left out. */
  add(value: number): void {
    if (Number.isNaN(value)) return;
    this.#sorted = null;
    this.#count++;
    if (value < this.#min) this.#min = value;
    if (value > this.#max) this.#max = value;
    this.#offer(value, 1);
  }

  /** A whole column, NaN left out: several times faster than one by one. */
  addAll(column: Float64Array): void {
    let [min, max, nans] = [this.#min, this.#max, 0];
    for (let i = 0; i < column.length; i++) {
      const value = column[i]!;
      if (value < min) min = value;
      if (value > max) max = value;
      if (Number.isNaN(value)) nans++;
    }
    const values = nans === 0 ? column : column.filter(value => !Number.isNaN(value));
    [this.#min, this.#max, this.#sorted] = [min, max, null];
    this.#count += values.length;
    for (let i = 0; i < values.length; )
      i = this.#sampler.height === 0 ? this.#copy(values, i) : this.#sample(values, i);
  }

  /** Takes in what another sketch holds, which stays as it is. Their k may differ: the error is that of the smaller one. */
  merge(other: QuantileSketch): void {
    this.#sorted = null;
    this.#count += other.#count;
    this.#min = Math.min(this.#min, other.#min);
    this.#max = Math.max(this.#max, other.#max);
    const top = other.#sampler.height + other.#levels.length;
    while (this.#sampler.height + this.#levels.length < top) this.#grow();
    other.#levels.forEach(({items, size}, i) => {
      const values = items.slice(0, size);
      if (i === 0) values.sort();
      this.#take(values, other.#sampler.height + i);
    });
    // What waits in the other sampler weighs less than one value of its lowest level: a sum of powers of two.
    for (let h = 0, weight = other.#sampler.weight; weight > 0; h++, weight = Math.floor(weight / 2))
      if (weight % 2 === 1) this.#take(Float64Array.of(other.#sampler.value), h);
    while (this.#held >= this.#room) this.#compress();
  }

  /** The distribution, in order: for several questions, or to compare two sketches. Kept until the next value. */
  sorted(): WeightedValues {
    if (this.#sorted) return this.#sorted;
    const {height, weight, value} = this.#sampler;
    const runs = this.#levels.map(({items, size}, i) => ({values: items.slice(0, size), weight: 2 ** (height + i)}));
    runs[0]!.values.sort();
    if (weight > 0) runs.unshift({values: Float64Array.of(value), weight});
    this.#sorted = new WeightedValues(runs);
    return this.#sorted;
  }

  /** The value that the share `p` of rows does not exceed; exact for 0 and 1; NaN without rows. */
  quantile(p: number): number {
    return p === 0 ? this.min : p === 1 ? this.max : this.sorted().quantile(p);
  }

  /** Rows at or below `x`. */
  rank(x: number): number {
    return this.sorted().atMost(x);
  }

  /** Share of rows at or below `x`; NaN without rows. */
  cdf(x: number): number {
    return this.rank(x) / this.#count;
  }

  /** The whole state: what comes back goes on exactly as this one would. */
  toBytes(): Uint8Array {
    const {height, weight, value, state} = this.#sampler;
    const writer = new SketchWriter(48 + this.#levels.length * 2 + this.#held * 8);
    writer.word16(this.k);
    writer.byte(height);
    writer.byte(this.#levels.length);
    writer.word32(state);
    for (const double of [this.#count, this.#min, this.#max, weight, value]) writer.double(double);
    for (const {size} of this.#levels) writer.word16(size);
    for (const {items, size} of this.#levels) for (let i = 0; i < size; i++) writer.double(items[i]!);
    return writer.bytes;
  }

  static fromBytes(bytes: Uint8Array): QuantileSketch {
    const reader = new SketchReader(bytes, 'a quantile sketch');
    const sketch = new QuantileSketch(reader.word16());
    const sampler = sketch.#sampler;
    sampler.height = reader.byte();
    const levels = reader.byte();
    sampler.state = reader.word32() | 0;
    [sketch.#count, sketch.#min, sketch.#max] = [reader.double(), reader.double(), reader.double()];
    [sampler.weight, sampler.value] = [reader.double(), reader.double()];
    while (sketch.#levels.length < levels) sketch.#levels.push({items: new Float64Array(0), size: 0});
    sketch.#measure();
    for (const level of sketch.#levels) level.size = reader.word16();
    for (const level of sketch.#levels) {
      if (level.items.length < level.size) level.items = new Float64Array(level.size);
      for (let i = 0; i < level.size; i++) level.items[i] = reader.double();
      sketch.#held += level.size;
    }
    reader.end();
    return sketch;
  }

  /** Copies rows into the lowest level as far as there is room; returns the next row. */
  #copy(values: Float64Array, from: number): number {
    const base = this.#levels[0]!;
    const to = Math.min(values.length, from + this.#room - this.#held);
    base.items.set(values.subarray(from, to), base.size);
    base.size += to - from;
    this.#held += to - from;
    if (this.#held >= this.#room) this.#compress();
    return to;
  }

  /** One row of each 2^height; returns the next row. */
  #sample(values: Float64Array, from: number): number {
    const sampler = this.#sampler;
    const block = 2 ** sampler.height;
    if (sampler.weight > 0 || from + block > values.length) {
      this.#offer(values[from]!, 1);
      return from + 1;
    }
    const base = this.#levels[0]!;
    const shift = 32 - sampler.height;
    let i = from;
    for (; i + block <= values.length && this.#held < this.#room; i += block) {
      base.items[base.size++] = values[i + (sampler.draw() >>> shift)]!;
      this.#held++;
    }
    if (this.#held >= this.#room) this.#compress();
    return i;
  }

  #offer(value: number, weight: number): void {
    if (this.#sampler.height === 0) this.#push(value);
    else this.#sampler.offer(value, weight);
  }

  #push(value: number): void {
    const base = this.#levels[0]!;
    if (base.size === base.items.length) base.items = grown(base.items, base.size + 1);
    base.items[base.size++] = value;
    if (++this.#held >= this.#room) this.#compress();
  }

  /** Ascending values of 2^h rows each. */
  #take(values: Float64Array, h: number): void {
    const place = h - this.#sampler.height;
    if (place > 0) {
      mergeInto(this.#levels[place]!, values, 0, 1, values.length);
      this.#held += values.length;
    } else for (const value of values) this.#offer(value, 2 ** h);
  }

  /** Halves the lowest level that is full. */
  #compress(): void {
    const place = this.#levels.findIndex(({size}, i) => size >= this.#capacities[i]!);
    if (place === this.#levels.length - 1) {
      this.#grow();
      if (this.#held >= this.#room) this.#compress();
      return;
    }
    const level = this.#levels[place]!;
    if (place === 0) sort(level.items, level.size);
    // Of an odd number the first stays.
    const kept = level.size & 1;
    const moved = level.size >> 1;
    mergeInto(this.#levels[place + 1]!, level.items, kept + (this.#sampler.draw() >>> 31), 2, moved);
    level.size = kept;
    this.#held -= moved;
  }

  /** A new level on top; when there are enough, the sampler takes over the lowest. */
  #grow(): void {
    this.#levels.push({items: new Float64Array(0), size: 0});
    this.#measure();
    const next = this.k * SHRINK ** (this.#levels.length - 1);
    if (next >= LEAST_CAPACITY || this.#levels.length < 3) return;
    const {items, size} = this.#levels.shift()!;
    this.#held -= size;
    this.#measure();
    const weight = 2 ** this.#sampler.height++;
    for (let i = 0; i < size; i++) this.#offer(items[i]!, weight);
  }

  #measure(): void {
    const top = this.#levels.length - 1;
    this.#capacities = this.#levels.map((_, i) => Math.max(LEAST_CAPACITY, Math.ceil(this.k * SHRINK ** (top - i))));
    this.#room = this.#capacities.reduce((sum, capacity) => sum + capacity, 0);
    const base = this.#levels[0]!;
    base.items = grown(base.items, this.#room);
  }
}

/** Merges `count` ascending values, every `step`th from `from`, into a level. */
function mergeInto(level: Level, values: Float64Array, from: number, step: number, count: number): void {
  level.items = grown(level.items, level.size + count);
  const items = level.items;
  let own = level.size - 1;
  let other = from + (count - 1) * step;
  level.size += count;
  for (let to = level.size - 1; other >= from; to--)
    if (own >= 0 && items[own]! > values[other]!) items[to] = items[own--]!;
    else {
      items[to] = values[other]!;
      other -= step;
    }
}

/** The same values with room for `length`. */
function grown(items: Float64Array, length: number): Float64Array {
  if (items.length >= length) return items;
  const larger = new Float64Array(Math.max(length, items.length + (items.length >> 1)));
  larger.set(items);
  return larger;
}

/** In place: by insertion where few, since calling the engine's sort costs more. */
function sort(items: Float64Array, size: number): void {
  if (size > 40) {
    items.subarray(0, size).sort();
    return;
  }
  for (let i = 1; i < size; i++) {
    const value = items[i]!;
    let j = i - 1;
    for (; j >= 0 && items[j]! > value; j--) items[j + 1] = items[j]!;
    items[j + 1] = value;
  }
}
