/** Is a stream healthy, and if not, what is wrong. */
import type {CheckStatus, StreamDetail} from 'millrace/protocol';
import {plural} from '../../format/numbers.ts';
import type {Level} from '../../parts/meaning.tsx';
import {outcomeOf, worst} from './check-words.ts';
import {followerLevel} from './follower.tsx';

const violated = ({status}: StreamDetail): readonly CheckStatus[] => status.filter(({state}) => state === 'violated');

export function streamLevel(stream: StreamDetail): Level {
  const {events, waiting, follower} = stream;
  const levels: Level[] = violated(stream).map(check => outcomeOf(check).level);
  if (follower) levels.push(followerLevel(follower));
  if (waiting > 0) levels.push('watch');
  return levels.length === 0 && events === 0 ? 'unknown' : worst(levels);
}

/** What someone should look at, in words; empty if nothing. */
export function troublesOf(stream: StreamDetail): string[] {
  const {waiting, follower} = stream;
  return [
    ...violated(stream).map(check => `‘${check.check}’ ${outcomeOf(check).word}`),
    ...(follower?.state === 'waiting' ? ['its server cannot be followed'] : []),
    ...(waiting > 0 ? [`${plural(waiting, 'row waits', 'rows wait')} in quarantine`] : []),
  ];
}

/** The same in a few words. */
export function healthWords(stream: StreamDetail): string {
  const {waiting, follower} = stream;
  const broken = violated(stream).length;
  const words = [
    ...(broken > 0 ? [`${plural(broken, 'check')} violated`] : []),
    ...(follower?.state === 'waiting' ? ['not followed'] : []),
    ...(waiting > 0 ? [plural(waiting, 'row waits', 'rows wait')] : []),
  ];
  return words.join(', ') || 'no check is violated';
}
