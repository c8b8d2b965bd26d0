import {type ErrorCode, formatDuration} from '../../protocol/index.ts';
import type {Source} from '../source.ts';

/** How a followed source stands, for a page of health. */
export type FollowState = {
  readonly stream: string;
  /** `waiting`: the last attempt failed and the next one comes by itself. `stopped`: it was told to. */
  readonly state: 'connecting' | 'following' | 'waiting' | 'stopped';
  /** When it came into this state (UTC ms). */
  readonly since: number;
  /** Why it waits; null in every other state. */
  readonly error: {readonly code: ErrorCode; readonly message: string; readonly fix: string | null} | null;
  /** Attempts that have failed in a row. */
  readonly failures: number;
  /** When the server last had nothing more to give (UTC ms); null: not yet. */
  readonly caughtUpAt: number | null;
  /** Counts since this follower began. */
  readonly accepted: number;
  readonly duplicates: number;
  readonly rejected: number;
  readonly late: number;
  /** What someone should look at, in a sentence; null if nothing. */
  readonly warning: string | null;
};

/** What to say of events that no feature uses because they came too late; null if there are none. */
export function lateWarning({name, latenessMs}: Source, late: number, accepted: number): string | null {
  if (late === 0) return null;
  const events = `${late.toLocaleString('en')} of ${accepted.toLocaleString('en')} events`;
  return (
    `${events} that came from the feed of '${name}' arrived more than ${formatDuration(latenessMs)} after their event ` +
    'time, its lateness: they are in the log, and no feature uses them. Declare a longer lateness, or the column that ' +
    'says when the source had them as its arrival.'
  );
}
