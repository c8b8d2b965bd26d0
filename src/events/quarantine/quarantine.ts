import type {RefusedRow} from '../gate/refusal.ts';

/** A row that did not get into the log, whole, with the reason. */
export type QuarantinedRow = RefusedRow & {
  readonly stream: string;
  /** When it was refused (UTC ms of the gate's clock). */
  readonly at: number;
};

/** Where refused rows go, in order, for ever. Nothing that was rejected disappears. */
export interface Quarantine {
  /** Resolves when the rows would survive kill -9. */
  append(rows: readonly QuarantinedRow[]): Promise<void>;
  /** The rows from an offset that `end` once gave, oldest first. */
  read(range?: {readonly from?: number; readonly stream?: string}): AsyncIterable<QuarantinedRow>;
  /** The offset that the next row will get. */
  end(): number;
  close(): Promise<void>;
}
