/** The newest entries by key, at most `size` of them; the one that was set longest ago goes first. */
export class RecentMap<V> {
  readonly #entries = new Map<string, V>();
  readonly #size: number;
  /**
   * Stands behind the last key that went. Entries are kept in the order in which they were set, so what it meets next is
   * the oldest; a new iterator for each would walk over all that went before it.
   */
  #oldest = this.#entries.keys();

  constructor(size: number) {
    this.#size = size;
  }

  get count(): number {
    return this.#entries.size;
  }

  get(key: string): V | undefined {
    return this.#entries.get(key);
  }

  set(key: string, value: V): void {
    this.#entries.delete(key);
    this.#entries.set(key, value);
    if (this.#entries.size > this.#size) this.#entries.delete(this.#oldest.next().value!);
  }

  delete(key: string): void {
    this.#entries.delete(key);
  }

  clear(): void {
    this.#entries.clear();
    this.#oldest = this.#entries.keys();
  }
}
