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
