/** Where the features of a model come from: what groups alerts by their cause. */

import type {AlertFeature, IncidentCause} from '../../protocol/index.ts';

/** As far up the lineage as is known. */
export type FeatureOrigin = {
  readonly view: string | null;
  /** Stream that the view reads. */
  readonly stream: string | null;
  /** Field of the request that it is, or is computed from. */
  readonly request: string | null;
};

export type Origins = ReadonlyMap<string, FeatureOrigin>;

/** What callers send has one cause, whichever field it is. */
export const REQUESTS: IncidentCause = Object.freeze({kind: 'request', name: 'requests'});

/** How much a feature matters: effect × importance, and × what it changes in the estimate where that is known. */
export const weightOf = ({effect, importance, estimatedChange}: AlertFeature): number =>
  effect * importance * Math.abs(estimatedChange ?? 1);

/**
 * The cause that most of the weight comes from, or of the effect where nothing has weight; null if no feature has a known origin. It is the view where only one
 * of those that read the stream changed, else the stream.
 */
export function causeOfFeatures(features: readonly AlertFeature[], origins: Origins): IncidentCause | null {
  const weights = new Map<string, {cause: IncidentCause; weight: number; effect: number; views: Set<string>}>();
  for (const feature of features) {
    const origin = origins.get(feature.feature);
    const cause = origin && furthest(origin);
    if (!cause) continue;
    const key = `${cause.kind}:${cause.name}`;
    const group = weights.get(key) ?? {cause, weight: 0, effect: 0, views: new Set()};
    group.weight += weightOf(feature);
    group.effect += feature.effect;
    if (origin.view !== null) group.views.add(origin.view);
    weights.set(key, group);
  }
  const groups = [...weights].sort(([a, x], [b, y]) => y.weight - x.weight || y.effect - x.effect || (a < b ? -1 : 1));
  const heaviest = groups[0]?.[1];
  if (!heaviest) return null;
  const {cause, views} = heaviest;
  if (cause.kind !== 'source' || views.size !== 1) return cause;
  const [view] = views as Set<string>;
  const isOneOfSeveral = [...origins.values()].some(other => other.stream === cause.name && other.view !== view);
  return isOneOfSeveral ? {kind: 'view', name: view!} : cause;
}

function furthest({stream, view, request}: FeatureOrigin): IncidentCause | null {
  if (stream !== null) return {kind: 'source', name: stream};
  if (view !== null) return {kind: 'view', name: view};
  return request === null ? null : REQUESTS;
}

/** Features by where they come from, as far up as is known, in the order given; those of unknown origin are left out. */
export function byCause(
  features: readonly AlertFeature[],
  origins: Origins,
): {readonly cause: IncidentCause; readonly features: readonly string[]}[] {
  const groups = new Map<string, {cause: IncidentCause; features: string[]}>();
  for (const {feature} of features) {
    const origin = origins.get(feature);
    const cause = origin && furthest(origin);
    if (!cause) continue;
    const group = groups.get(`${cause.kind}:${cause.name}`) ?? {cause, features: []};
    group.features.push(feature);
    groups.set(`${cause.kind}:${cause.name}`, group);
  }
  return [...groups.values()];
}

/** Causes of one family are one incident: a view belongs to the stream that it reads. */
export function familyOf({kind, name}: IncidentCause, origins: Origins): string {
  if (kind === 'view')
    for (const {view, stream} of origins.values()) if (view === name && stream !== null) return `source:${stream}`;
  return `${kind}:${name}`;
}

/** The cause of both, which are of one family: the stream, unless they are the same. */
export function commonCause(a: IncidentCause, b: IncidentCause, origins: Origins): IncidentCause {
  if (a.kind === b.kind && a.name === b.name) return a;
  const family = familyOf(a, origins);
  return family.startsWith('source:') ? {kind: 'source', name: family.slice('source:'.length)} : a;
}
