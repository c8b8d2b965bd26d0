import type {JsonValue} from '../protocol/index.ts';

/** A record of some kind: a run, a version, a plan, an alert. Rooms give it its type. */
export type MetadataRecord = {
  readonly kind: string;
  readonly id: string;
  /** 1 when first written, one more at each write. */
  readonly revision: number;
  /** Time of the record as its room gave it (UTC ms): lists are ordered by it, then by id. */
  readonly at: number;
  readonly value: JsonValue;
};

export type MetadataWrite = {
  readonly kind: string;
  readonly id: string;
  readonly at: number;
  readonly value: JsonValue;
  /** Refuse with STORE_CONFLICT unless the stored revision is this one; 0 means "must not exist". */
  readonly expected?: number;
};

export type MetadataQuery = {
  /** Bounds on `at`: [from, to). */
  readonly from?: number;
  readonly to?: number;
  readonly order?: 'oldest' | 'newest';
  /** 1,000 unless told otherwise. */
  readonly limit?: number;
  /** Only ids that start with this. */
  readonly idPrefix?: string;
};

/** Small records that must never be lost or half-written. Every adapter passes `contract/metadata-store.ts`. */
export interface MetadataStore {
  get(kind: string, id: string): Promise<MetadataRecord | undefined>;
  list(kind: string, query?: MetadataQuery): Promise<MetadataRecord[]>;
  /** All writes or none; resolves when they would survive kill -9. Returns the new revisions, in order. */
  write(writes: readonly MetadataWrite[]): Promise<number[]>;
  /**
   * Removes the oldest records of a kind whose time lies before `before` (UTC ms), at most `limit` (1,000 unless told), in
   * one write. Returns how many: where that is the limit there may be more.
   */
  remove(kind: string, query: {readonly before: number; readonly limit?: number}): Promise<number>;
  close(): Promise<void>;
}
