import type {RefusedRow} from '../gate/refusal.ts';

/** A row that did not get into the log, whole, with the reason. */
export type QuarantinedRow = RefusedRow & {
  readonly stream: string;
  /** When it was refused (UTC ms of the gate's clock). */
  readonly at: number;
  /** How its arrival time is found once it gets in; absent: live. */
  readonly arrival?: 'live' | 'history';
};

/** What became of a row of the quarantine later; kept beside it, for ever. */
export type Settlement = {
  /** Of the row. */
  readonly offset: number;
  /** UTC ms. */
  readonly at: number;
} & (
  | {readonly outcome: 'replayed'}
  | {readonly outcome: 'discarded'; readonly reason: string}
  /** Refused again, with a new reason: it stays. */
  | {readonly outcome: 'refused'; readonly check: string; readonly message: string}
);

/** A row as the quarantine has it, with the reason of the last time that it was refused. */
export type StoredRow = QuarantinedRow & {
  readonly offset: number;
  /** What ended its stay; null while it waits. */
  readonly settlement: Settlement | null;
};

export type QuarantineRange = {
  /** An offset that `end` once gave; the beginning unless told. */
  readonly from?: number;
  readonly stream?: string;
  /** Also the rows whose stay has ended. */
  readonly settled?: boolean;
};

/** Where refused rows go, in order, for ever. Nothing that was rejected disappears, unless it is erased by name. */
export interface Quarantine {
  /** Resolves when the rows would survive kill -9. */
  append(rows: readonly QuarantinedRow[]): Promise<void>;
  /** The rows that wait, oldest first. */
  read(range?: QuarantineRange): AsyncIterable<StoredRow>;
  /** Records what became of rows. Resolves when that would survive kill -9. */
  settle(settlements: readonly Settlement[]): Promise<void>;
  /**
   * Erases the rows at these offsets and what became of them, and returns how many there were; offsets without a row
   * are passed over. Other rows keep their offsets. Killed in the middle, it has happened or it has not.
   */
  erase(offsets: readonly number[]): Promise<number>;
  /** The offset that the next row will get. */
  end(): number;
  close(): Promise<void>;
}
