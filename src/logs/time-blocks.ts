/** Which stretches of a log can hold rows of a time range: the range of times in each block of positions. */

const BLOCK = 16_384;

export class TimeBlocks {
  readonly #min: number[] = [];
  readonly #max: number[] = [];

  /** Adds the times of rows at `position` and after, or at `positions`; in any order of positions, each once or more. */
  add(position: number, times: Float64Array, positions?: Float64Array): void {
    for (let i = 0; i < times.length; i++) {
      const block = Math.floor((positions?.[i] ?? position + i) / BLOCK);
      while (this.#min.length <= block) {
        this.#min.push(Number.POSITIVE_INFINITY);
        this.#max.push(Number.NEGATIVE_INFINITY);
      }
      const time = times[i]!;
      if (time < this.#min[block]!) this.#min[block] = time;
      if (time > this.#max[block]!) this.#max[block] = time;
    }
  }

  /** Stretches of positions [from, to) outside which no row has a time in [from, to), in order. */
  spans(from: number, to: number): {readonly from: number; readonly to: number}[] {
    const spans: {from: number; to: number}[] = [];
    for (let block = 0; block < this.#min.length; block++) {
      if (this.#max[block]! < from || this.#min[block]! >= to) continue;
      const last = spans.at(-1);
      if (last?.to === block * BLOCK) last.to += BLOCK;
      else spans.push({from: block * BLOCK, to: (block + 1) * BLOCK});
    }
    return spans;
  }
}
