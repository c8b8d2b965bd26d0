/** How one model answers, since the process began. */
export type ServingStatus = {
  readonly model: string;
  readonly ready: boolean;
  readonly version: number | null;
  readonly predictions: number;
  /** Requests that no level could answer. */
  readonly errors: number;
  /** Predictions that the log had no room for. */
  readonly unlogged: number;
  /** Predictions by the level that answered. */
  readonly answeredBy: {readonly [level: string]: number};
  /** The champion's chain, in the order in which its levels are tried. */
  readonly levels: readonly LevelRecord[];
  /** Simpler models that the policy names and the champion does not have. */
  readonly lacking: readonly string[];
  /** The written rules, in words. */
  readonly policy: readonly string[];
  readonly hybrid: HybridRecord | null;
  /** Predictions that wait for people, and those that were not kept because too many came. */
  readonly reviews: {readonly open: number; readonly dropped: number};
};

export type LevelRecord = {
  readonly level: string;
  readonly answers: number;
  /** How often it did not answer, by reason. */
  readonly skipped: {readonly [reason: string]: number};
  readonly breaker: 'closed' | 'open' | 'half-open';
};

/** Answers made beforehand for frequent requests. */
export type HybridRecord = {
  /** The rule for "frequent" in words. */
  readonly rule: string;
  /** Lookups that the tables answered, all others, and of these the ones that only age kept from it. */
  readonly hits: number;
  readonly misses: number;
  readonly tooOld: number;
  /** hits / (hits + misses); null before the first lookup. */
  readonly hitRate: number | null;
  /** Requests that are frequent as of now. */
  readonly frequent: number;
  readonly table: TableFigures | null;
  /** The table of the last batch run, which answers what the other does not. */
  readonly batch: TableFigures | null;
};

export type TableFigures = {
  readonly entries: number;
  /** UTC ms. */
  readonly madeAt: number;
  readonly ageMs: number;
};
