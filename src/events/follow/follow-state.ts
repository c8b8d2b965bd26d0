import {type FollowerRecord, formatDuration} from '../../protocol/index.ts';
import type {Source} from '../source.ts';

/** How a followed source stands, for a page of health. */
export type FollowState = FollowerRecord;

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
