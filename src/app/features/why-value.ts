import {
  asOf,
  boundsAt,
  columnsOf,
  describeFeature,
  printExpression,
  type ViewUse,
  type WindowFeature,
  windowEventsSql,
} from '../../features/index.ts';
import {MillraceError, type Value, type WhyAnswer, type WhyEvent} from '../../protocol/index.ts';
import {parseRequest, type RequestFields} from '../../serving/index.ts';
import type {LivePlatform} from '../live/live-platform.ts';
import {inTurn, pastValues} from './past-values.ts';
import {findSet, readSchema, timeOf, unknown} from './read-features.ts';

const MAX_EVENTS = 1_000;

/** Why a feature has its value: the events of its window, or what it was derived from. Throws REQUEST_INVALID, FEATURE_UNKNOWN, QUEUE_FULL. */
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
  const values = await inTurn(runtime, () => pastValues(runtime, set, [request], time));
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
    const readAt = asOf(viewUse, time);
    const {count, events} = await inTurn(runtime, () =>
      eventsBehind(platform, viewUse, found, request, readAt, limit as number),
    );
    return {
      feature,
      definition: describeFeature(found, viewUse.refresh),
      at: time,
      value: valueNow(feature),
      window: {view: viewUse.view.name, source: viewUse.view.source.name, ...edges(found, readAt), count, events},
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
  feature: WindowFeature,
  request: RequestFields,
  at: number,
  limit: number,
): Promise<{count: number; events: WhyEvent[]}> {
  const keys = Object.keys(view.entity.keys).map(key => request[fields[key]!] ?? null);
  const query = windowEventsSql(view, feature, at, stream => archive.relation(stream));
  const rows = await sql.rows(query, [...keys, Math.max(1, limit)]);
  return {
    count: Number(rows[0]?.n ?? 0),
    events: rows.slice(0, limit).map(row => ({
      id: String(row._id),
      time: Number(row._time),
      arrival: Number(row._arrival),
      position: Number(row._position),
      input: row.input ?? null,
    })),
  };
}
