/**
 * Takes weighted values and keeps one value for each `2^height` of weight, chosen in proportion to its share: a
 * reservoir of one that starts again when it is full. A value that does not fit counts as two, so that no weight is
 * lost. Draws come from a counter that is mixed (the finaliser of MurmurHash3): one word of state, which can be kept.
 */
export class Sampler {
  #height = 0;
  #most = 1;
  /** What the values since the last full one weigh, and the one of them that is kept; less than 2^height. */
  weight = 0;
  value = Number.NaN;
  state: number;
  readonly #full: (value: number) => void;

  /** `full` is called with each value that was chosen. */
  constructor(seed: number, full: (value: number) => void) {
    this.state = seed | 0;
    this.#full = full;
  }

  get height(): number {
    return this.#height;
  }

  set height(height: number) {
    this.#height = height;
    this.#most = 2 ** height;
  }

  /** A 32-bit word. */
  draw(): number {
    this.state = (this.state + 0x9e3779b9) | 0;
    let h = this.state;
    h = Math.imul(h ^ (h >>> 16), 0x85ebca6b);
    h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
    return (h ^ (h >>> 16)) >>> 0;
  }

  offer(value: number, weight: number): void {
    const most = this.#most;
    for (let left = weight; left > 0; ) {
      const taken = Math.min(left, most - this.weight);
      this.weight += taken;
      left -= taken;
      if (this.draw() * this.weight < taken * 0x100000000) this.value = value;
      if (this.weight < most) return;
      this.weight = 0;
      this.#full(this.value);
    }
  }
}
