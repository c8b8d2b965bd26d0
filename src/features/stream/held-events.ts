/** An event that was read before its arrival time: the state must not show it yet. */
export type HeldEvent = {
  /** Key of the view. */
  readonly view: string;
  readonly key: string;
  readonly time: number;
  readonly arrival: number;
  readonly id: string;
  readonly inputs: Float64Array;
};

/** Held events in order of arrival; those of the same arrival in the order in which they came. */
export class HeldEvents {
  readonly #events: HeldEvent[] = [];
  #head = 0;

  get size(): number {
    return this.#events.length - this.#head;
  }

  all(): readonly HeldEvent[] {
    return this.#events.slice(this.#head);
  }

  add(event: HeldEvent): void {
    let at = this.#events.length;
    while (at > this.#head && this.#events[at - 1]!.arrival > event.arrival) at--;
    this.#events.splice(at, 0, event);
  }

  /** Takes out all that have arrived by `clock`. */
  releaseUntil(clock: number, take: (event: HeldEvent) => void): void {
    while (this.#head < this.#events.length && this.#events[this.#head]!.arrival <= clock)
      take(this.#events[this.#head++]!);
    if (this.#head > 1_000 && this.#head * 2 > this.#events.length) {
      this.#events.splice(0, this.#head);
      this.#head = 0;
    }
  }
}
