import type {FeatureSet, OnlineReader} from '../../features/index.ts';
import {
  type FeatureRows,
  MillraceError,
  nearest,
  parseTime,
  type Schema,
  type TypeName,
  type Value,
  type ViewFreshness,
} from '../../protocol/index.ts';
import {parseRequest, type RequestFields} from '../../serving/index.ts';
import type {LivePlatform} from '../live/live-platform.ts';
import {inTurn, pastValues} from './past-values.ts';

/** Entities of one read. */
const MAX_ENTITIES = 1_000;

/** Features of many entities, now from the live state or at a time of the past from the log. Throws REQUEST_INVALID, FEATURE_UNKNOWN, NOT_READY, QUEUE_FULL. */
export async function readFeatures(platform: LivePlatform, setName: string, body: unknown): Promise<FeatureRows> {
  const set = findSet(platform.runtime.project.sets, setName);
  const now = platform.runtime.clock.now();
  const {requests, wanted, at, freshness} = parseRead(set, body, now);
  if (at !== null) {
    const columns = await inTurn(platform.runtime, () => pastValues(platform.runtime, set, requests, at));
    const rows = requests.map((_, row) => set.features.map(({name}) => columns[name]![row]!));
    return packRows(set, at, wanted, rows);
  }
  const reader = platform.reader(set);
  const rows = requests.map(request => reader.read(request, now));
  const packed = packRows(set, now, wanted, rows);
  return freshness ? {...packed, freshness: freshnessOf(platform, reader, requests, now)} : packed;
}

/** What a read asks for, checked. `at`: a time of the past; null for now. */
export type FeatureRead = {
  readonly requests: readonly RequestFields[];
  readonly wanted: readonly Wanted[];
  readonly at: number | null;
  readonly freshness: boolean;
};

/** Throws REQUEST_INVALID, FEATURE_UNKNOWN. */
export function parseRead(set: FeatureSet, body: unknown, now: number): FeatureRead {
  const {entities, features, at, freshness} = (body ?? {}) as Record<string, unknown>;
  return {
    requests: entitiesOf(set, entities),
    wanted: wantedOf(set, features),
    at: timeOf(at, now),
    freshness: freshness === true,
  };
}

export const packRows = (
  set: FeatureSet,
  at: number,
  wanted: readonly Wanted[],
  rows: readonly (readonly (number | string | null)[])[],
): FeatureRows => ({
  set: set.name,
  at,
  features: wanted.map(f => f.name),
  values: rows.map(row => pack(row, wanted)),
});

export type Wanted = {readonly name: string; readonly type: TypeName; readonly index: number};

function pack(row: readonly (number | string | null)[], wanted: readonly Wanted[]): Value[] {
  const values = new Array<Value>(wanted.length);
  for (let i = 0; i < wanted.length; i++) values[i] = shown(row[wanted[i]!.index]!, wanted[i]!.type);
  return values;
}

const shown = (value: number | string | null, type: TypeName): Value => {
  if (typeof value !== 'number') return value;
  if (Number.isNaN(value)) return null;
  return type === 'bool' ? value !== 0 : value;
};

function freshnessOf(platform: LivePlatform, reader: OnlineReader, requests: readonly RequestFields[], now: number) {
  const behind = platform.runtime.log.end() - platform.events.executor.position;
  return reader.set.views.map((use, v): ViewFreshness => {
    const cut = reader.cutOf(v, now);
    return {
      view: use.view.name,
      features: use.view.features.map(f => f.name),
      latestEvent: requests.map(request => reader.latestEvent(v, request)),
      behind,
      ...(cut === null ? {} : {cut: cut.cut, stale: cut.stale}),
    };
  });
}

/** The feature set of this name. Throws FEATURE_UNKNOWN. */
export function findSet(sets: readonly FeatureSet[], name: string): FeatureSet {
  const found = sets.find(set => set.name === name);
  if (found) return found;
  throw unknown(
    'feature set',
    name,
    sets.map(s => s.name),
  );
}

export function unknown(what: string, name: string, names: readonly string[]): MillraceError {
  const near = nearest(name, names);
  const listed = `${names.slice(0, 20).join(', ')}${names.length > 20 ? ` and ${names.length - 20} more` : ''}`;
  return new MillraceError('FEATURE_UNKNOWN', `There is no ${what} '${name.slice(0, 100)}'.`, {
    fix: near.length > 0 ? `Did you mean ${near.join(' or ')}?` : `Name one of ${listed}.`,
  });
}

/** What is decided once for a set, not for every read. */
type ReadPlan = {
  readonly schema: Schema;
  readonly all: readonly Wanted[];
  readonly byName: ReadonlyMap<string, Wanted>;
};

const plans = new WeakMap<FeatureSet, ReadPlan>();

function planOf(set: FeatureSet): ReadPlan {
  const known = plans.get(set);
  if (known) return known;
  const all = set.features.map((feature, index) => ({...feature, index}));
  const plan = {schema: readSchema(set), all, byName: new Map(all.map(feature => [feature.name, feature]))};
  plans.set(set, plan);
  return plan;
}

function entitiesOf(set: FeatureSet, entities: unknown): RequestFields[] {
  if (!Array.isArray(entities) || entities.length === 0 || entities.length > MAX_ENTITIES)
    throw new MillraceError('REQUEST_INVALID', "The body has no list 'entities' that could be read.", {
      fix: `Send {"entities": [{…}]} with 1 to ${MAX_ENTITIES} objects of the fields ${Object.keys(set.request).join(', ')}.`,
    });
  const {schema} = planOf(set);
  return entities.map((entity, i) => parseRequest(schema, entity, `entities[${i}]`));
}

/** What a read must carry: the keys. What else a request has is null where it is not given. */
export function readSchema({request, views}: FeatureSet): Schema {
  const keys = new Set(views.flatMap(({fields}) => Object.values(fields)));
  return Object.fromEntries(
    Object.entries(request).map(([name, type]) => [name, keys.has(name) ? type : {...type, nullable: true}]),
  );
}

function wantedOf(set: FeatureSet, features: unknown): readonly Wanted[] {
  const {all, byName} = planOf(set);
  if (features === undefined) return all;
  if (!Array.isArray(features) || features.length === 0 || !features.every(f => typeof f === 'string'))
    throw new MillraceError('REQUEST_INVALID', "'features' is no list of names.", {fix: 'Leave it out to read all.'});
  return features.map(name => {
    const feature = byName.get(name);
    if (!feature) throw unknown(`feature in '${set.name}':`, name, [...byName.keys()]);
    return feature;
  });
}

/** UTC ms of a time of the past; null for now. Throws REQUEST_INVALID. */
export function timeOf(at: unknown, now: number): number | null {
  if (at === undefined || at === null) return null;
  const time = typeof at === 'string' ? parseTime(at) : at;
  if (typeof time !== 'number' || !Number.isInteger(time) || time > now)
    throw new MillraceError('REQUEST_INVALID', `'at' is ${JSON.stringify(at).slice(0, 80)}.`, {
      fix: `Give an ISO 8601 time with its zone, or whole milliseconds, not after now (${new Date(now).toISOString()}).`,
    });
  return time;
}
