import {type Clock, positionAt} from '../../protocol/index.ts';
import type {EventLog, SqlEngine} from '../../stores/index.ts';
import type {EventArchive} from '../archive/archive.ts';
import {partitionAt, type TimeRange} from '../archive/partition.ts';
import type {Quarantine} from '../quarantine/quarantine.ts';
import type {Source} from '../source.ts';
import {discardRefused} from './discard-refused.ts';
import {keyCondition, requireKeys, rowsWithKey, type StreamKey} from './entity-keys.ts';

export type ErasureOptions = {
  readonly log: EventLog;
  readonly archive: EventArchive;
  readonly sql: SqlEngine;
  readonly sources: readonly Source[];
  /** By stream, the columns and values that make an event the entity's. Streams that are not named keep their events. */
  readonly keys: Readonly<Record<string, StreamKey>>;
  /** Waiting rows with the key are discarded in it, so that none is replayed, and reported. */
  readonly quarantine?: Quarantine;
  /** Says when they were discarded. */
  readonly clock: Clock;
};

export type ErasedStream = {
  readonly stream: string;
  readonly events: number;
  /** Log positions of the erased events, ascending. */
  readonly positions: readonly number[];
  /** Files of the archive that were written anew or dropped. */
  readonly partsRewritten: number;
  /** The stretch of event time that the events lie in, in whole UTC days. */
  readonly days: TimeRange;
};

/** Something that was computed from erased events or still repeats them, and that the caller has to make again or to delete. */
export type Derived =
  /** Online states of the views on the stream: they have folded the events from this log position on. */
  | {readonly kind: 'online-state'; readonly stream: string; readonly fromPosition: number}
  /** Materialised features of the views on the stream from this event time on, as far as their windows reach. */
  | {readonly kind: 'features'; readonly stream: string; readonly fromTime: number}
  /** Training sets that read the stream and have rows from this event time on, and models trained with them. */
  | {readonly kind: 'training-sets'; readonly stream: string; readonly fromTime: number}
  /** Logged predictions, and labels joined to them, that were asked for with the key or saw the events. */
  | {readonly kind: 'predictions'; readonly stream: string; readonly fromTime: number}
  /** Ids that the gate remembers, and examples of rejected values that it shows: open the gate anew, without its checkpoint. */
  | {readonly kind: 'gate'; readonly stream: string}
  /** Lines of the quarantine, by offset, that hold refused rows with the key. */
  | {readonly kind: 'quarantine'; readonly stream: string; readonly offsets: readonly number[]};

/** Holds no value of an erased event. */
export type ErasureReport = {
  /** Events before this log position were looked at; later ones of the same entity are not erased. */
  readonly position: number;
  readonly streams: readonly ErasedStream[];
  readonly derived: readonly Derived[];
};

/**
 * Erases one entity's events by key from the event log and its archive. Matches are found by SQL over the archive and by
 * reading the tail of the log. Once the positions are known and written down, a restart
 * completes the erasure; killed before that, call it again. Calling it again when it is done finds nothing.
 * Throws REQUEST_INVALID for a key that no event can have.
 */
export async function eraseEntity(options: ErasureOptions): Promise<ErasureReport> {
  const {log, archive, sources, keys, quarantine, clock} = options;
  requireKeys(sources, keys);
  await archive.open();
  const position = log.end();
  const refused = quarantine && (await discardRefused(quarantine, keys, clock.now()));
  const found = new Map<string, Found>();
  for (const [stream, key] of Object.entries(keys)) {
    const events = await find(options, stream, key, position);
    if (events.positions.length > 0) found.set(stream, events);
  }
  const wanted = new Map([...found].map(([stream, {positions}]) => [stream, positions]));
  const erased = wanted.size > 0 ? await archive.erase(wanted) : undefined;
  const streams = [...found].map(
    ([stream, {positions, days}]): ErasedStream => ({
      stream,
      events: positions.length,
      positions,
      partsRewritten: erased!.get(stream)!.parts,
      days,
    }),
  );
  const lines = [...(refused ?? [])].map(([stream, offsets]): Derived => ({kind: 'quarantine', stream, offsets}));
  return {position, streams, derived: [...streams.flatMap(derivedOf), ...lines]};
}

type Found = Pick<ErasedStream, 'positions' | 'days'>;

/** Events that are in the archive or in the log. */
async function find({log, archive, sql}: ErasureOptions, stream: string, key: StreamKey, end: number): Promise<Found> {
  const positions = new Set<number>();
  let first = Number.POSITIVE_INFINITY;
  let last = Number.NEGATIVE_INFINITY;
  const add = (position: number, time: number) => {
    if (position >= end) return;
    positions.add(position);
    first = Math.min(first, time);
    last = Math.max(last, time);
  };
  const {condition, parameters} = keyCondition(key);
  const archived = archive.archivedTo(stream);
  const query = `SELECT _position, _time FROM ${archive.relation(stream)} WHERE ${condition}`;
  for await (const {count, columns} of sql.stream(query, parameters))
    for (let i = 0; i < count; i++) add((columns._position as Float64Array)[i]!, (columns._time as Float64Array)[i]!);
  for await (const batch of log.read({stream, from: archived, to: end}))
    for (const i of rowsWithKey(batch, key)) add(positionAt(batch, i), batch.eventTimes[i]!);
  return {
    positions: [...positions].sort((a, b) => a - b),
    days: {from: partitionAt('day', first).from, to: partitionAt('day', last).to},
  };
}

function derivedOf({stream, positions, days}: ErasedStream): Derived[] {
  const fromTime = days.from;
  return [
    {kind: 'online-state', stream, fromPosition: positions[0]!},
    {kind: 'features', stream, fromTime},
    {kind: 'training-sets', stream, fromTime},
    {kind: 'predictions', stream, fromTime},
    {kind: 'gate', stream},
  ];
}
