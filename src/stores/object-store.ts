/**
 * Artifacts and files by name: `models/late/3/model.onnx`. A name is one or more parts of letters,
 * digits, `.`, `_`, `-` and `=` separated by `/`; no part is `.` or `..` (else REQUEST_INVALID). Every
 * adapter passes `contract/object-store.ts`.
 */
export interface ObjectStore {
  /** Replaces the whole object atomically: a reader sees the old bytes or the new, never a mixture. */
  put(name: string, bytes: Uint8Array): Promise<void>;
  /** `undefined` if absent. */
  get(name: string): Promise<Uint8Array | undefined>;
  /** Names that start with `prefix`, sorted. */
  list(prefix?: string): Promise<string[]>;
  /** Removing what is absent is no error. */
  remove(name: string): Promise<void>;
}
