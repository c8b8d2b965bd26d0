/** A value as it was served; NaN stands for null too, except where a check asks for finite numbers. */
export type ServedValue = number | string | null;

/** One row, in the order of the columns that the counters were made for. */
export type ServedRow = readonly ServedValue[];

/** What a check says of the rows since the last reset, chance taken into account, their number not. */
export type Outcome = {
  readonly kept: boolean;
  /** Rows that say something. */
  readonly rows: number;
  /** Those of them that break it; 0 where it is about the column as a whole. */
  readonly broken: number;
  /** What was compared with what, where these are single figures. */
  readonly measured: number | null;
  readonly limit: number | null;
  /** One sentence. */
  readonly message: string;
};

/** One check as counters: `add` is called for each prediction, and memory is bounded whatever comes. */
export interface Tally {
  add(row: ServedRow): void;
  read(): Outcome;
  reset(): void;
}

/** A row says nothing about the check, keeps it, or breaks it. */
export const SILENT = -1;
export const KEPT = 0;
export const BROKEN = 1;
export type RowVerdict = typeof SILENT | typeof KEPT | typeof BROKEN;

export const isNull = (value: ServedValue | undefined): boolean =>
  value === null || value === undefined || Number.isNaN(value);
