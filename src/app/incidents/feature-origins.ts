// Where the features of a set come from, as the grouping of alerts wants to know it.
import {columnsOf, type FeatureSet, QUERY_TIME} from '../../features/index.ts';
import type {FeatureOrigin, Origins} from '../../monitoring/index.ts';

/** Features of views by their stream, fields of the request, and what is derived of either: of a view if any of it is. */
export function originsOf(set: FeatureSet): Origins {
  const origins = new Map<string, FeatureOrigin>();
  for (const field of Object.keys(set.request)) origins.set(field, {view: null, stream: null, request: field});
  for (const {view} of set.views)
    for (const {name} of view.features) origins.set(name, {view: view.name, stream: view.source.name, request: null});
  // Derived features read only what stands before them.
  for (const {name, node} of set.derived) {
    const read = [...columnsOf(node)].flatMap(column => origins.get(column) ?? []);
    const origin = read.find(({view}) => view !== null) ?? read[0];
    // What only tells the time comes from nowhere that could break.
    if (origin) origins.set(name, origin);
  }
  origins.delete(QUERY_TIME);
  return origins;
}
