import type {Quarantine} from '../../events/index.ts';

/** Waiting rows by stream and check. */
export type WaitingCounts = ReadonlyMap<string, ReadonlyMap<string, number>>;

/** Counts what waits in a quarantine, and after the first time reads only what was added. */
export class QuarantineCounts {
  readonly #quarantine: Quarantine;
  #counts = new Map<string, Map<string, number>>();
  #to = 0;
  #reading: Promise<void> = Promise.resolve();

  constructor(quarantine: Quarantine) {
    this.#quarantine = quarantine;
  }

  async read(): Promise<WaitingCounts> {
    this.#reading = this.#reading.then(() => this.#readOn());
    await this.#reading;
    return this.#counts;
  }

  /** Counts from the beginning: rows that waited were replayed, discarded or erased. */
  recount(): void {
    this.#counts = new Map();
    this.#to = 0;
  }

  async #readOn(): Promise<void> {
    const end = this.#quarantine.end();
    const from = this.#to;
    if (from === end) return;
    const counts = this.#counts;
    this.#to = end;
    for await (const {stream, check, offset} of this.#quarantine.read({from})) {
      if (offset >= end) break;
      const of = counts.get(stream) ?? new Map<string, number>();
      of.set(check, (of.get(check) ?? 0) + 1);
      counts.set(stream, of);
    }
  }
}
