import type {Value} from '../columns.ts';
import type {JsonValue} from '../json.ts';

/** POST /v1/features/:set/read */
export type FeatureReadRequest = {
  /** Entity keys and request fields, one object for each row wanted. */
  readonly entities: readonly {readonly [field: string]: JsonValue}[];
  /** Names of the features wanted, in this order; all of the set unless given. */
  readonly features?: readonly string[];
  /** As of a time of the past (ISO 8601 or ms), computed from the log: for debugging. Now, from the live state, unless given. */
  readonly at?: string | number;
  /** Whether to tell how fresh the values are. */
  readonly freshness?: boolean;
};

/** Packed rows: `values[i]` are the features of entity i, in the order of `features`. */
export type FeatureRows = {
  readonly set: string;
  /** The query time (UTC ms). */
  readonly at: number;
  readonly features: readonly string[];
  readonly values: readonly (readonly Value[])[];
  /** One for each view that was read. */
  readonly freshness?: readonly ViewFreshness[];
};

export type ViewFreshness = {
  readonly view: string;
  readonly features: readonly string[];
  /** Time of the latest event in the state of each entity (UTC ms); null: none is kept. */
  readonly latestEvent: readonly (number | null)[];
  /** Events of the log that the live state has not taken yet. */
  readonly behind: number;
  /** For a view that is read as of cuts: the cut whose values these are (UTC ms). */
  readonly cut?: number;
  /** Whether that is an older one than its definition asks for, because the newer one is late. */
  readonly stale?: boolean;
};

/** POST /v1/features/:set/why {feature, entity, at?, limit?} */
export type WhyRequest = {
  readonly feature: string;
  readonly entity: {readonly [field: string]: JsonValue};
  readonly at?: string | number;
  /** Events listed, the newest first; 100 unless given, 1,000 at most. */
  readonly limit?: number;
};

/** The events behind a value, or for a derived feature what it was computed from. */
export type WhyAnswer = {
  readonly feature: string;
  /** In words. */
  readonly definition: string;
  readonly at: number;
  readonly value: Value;
  /** For a feature over a window. */
  readonly window: {
    readonly view: string;
    readonly source: string;
    /** Its edges [from, to) (UTC ms). `from` is null where time does not bound it: sessions, the last rows, all time. */
    readonly from: number | null;
    readonly to: number;
    /** Events of the window (before any filter), of which the newest are listed. */
    readonly count: number;
    readonly events: readonly WhyEvent[];
  } | null;
  /** For a derived feature: its inputs and their values. */
  readonly inputs: readonly {readonly name: string; readonly value: Value}[] | null;
};

export type WhyEvent = {
  readonly id: string;
  readonly time: number;
  readonly arrival: number;
  readonly position: number;
  /** What the aggregation took of it: null where it took nothing (a null, or outside the filter). */
  readonly input: Value;
};
