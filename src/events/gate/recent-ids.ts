/**
 * The ids seen of late, so that a redelivered event is known. Two generations of one Set each: when arrival
 * time has moved on by the horizon, the older one is dropped. An id is therefore remembered for at least one
 * horizon, and memory is bounded by the ids that arrive in two.
 *
 * Progress is measured by arrival time: a client's event times may lie years ahead or behind, and one such
 * event must not make the gate forget.
 */
export class RecentIds {
  readonly #horizonMs: number;
  #since = Number.NaN;
  #current = new Set<string>();
  #previous = new Set<string>();
  #currentFrom = 0;
  #previousFrom = 0;

  constructor(horizonMs: number) {
    this.#horizonMs = horizonMs;
  }

  /** Log position before which no remembered id lies: where a rebuild starts to read. */
  get from(): number {
    return this.#previousFrom;
  }

  /** Moves on to an arrival time; ids added from now on lie at `position` of the log or after it. */
  advance(arrival: number, position: number): void {
    if (arrival < this.#since + this.#horizonMs) {
      // Time went back: a replay of older history, or the newest generation began at a time far ahead.
      if (arrival < this.#since - this.#horizonMs) this.#since = arrival;
      return;
    }
    this.#previous = this.#current;
    this.#previousFrom = Number.isNaN(this.#since) ? position : this.#currentFrom;
    this.#current = new Set();
    this.#currentFrom = position;
    this.#since = arrival;
  }

  /** Remembers an id; false if it was known. */
  add(id: string): boolean {
    if (this.#previous.has(id)) return false;
    const before = this.#current.size;
    return this.#current.add(id).size > before;
  }

  /** The same ids, for a rehearsal. */
  copy(): RecentIds {
    const copy = new RecentIds(this.#horizonMs);
    copy.#since = this.#since;
    copy.#current = new Set(this.#current);
    copy.#previous = new Set(this.#previous);
    return copy;
  }

  /** Takes ids back whose events did not get into the log. */
  remove(ids: readonly string[]): void {
    for (const id of ids) {
      this.#current.delete(id);
      this.#previous.delete(id);
    }
  }
}
