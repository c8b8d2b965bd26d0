/** How a stream stands that is followed on a server. */
import type {FollowerRecord} from 'millrace/protocol';
import {count, plural} from '../../format/numbers.ts';
import {type Times, useTimes} from '../../format/times.ts';
import {type Level, Shape} from '../../parts/meaning.tsx';
import {Section} from '../../parts/page.tsx';

export const followerLevel = ({state, caughtUpAt, warning}: FollowerRecord): Level =>
  state === 'waiting'
    ? 'bad'
    : state === 'stopped' || warning !== null
      ? 'watch'
      : caughtUpAt === null
        ? 'unknown'
        : 'good';

/** The state in a sentence. */
export function followerWords({state, since, caughtUpAt, failures}: FollowerRecord, times: Times): string {
  const at = `${times.minute(since)} ${times.zoneName}`;
  if (state === 'waiting')
    return `Waiting since ${at}, after ${plural(failures, 'failed attempt')}; it tries again by itself.`;
  if (state === 'stopped') return `Stopped at ${at}.`;
  if (state === 'connecting') return `Connecting since ${at}.`;
  return caughtUpAt === null
    ? `Following since ${at}, and reading what the server already held.`
    : `Following; it last had everything at ${times.minute(caughtUpAt)} ${times.zoneName}.`;
}

export function Follower({follower}: {follower: FollowerRecord}) {
  const times = useTimes();
  const {error, warning, accepted, duplicates, rejected, late} = follower;
  return (
    <Section id="follower" title="Followed source" aside="since this server began">
      <p className="verdict" data-level={followerLevel(follower)}>
        <Shape level={followerLevel(follower)} />
        <span>{followerWords(follower, times)}</span>
      </p>
      {error && (
        <p>
          <code>{error.code}</code> {error.message} {error.fix}
        </p>
      )}
      {warning !== null && <p>{warning}</p>}
      <p className="muted">
        {plural(accepted, 'event')} accepted, {count(duplicates)} known already, {count(rejected)} rejected,{' '}
        {count(late)} too late for any feature.
      </p>
    </Section>
  );
}
