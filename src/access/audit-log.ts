import {
  type AuditAction,
  type AuditEntry,
  type AuditPage,
  type Clock,
  type JsonValue,
  MillraceError,
} from '../protocol/index.ts';
import type {MetadataRecord, MetadataStore} from '../stores/index.ts';
import {withoutSecrets} from './key-token.ts';

export type AuditChange = {
  readonly who: string;
  readonly action: AuditAction;
  readonly what: string;
  readonly detail?: {readonly [name: string]: JsonValue};
};

export type AuditQuery = {
  /** 50 unless told, at most 1,000. */
  readonly limit?: number;
  /** Entries older than the one with this id. */
  readonly before?: string;
};

const KIND = 'audit';
const MOST = 1_000;

/** Every change, by whom and when: entries are added and never touched again. Secrets of keys never get in. */
export class AuditLog {
  readonly #metadata: MetadataStore;
  readonly #clock: Clock;
  readonly #newId: () => string;
  #count = 0;

  /** `newId`: a text that no other process gives. */
  constructor(metadata: MetadataStore, {clock, newId}: {clock: Clock; newId: () => string}) {
    this.#metadata = metadata;
    this.#clock = clock;
    this.#newId = newId;
  }

  /** Keeps a change that was made, or that failed. */
  async record(
    {who, action, what, detail = {}}: AuditChange,
    outcome: AuditEntry['outcome'] = 'done',
  ): Promise<AuditEntry> {
    // What one process records in one millisecond stays in its order.
    const id = `${String(this.#count++).padStart(9, '0')}-${this.#newId()}`;
    const at = Math.floor(this.#clock.now());
    const text = JSON.stringify({who, action, what, detail, outcome});
    const value = JSON.parse(withoutSecrets(text)) as Omit<AuditEntry, 'id' | 'at'>;
    await this.#metadata.write([{kind: KIND, id, at, value, expected: 0}]);
    return {id, at, ...value};
  }

  /** Makes the change and keeps what came of it. Throws what the change throws. `told`: details known only afterwards. */
  async during<T>(
    change: AuditChange,
    make: () => Promise<T>,
    told: (result: T) => AuditChange['detail'] = () => ({}),
  ): Promise<T> {
    let result: T;
    try {
      result = await make();
    } catch (error) {
      const why = error instanceof MillraceError ? error.code : 'INTERNAL';
      await this.record({...change, detail: {...change.detail, error: why}}, 'failed');
      throw error;
    }
    await this.record({...change, detail: {...change.detail, ...told(result)}});
    return result;
  }

  /** Newest first. Throws RECORD_NOT_FOUND for a `before` that is no entry. */
  async list({limit = 50, before}: AuditQuery = {}): Promise<AuditPage> {
    const wanted = Math.min(limit, MOST);
    const found = before === undefined ? await this.#newest(wanted + 1) : await this.#olderThan(before, wanted + 1);
    const entries = found.slice(0, wanted).map(entryOf);
    return {entries, next: found.length > wanted ? (entries.at(-1)?.id ?? null) : null};
  }

  #newest(limit: number): Promise<MetadataRecord[]> {
    return this.#metadata.list(KIND, {order: 'newest', limit});
  }

  /** Lists are bounded by time only, so entries of the same millisecond are read again and left out here. */
  async #olderThan(before: string, wanted: number): Promise<MetadataRecord[]> {
    const last = await this.#metadata.get(KIND, before);
    if (!last)
      throw new MillraceError('RECORD_NOT_FOUND', `The audit log has no entry '${before.slice(0, 60)}'.`, {
        fix: "Give the 'next' of a page that was read before.",
      });
    for (let limit = wanted + 16; ; limit *= 2) {
      const read = await this.#metadata.list(KIND, {order: 'newest', to: last.at + 1, limit});
      const older = read.filter(({at, id}) => at < last.at || id < before);
      if (older.length >= wanted || read.length < limit) return older.slice(0, wanted);
    }
  }
}

const entryOf = ({id, at, value}: MetadataRecord): AuditEntry => ({
  id,
  at,
  ...(value as unknown as Omit<AuditEntry, 'id' | 'at'>),
});
