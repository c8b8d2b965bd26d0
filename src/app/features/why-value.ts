import {
  boundsAt,
  columnsOf,
  describeFeature,
  expressionSql,
  identifier,
  joinedRelation,
  printExpression,
  type ViewUse,
  type WindowFeature,
  windowRows,
} from '../../features/index.ts';
import {MillraceError, type Value, type WhyAnswer, type WhyEvent} from '../../protocol/index.ts';
import {parseRequest, type RequestFields} from '../../serving/index.ts';
import type {LivePlatform} from '../live/live-platform.ts';
import {pastValues} from './past-values.ts';
import {findSet, readSchema, timeOf, unknown} from './read-features.ts';

const MAX_EVENTS = 1_000;
/** Sessions and lifetimes are cut from so many of the newest events. */
const MAX_SCANNED = 1_000_000;

/** Why a feature has its value: the events of its window, or what it was derived from. Throws REQUEST_INVALID, FEATURE_UNKNOWN. */
export async function whyValue(platform: LivePlatform, setName: string, body: unknown): Promise<WhyAnswer> {
  const set = findSet(platform.runtime.project.sets, setName);
  const {feature, entity, at, limit = 100} = (body ?? {}) as Record<string, unknown>;
  if (typeof feature !== 'string')
    throw new MillraceError('REQUEST_INVALID', "The body names no 'feature'.", {
      fix: 'Send {"feature": "…", "entity": {…}}.',
    });
  if (!Number.isInteger(limit) || (limit as number) < 0 || (limit as number) > MAX_EVENTS)
    throw new MillraceError('REQUEST_INVALID', `'limit' is ${JSON.stringify(limit)}.`, {
      fix: `Give 0 to ${MAX_EVENTS}.`,
    });
  const request = parseRequest(readSchema(set), entity, 'entity');
  const now = platform.runtime.clock.now();
  const time = timeOf(at, now) ?? now;
  const {runtime} = platform;
  const values = await pastValues(runtime, set, [request], time);
  const valueNow = (name: string): Value => {
    const value = values[name]?.[0] ?? request[name] ?? null;
    return typeof value === 'number' && Number.isNaN(value) ? null : value;
  };
  const derived = set.derived.find(d => d.name === feature);
  if (derived)
    return {
      feature,
      definition: printExpression(derived.node),
      at: time,
      value: valueNow(feature),
      window: null,
      inputs: columnsOf(derived.node).map(name => ({
        name,
        value: name in values || name in request ? valueNow(name) : time,
      })),
    };
  for (const viewUse of set.views) {
    const found = viewUse.view.features.find(f => f.name === feature);
    if (!found) continue;
    const {count, events} = await eventsBehind(platform, viewUse, found, request, time, limit as number);
    return {
      feature,
      definition: describeFeature(found),
      at: time,
      value: valueNow(feature),
      window: {view: viewUse.view.name, source: viewUse.view.source.name, ...edges(found, time), count, events},
      inputs: null,
    };
  }
  throw unknown(
    `feature in '${set.name}':`,
    feature,
    set.features.map(f => f.name),
  );
}

/** Where time bounds the window. */
const edges = ({over}: WindowFeature, at: number): {from: number | null; to: number} =>
  'ms' in over ? boundsAt(over, at) : {from: null, to: at};

async function eventsBehind(
  {runtime: {sql, archive}}: LivePlatform,
  {view, fields}: ViewUse,
  {input, where, over}: WindowFeature,
  request: RequestFields,
  at: number,
  limit: number,
): Promise<{count: number; events: WhyEvent[]}> {
  const keys = Object.keys(view.entity.keys);
  const values = keys.map(key => request[fields[key]!] ?? null);
  const taken = input === null ? '1' : expressionSql(input);
  const rows = await sql.rows(
    `SELECT _id, _time, _arrival, _position, ${where === null ? taken : `CASE WHEN ${expressionSql(where)} THEN ${taken} END`} AS input
     FROM ${joinedRelation(view, stream => archive.relation(stream))}
     WHERE ${keys.map(key => `${identifier(view.keys[key]!)} = ?`).join(' AND ')}
       AND _time < ? AND _arrival <= ? AND _arrival - _time <= ?
     ORDER BY _time DESC, _id DESC LIMIT ${MAX_SCANNED}`,
    [...values, at, at, view.source.latenessMs],
  );
  const inside = windowRows(rows.map(row => ({time: Number(row._time), row})).reverse(), over, at);
  const events = inside.slice(Math.max(0, inside.length - limit)).reverse();
  return {
    count: inside.length,
    events: events.map(({row}) => ({
      id: String(row._id),
      time: Number(row._time),
      arrival: Number(row._arrival),
      position: Number(row._position),
      input: row.input ?? null,
    })),
  };
}
