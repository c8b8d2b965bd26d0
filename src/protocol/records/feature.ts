import type {TypeName} from '../schema.ts';

/** What people need to know of a feature. `personal` is data about a person. */
export type FeatureAbout = {
  readonly description: string;
  readonly owner: string;
  readonly tags: readonly string[];
  readonly sensitivity: 'public' | 'internal' | 'personal';
};

/** A feature as the catalogue shows it. */
export type FeatureRecord = {
  readonly name: string;
  readonly type: TypeName;
  readonly origin: 'aggregation' | 'request';
  /** View (feature group) and entity, for aggregations. */
  readonly view: string | null;
  readonly entity: string | null;
  readonly source: string | null;
  /** In words: `mean(delay) over 2h`, `hour of the query time in zone`. */
  readonly definition: string;
  readonly window: string | null;
  /** Models that read it. */
  readonly usedBy: readonly string[];
  /** Of a derived feature: as sensitive as what it is computed from. */
  readonly about: FeatureAbout;
  /** Columns it is computed from, such as `arrivals.delay`, and fields of the request, such as `request.origin`. */
  readonly columns: readonly string[];
  /** Number of its view's version, or of the feature set's; null before a project was opened with its stores. */
  readonly version: number | null;
};

/** What stands of one event stream. */
export type StreamRecord = {
  readonly name: string;
  /** A vector is one column, with its size. */
  readonly columns: readonly {
    readonly name: string;
    readonly type: TypeName;
    readonly nullable: boolean;
    readonly size?: number;
  }[];
  readonly events: number;
  readonly duplicates: number;
  readonly late: number;
  readonly from: number | null;
  readonly to: number | null;
  readonly checks: readonly CheckCount[];
};

/** What a broken check does: keep the event out, count it, or refuse all that was pushed with it. */
export type CheckAction = 'reject' | 'warn' | 'stop';

/** What a check is about: `schema` are the checks that every source has (types, nulls, ids). */
export type CheckKind =
  | 'schema'
  | 'range'
  | 'set'
  | 'pattern'
  | 'null-share'
  | 'unique'
  | 'time-order'
  | 'fresh'
  | 'volume';

/** How often a data check fired, and what it does about it. */
export type CheckCount = {
  readonly check: string;
  readonly action: CheckAction;
  /** Events, or windows where the check is about windows. */
  readonly count: number;
  /** The first offending value, as text; null when it never fired. */
  readonly example: string | null;
  /** When it fired last (UTC ms); absent when it never did. */
  readonly lastAt?: number;
};

/** A check of a stream as it stands at a moment. */
export type CheckStatus = CheckCount & {
  readonly stream: string;
  readonly kind: CheckKind;
  /** `unknown` until there is something to judge. */
  readonly state: 'ok' | 'violated' | 'unknown';
  /** The state in words, such as `latest event 3 h ago, at most 1 h allowed`. */
  readonly detail: string;
};
