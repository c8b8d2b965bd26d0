// A shop's view in some variants, and a project around it.
import {events} from '../../events/index.ts';
import {entity, type FeatureView, featureSet, featureView, use} from '../../features/index.ts';
import {t} from '../../protocol/index.ts';
import type {Project} from '../project/project.ts';

export const schema = {id: t.string, code: t.string, to: t.string, delay: t.int, paid: t.number, at: t.time};
export const arrivals = events('arrivals', {schema, time: 'at', id: 'id', lateness: '24h'});
export const slowArrivals = events('arrivals', {schema, time: 'at', id: 'id', lateness: '48h'});
export const airport = entity('airport', {code: t.string});
export const route = entity('route', {to: t.string, code: t.string});

/** The view that the others are variants of. */
export const late = featureView('landed', {
  from: arrivals,
  entity: airport,
  keys: {code: 'code'},
  features: a => ({
    late: a.share(a.col.delay.gt(15)).over('1h', '6h'),
    paid: a.where(a.col.delay.gt(0)).sum('paid').over('1h'),
    median: a.quantile('delay', 0.5).over('6h'),
  }),
});

export const projectOf = (views: readonly FeatureView[], models: Project['models'] = []): Project => ({
  name: 'airport',
  folder: '/',
  sources: [arrivals],
  views,
  sets: [],
  models,
  imported: [],
  prepare: null,
});

export const setOf = (view: FeatureView) =>
  featureSet('atDeparture', {request: {origin: t.string, miles: t.int}, views: [use(view, {code: 'origin'})]});
