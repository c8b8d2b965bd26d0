// How far a topic has been read, and what to do when it no longer holds what comes next.
import {MillraceError} from '../../protocol/index.ts';
import type {RefusedRow} from '../gate/refusal.ts';
import type {Bounds, Followed} from './topic-reader.ts';

/** Per partition: the next offset, and the end of what was there when the topic was first followed. */
export type Offsets = {readonly next: ReadonlyMap<number, bigint>; readonly history: ReadonlyMap<number, bigint>};

/** The same as JSON: offsets are texts, being longer than a number can hold. */
export type OffsetsRecord = {
  readonly next: Readonly<Record<string, string>>;
  readonly history: Readonly<Record<string, string>>;
};

export const toRecord = ({next, history}: Offsets): OffsetsRecord => ({next: texts(next), history: texts(history)});
export const fromRecord = ({next, history}: OffsetsRecord): Offsets => ({
  next: numbers(next),
  history: numbers(history),
});

const texts = (offsets: ReadonlyMap<number, bigint>) =>
  Object.fromEntries([...offsets].map(([partition, offset]) => [partition, String(offset)]));
const numbers = (offsets: Readonly<Record<string, string>>) =>
  new Map(Object.entries(offsets).map(([partition, offset]) => [Number(partition), BigInt(offset)]));

/** All that the topic holds now is history, and is read from its beginning. */
export const beginning = (bounds: Bounds): Offsets => ({
  next: new Map(bounds.map(({earliest}, partition) => [partition, earliest])),
  history: new Map(bounds.map(({end}, partition) => [partition, end])),
});

/**
 * The offsets brought into what the topic holds: partitions that are new begin at their first message, and where the
 * next message is gone (retention was faster, or the topic was made again) the source either stops or goes on with
 * the first that there is, and the gap goes to quarantine as a row. Throws SOURCE_GAP.
 */
export function align(
  {next, history}: Offsets,
  bounds: Bounds,
  {name, from: {topic, gaps}}: Followed,
): {readonly offsets: Offsets; readonly skipped: readonly RefusedRow[]} {
  const aligned = new Map(next);
  const skipped: RefusedRow[] = [];
  bounds.forEach(({earliest, end}, partition) => {
    const wanted = next.get(partition);
    if (wanted !== undefined && wanted >= earliest && wanted <= end) return;
    aligned.set(partition, earliest);
    if (wanted === undefined) return;
    const message = `Partition ${partition} of '${topic}' holds the offsets ${earliest} to ${end}; ${wanted} comes next.`;
    if (gaps === 'stop')
      throw new MillraceError('SOURCE_GAP', `${message} What source '${name}' has not read is gone from there.`, {
        fix: "Bring the events in another way, then declare gaps: 'skip' to go on with what there is.",
      });
    const row = {topic, partition, wanted: String(wanted), earliest: String(earliest), end: String(end)};
    skipped.push({check: 'gap', message, example: String(wanted), row});
  });
  return {offsets: {next: aligned, history}, skipped};
}
