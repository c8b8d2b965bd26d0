/**
 * The latest state per key, as bytes. Keys are strings of 1 to 1,900 bytes of UTF-8 (else REQUEST_INVALID),
 * compared byte by byte. Every adapter passes `contract/online-store.ts`.
 */
export interface OnlineStore {
  /** Values in the order of `keys`; `undefined` where a key is absent. The bytes are the caller's own. */
  getMany(keys: readonly string[]): Promise<(Uint8Array | undefined)[]>;
  /** Writes all entries or none; `undefined` removes a key. Resolves when it would survive kill -9. */
  putMany(entries: readonly (readonly [key: string, value: Uint8Array | undefined])[]): Promise<void>;
  /** All entries whose key starts with `prefix`, in the order of the keys. What is written meanwhile may be missing. */
  scan(prefix: string): AsyncIterable<readonly [key: string, value: Uint8Array]>;
  close(): Promise<void>;
}

/** An online store in this process, which answers at once. Every adapter passes `contract/local-store.ts` too. */
export interface LocalStore extends OnlineStore {
  /**
   * The value of a key, as of the last write that has resolved or a later one. The bytes are the store's: they hold
   * until the next call, so copy what is kept.
   */
  get(key: string): Uint8Array | undefined;
}
