import type {ErrorCode} from '../errors.ts';
import type {CheckStatus, StreamRecord} from './feature.ts';

/** One stream with the state of its checks, and what is stored of it. */
export type StreamDetail = StreamRecord & {
  /** Every check as it stands now. */
  readonly status: readonly CheckStatus[];
  /** Refused rows that wait to be replayed or discarded. */
  readonly waiting: number;
  /** Days (or months) of the archive with events, as of its last update; the newest 400, oldest first. */
  readonly partitions: readonly {readonly from: number; readonly to: number; readonly rows: number}[];
  /** How long events stay in the log after they arrived (ms); null: for ever. */
  readonly retentionMs: number | null;
  /** Null if the stream is not followed on a server. */
  readonly follower: FollowerRecord | null;
};

/** How a source stands that is followed on a server. Times are UTC ms. */
export type FollowerRecord = {
  readonly stream: string;
  /** `waiting`: the last attempt failed and the next one comes by itself. `stopped`: it was told to. */
  readonly state: 'connecting' | 'following' | 'waiting' | 'stopped';
  /** When it came into this state. */
  readonly since: number;
  /** Why it waits; null in every other state. */
  readonly error: {readonly code: ErrorCode; readonly message: string; readonly fix: string | null} | null;
  /** Attempts that have failed in a row. */
  readonly failures: number;
  /** When the server last had nothing more to give; null: not yet. */
  readonly caughtUpAt: number | null;
  /** Counts since this follower began. */
  readonly accepted: number;
  readonly duplicates: number;
  readonly rejected: number;
  readonly late: number;
  /** What someone should look at, in a sentence; null if nothing. */
  readonly warning: string | null;
};

/** What waits in the quarantine of one stream. */
export type QuarantinePage = {
  readonly stream: string;
  readonly waiting: number;
  /** Why, most frequent first. */
  readonly reasons: readonly {readonly check: string; readonly count: number}[];
  /** Oldest first. */
  readonly rows: readonly QuarantineRow[];
};

export type QuarantineRow = {
  /** Names the row in its quarantine. */
  readonly offset: number;
  readonly stream: string;
  /** When it was refused (UTC ms). */
  readonly at: number;
  readonly check: string;
  readonly message: string;
  /** The row as JSON; cut after 2,000 characters. */
  readonly text: string;
};

/** What a replay of waiting rows came to. */
export type QuarantineReplay = {
  readonly accepted: number;
  /** Their events were in the log already. */
  readonly duplicates: number;
  /** They wait on, with the new reason. */
  readonly refused: number;
  /** Nobody tried them: their stream is gone. */
  readonly left: number;
};
