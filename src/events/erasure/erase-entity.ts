import {positionAt} from '../../protocol/index.ts';
import type {EventLog, SqlEngine} from '../../stores/index.ts';
import type {EventArchive} from '../archive/archive.ts';
import {partitionAt, type TimeRange} from '../archive/partition.ts';
import type {Quarantine} from '../quarantine/quarantine.ts';
import type {Source} from '../source.ts';
import {keyCondition, requireKeys, rowsWithKey, type StreamKey} from './entity-keys.ts';
import {refusedWithKeys} from './refused-with-keys.ts';

export type ErasureOptions = {
  readonly log: EventLog;
  readonly archive: EventArchive;
  readonly sql: SqlEngine;
  readonly sources: readonly Source[];
  /** By stream, the columns and values that make an event the entity's. Streams that are not named keep their events. */
  readonly keys: Readonly<Record<string, StreamKey>>;
  /** Refused rows with the key are erased from it. */
  readonly quarantine?: Quarantine;
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
  /** Ids that the gate remembers, and examples of rejected values that it shows: `gate.forget`. */
  | {readonly kind: 'gate'; readonly stream: string};

/** Holds no value of an erased event. */
export type ErasureReport = {
  /** Events before this log position were looked at; later ones of the same entity are not erased. */
  readonly position: number;
  readonly streams: readonly ErasedStream[];
  /** Rows that were erased from the quarantine, of all streams. */
  readonly refused: number;
  readonly derived: readonly Derived[];
};

/** What an erasure would erase, by stream; streams without any are left out. Holds no value. */
export type EntityFound = {
  /** Events before this log position were looked at. */
  readonly position: number;
  readonly streams: ReadonlyMap<string, Found>;
  /** Offsets of refused rows in the quarantine. */
  readonly refused: ReadonlyMap<string, readonly number[]>;
};

type Found = Pick<ErasedStream, 'positions' | 'days'>;

/** Looks for an entity's events, and changes nothing. Throws REQUEST_INVALID for a key that no event can have. */
export async function findEntity(options: ErasureOptions): Promise<EntityFound> {
  const {log, archive, sources, keys, quarantine} = options;
  requireKeys(sources, keys);
  await archive.open();
  const position = log.end();
  const streams = new Map<string, Found>();
  for (const [stream, key] of Object.entries(keys)) {
    const events = await find(options, stream, key, position);
    if (events.positions.length > 0) streams.set(stream, events);
  }
  return {position, streams, refused: quarantine ? await refusedWithKeys(quarantine, keys) : new Map()};
}

/**
 * Erases one entity's events by key from the event log and its archive. Matches are found by SQL over the archive and by
 * reading the tail of the log. Once the positions are known and written down, a restart
 * completes the erasure; killed before that, call it again. Calling it again when it is done finds nothing.
 * Throws REQUEST_INVALID for a key that no event can have.
 */
export async function eraseEntity(options: ErasureOptions): Promise<ErasureReport> {
  const {archive, quarantine} = options;
  const {position, streams: found, refused} = await findEntity(options);
  const lines = [...refused.values()].flat();
  if (quarantine && lines.length > 0) await quarantine.erase(lines);
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
  return {position, streams, refused: lines.length, derived: streams.flatMap(derivedOf)};
}

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
