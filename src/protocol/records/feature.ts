import type {TypeName} from '../schema.ts';

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
  readonly usedBy: readonly string[];
};

/** What stands of one event stream. */
export type StreamRecord = {
  readonly name: string;
  readonly columns: readonly {readonly name: string; readonly type: TypeName; readonly nullable: boolean}[];
  readonly events: number;
  readonly duplicates: number;
  readonly late: number;
  readonly from: number | null;
  readonly to: number | null;
  readonly checks: readonly CheckCount[];
};

/** How often a data check fired, and what it does about it. */
export type CheckCount = {
  readonly check: string;
  readonly action: 'reject' | 'warn';
  readonly count: number;
  /** The first offending value, as text; null when it never fired. */
  readonly example: string | null;
};
