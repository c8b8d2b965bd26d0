import {MillraceError, type Problem} from '../../protocol/index.ts';
import type {Stop} from './stream-gate.ts';

const MOST_ROWS = 20;

/** What a push gets that a check stops; `indexes` are the rows' places in what was pushed, if others than in the batch. */
export function stopError(stream: string, stops: readonly Stop[], indexes?: readonly number[]): MillraceError {
  const said = stops.map(({message, count}) =>
    count === 1 ? message : `${message.replace(/\.$/, '')}, and ${count - 1} more.`,
  );
  const rows = stops.flatMap(({rows}) => rows).slice(0, MOST_ROWS);
  const problems: Problem[] = [
    ...rows.map(({index, message}) => ({path: `rows[${indexes?.[index] ?? index}]`, message})),
    ...stops.filter(stop => stop.rows.length === 0).map(({check, message}) => ({path: check, message})),
  ];
  return new MillraceError('CHECK_STOPPED', `Nothing of this got into '${stream}': ${said.join(' ')}`, {
    problems,
    fix: 'Correct the events and send all of them again, or let the check warn or reject.',
  });
}
