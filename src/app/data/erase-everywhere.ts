/** A person is forgotten: events, refused rows and predictions go; live states are made again; the rest is named. */
import {scryptSync} from 'node:crypto';
import {rm} from 'node:fs/promises';
import {type EntityFound, eraseEntity, findEntity, type StreamKey} from '../../events/index.ts';
import type {PredictionKey} from '../../logs/index.ts';
import {canonicalJson, type JsonValue} from '../../protocol/index.ts';
import {dropPrecomputed} from '../../serving/index.ts';
import {daysFolder} from '../features/plan-features.ts';
import {REQUEST_PREFIX} from '../live/logged-request.ts';
import type {Runtime} from '../runtime/runtime.ts';
import type {EntityStream} from './entity-streams.ts';
import {type MadeFrom, madeFrom} from './made-from.ts';

/** What an erasure erases, and what it cannot. Holds no value of an erased event. */
export type Erasure = {
  readonly streams: readonly {
    readonly stream: string;
    /** The columns that were compared. */
    readonly columns: readonly string[];
    readonly events: number;
    /** Rows of the quarantine. */
    readonly refused: number;
  }[];
  /** Streams of the project in which nobody looked. */
  readonly untouched: readonly string[];
  readonly predictions: readonly {readonly model: string; readonly answers: number}[];
  /** Views whose live states are dropped and made again from the log, since they have folded the events. */
  readonly views: readonly string[];
  /** Training sets and models that were made from the events: they stay as they are. */
  readonly madeFrom: readonly MadeFrom[];
};

/** The line of the audit log: who erased what and when, without any value. */
export type ErasureRecord = Erasure & {
  readonly id: string;
  readonly by: string;
  /** UTC ms. */
  readonly at: number;
  /** Null if it was cut short: run it again. */
  readonly finishedAt: number | null;
  /** scrypt of each stream's key, salted with the id: tells whether a known key was erased, and no unknown one. */
  readonly keys: readonly {readonly stream: string; readonly hash: string}[];
};

const KIND = 'erasure';
const DROPPED_AT_ONCE = 10_000;

/** What `eraseEverywhere` would do. Changes nothing. Throws REQUEST_INVALID for keys that no event can have. */
export async function findEverywhere(runtime: Runtime, where: readonly EntityStream[]): Promise<Erasure> {
  const found: EntityFound[] = [];
  for (const keys of rounds(where)) found.push(await findEntity({...entityStores(runtime), keys}));
  const {project, predictions} = runtime;
  const named = new Set(where.map(({stream}) => stream));
  const streams = [...named].map(stream => ({
    stream,
    columns: where.flatMap(({stream: of, key}) => (of === stream ? Object.keys(key) : [])),
    events: new Set(found.flatMap(({streams: by}) => by.get(stream)?.positions ?? [])).size,
    refused: new Set(found.flatMap(({refused}) => refused.get(stream) ?? [])).size,
  }));
  const hit = new Set(streams.filter(({events}) => events > 0).map(({stream}) => stream));
  const fromTime = Math.min(...found.flatMap(({streams: by}) => [...by.values()].map(({days}) => days.from)));
  const answers = project.models.map(async ({name}) => ({
    model: name,
    answers: await predictions.count(name, predictionKeys(runtime, name, where)),
  }));
  return {
    streams,
    untouched: project.sources.map(({name}) => name).filter(name => !named.has(name)),
    predictions: (await Promise.all(answers)).filter(model => model.answers > 0),
    views: project.views
      .filter(({source, lookups}) => hit.has(source.name) || lookups.some(lookup => hit.has(lookup.source.name)))
      .map(({name}) => name),
    madeFrom: hit.size > 0 ? await madeFrom(runtime, hit, fromTime) : [],
  };
}

/**
 * Erases an entity's events from log and archive, its refused rows and its predictions, drops the live states (the next
 * opening of the live platform makes them again), the values that were kept by day and the predictions that were made
 * beforehand, lets the gate forget, and keeps a record. Nothing else may use the
 * stores meanwhile. Killed in the middle, call it again: it erases what is left. Throws REQUEST_INVALID as above.
 */
export async function eraseEverywhere(
  runtime: Runtime,
  where: readonly EntityStream[],
  {id, by}: {readonly id: string; readonly by: string},
): Promise<ErasureRecord> {
  const {clock, gate, metadata, predictions, project} = runtime;
  const at = clock.now();
  const erasure = await findEverywhere(runtime, where);
  const keys = where.map(({stream, key}) => ({stream, hash: hashOf(key, id)}));
  const keep = async (record: ErasureRecord) => {
    await metadata.write([{kind: KIND, id, at, value: record as unknown as JsonValue}]);
    return record;
  };
  await keep({id, by, at, finishedAt: null, keys, ...erasure});
  // Before the events: states that were dropped for nothing are only made again.
  if (erasure.views.length > 0) {
    await dropLiveStates(runtime);
    await rm(daysFolder(runtime), {recursive: true, force: true});
  }
  for (const {name} of project.models) await predictions.erase(name, predictionKeys(runtime, name, where));
  await dropPrecomputed(runtime.online);
  for (const keys of rounds(where)) await eraseEntity({...entityStores(runtime), keys});
  await gate.forget([...new Set(where.map(({stream}) => stream))]);
  return keep({id, by, at, finishedAt: clock.now(), keys, ...erasure});
}

/** The audit log of erasures, newest first. */
export async function erasures({metadata}: Pick<Runtime, 'metadata'>): Promise<ErasureRecord[]> {
  const records = await metadata.list(KIND, {order: 'newest'});
  return records.map(({value}) => value as unknown as ErasureRecord);
}

const entityStores = ({log, archive, sql, project, quarantine}: Runtime) => ({
  log,
  archive,
  sql,
  sources: project.sources,
  quarantine,
});

/** One key a stream and round: a stream that names the entity twice takes two. */
function rounds(where: readonly EntityStream[]): Record<string, StreamKey>[] {
  const made: Record<string, StreamKey>[] = [];
  for (const {stream, key} of where) {
    const round = made.find(candidate => !(stream in candidate));
    if (round) round[stream] = key;
    else made.push({[stream]: key});
  }
  return made;
}

/** The fields of a model's requests that name the entity: those that its views and its decisions are keyed by. */
function predictionKeys({project}: Runtime, model: string, where: readonly EntityStream[]): PredictionKey[] {
  const {features, decisions} = project.models.find(({name}) => name === model)!;
  const found: PredictionKey[] = [];
  const add = (fields: readonly (readonly [string, string | number | boolean])[]) =>
    found.push(Object.fromEntries(fields.map(([field, value]) => [`${REQUEST_PREFIX}${field}`, value])));
  for (const {stream, key} of where) {
    const columns = Object.entries(key);
    if (stream === decisions.name && columns.every(([column]) => column in features.request)) add(columns);
    for (const {view, fields} of features.views) {
      const byColumn = new Map(Object.entries(view.keys).map(([name, column]) => [column, fields[name]!]));
      if (view.source.name === stream && columns.every(([column]) => byColumn.has(column)))
        add(columns.map(([column, value]) => [byColumn.get(column)!, value]));
    }
  }
  return found;
}

/** Everything in the online store is a live state, made from the events of the log. */
async function dropLiveStates({online, cuts}: Runtime): Promise<void> {
  await cuts.keepOnly([]);
  let gone: [string, undefined][] = [];
  for await (const [key] of online.scan('')) {
    gone.push([key, undefined]);
    if (gone.length < DROPPED_AT_ONCE) continue;
    await online.putMany(gone);
    gone = [];
  }
  await online.putMany(gone);
}

const hashOf = (key: StreamKey, salt: string): string => scryptSync(canonicalJson(key), salt, 24).toString('hex');
