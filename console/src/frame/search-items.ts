/** Everything that search can open, and how well it fits what was typed. */
import type {Alert, Features, Incident, ModelVersion, Retrain} from 'millrace/protocol';
import {incidentPath} from '../windows/incident-words.ts';
import {PLACES} from './places.tsx';

export type SearchItem = {
  readonly kind: string;
  readonly title: string;
  readonly detail: string;
  readonly path: string;
};

export function searchItems(found: {
  versions: readonly ModelVersion[];
  features: Features;
  alerts: readonly Alert[];
  incidents: readonly Incident[];
  retrains: readonly Retrain[];
}): SearchItem[] {
  const incidentOf = new Map(found.incidents.flatMap(incident => incident.alerts.map(id => [id, incident.id])));
  const models = [...new Set(found.versions.map(version => version.model))];
  return [
    ...PLACES.map(place => ({kind: 'page', title: place.title, detail: '', path: place.path})),
    {
      kind: 'page',
      title: 'Consistency',
      detail: 'served features against the event log, skew',
      path: '/monitoring/consistency',
    },
    {
      kind: 'page',
      title: 'Silences',
      detail: 'maintenance, channels, what nobody is told of',
      path: '/monitoring/silences',
    },
    {kind: 'page', title: 'Reviews', detail: 'predictions that wait for people', path: '/serving/reviews'},
    ...models.map(model => ({
      kind: 'model',
      title: model,
      detail: 'all versions',
      path: `/models?model=${encodeURIComponent(model)}`,
    })),
    ...found.versions.map(version => ({
      kind: 'version',
      title: `${version.model} v${version.version}`,
      detail: `${version.status}, ${version.algorithm}`,
      path: `/models/${encodeURIComponent(version.model)}/${version.version}`,
    })),
    ...found.features.map(feature => ({
      kind: 'feature',
      title: feature.name,
      detail: feature.definition,
      path: `/features/${encodeURIComponent(feature.name)}`,
    })),
    ...found.incidents.map(({id, title, resolvedAt}) => ({
      kind: 'incident',
      title,
      detail: resolvedAt === null ? 'open' : 'resolved',
      path: incidentPath(id),
    })),
    ...found.alerts.map(alert => ({
      kind: 'alert',
      title: alert.title,
      detail: alert.resolvedAt === null ? 'open' : 'resolved',
      path: alertPath(alert.id, incidentOf.get(alert.id)),
    })),
    ...found.retrains.map(retrain => ({
      kind: 'retrain',
      title: retrain.id,
      detail: `${retrain.outcome}: ${retrain.trigger.reason}`,
      path: `/experiments/${encodeURIComponent(retrain.id)}`,
    })),
  ];
}

/** An alert is shown with its incident; those of earlier releases had none. */
const alertPath = (id: string, incident: string | undefined): string =>
  incident === undefined
    ? `/monitoring?alert=${encodeURIComponent(id)}`
    : `${incidentPath(incident)}#${encodeURIComponent(id)}`;

/** All words must occur; a title that starts with the text comes first, then one that contains it. */
export function matching(items: readonly SearchItem[], text: string, limit = 12): SearchItem[] {
  const words = text.toLowerCase().split(/\s+/).filter(Boolean);
  if (words.length === 0) return items.slice(0, limit);
  const whole = words.join(' ');
  return items
    .map(item => {
      const title = item.title.toLowerCase();
      const all = `${item.kind} ${title} ${item.detail.toLowerCase()}`;
      if (!words.every(word => all.includes(word))) return {item, rank: -1};
      return {
        item,
        rank: title.startsWith(whole)
          ? 3
          : title.includes(whole)
            ? 2
            : words.every(word => title.includes(word))
              ? 1
              : 0,
      };
    })
    .filter(({rank}) => rank >= 0)
    .sort((a, b) => b.rank - a.rank)
    .slice(0, limit)
    .map(({item}) => item);
}
