/** What a model serves, as columns that checks are tried on. */

import {columnsOf, type FeatureSet} from '../../features/index.ts';
import {FALLBACK, PREDICTION, type ServedColumn} from '../../monitoring/index.ts';

/** Fields of the request, then features, each in their order, then the prediction and what answered. */
export function servedColumns(set: FeatureSet): ServedColumn[] {
  const personal = personalColumns(set);
  const column = (name: string, level: ServedColumn['level'], type: ServedColumn['type']): ServedColumn => ({
    name,
    level,
    ...(type === undefined ? {} : {type}),
    personal: personal.has(name),
  });
  return [
    ...Object.entries(set.request).map(([name, {type}]) => column(name, 'input', type)),
    ...set.features.map(({name, type}) => column(name, 'feature', type)),
    PREDICTION,
    FALLBACK,
  ];
}

/**
 * Features about a person, by what their views say, and what is derived from them. A field of the request has no such
 * word of its own: it counts as personal where it is the key of a view with personal features, because it then says
 * who the person is.
 */
export function personalColumns({views, derived}: FeatureSet): Set<string> {
  const personal = new Set<string>();
  for (const {view, fields} of views) {
    const own = view.features.filter(({about}) => about.sensitivity === 'personal').map(({name}) => name);
    for (const name of own) personal.add(name);
    if (own.length > 0) for (const field of Object.values(fields)) personal.add(field);
  }
  // A feature is derived from those before it, so one pass sees them all.
  for (const {name, node} of derived) if (columnsOf(node).some(read => personal.has(read))) personal.add(name);
  return personal;
}
