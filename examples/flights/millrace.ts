import {entity, events, featureSet, featureView, inRange, parquet, t, use} from 'millrace';

const flight = {flightId: t.string, origin: t.string, destination: t.string, distance: t.int};

export const departures = events('departures', {
  schema: {...flight, departedAt: t.time, zone: t.string},
  time: 'departedAt',
  id: 'flightId',
  checks: [inRange('distance', {min: 1, max: 6_000})],
  from: parquet('departures.parquet'),
});

export const arrivals = events('arrivals', {
  schema: {...flight, landedAt: t.time, delay: t.int},
  time: 'landedAt',
  id: 'flightId',
  checks: [inRange('delay', {min: -60}), inRange('delay', {max: 1_000}, 'warn')],
  from: parquet('arrivals.parquet'),
});

const airport = entity('airport', {code: t.string});
const pair = entity('route', {from: t.string, to: t.string});

/** Flights that left an airport and have landed. */
export const outbound = featureView('outbound', {
  from: arrivals,
  entity: airport,
  keys: {code: 'origin'},
  features: a => ({
    outLate: a.share(a.col.delay.gt(15)).over('1h', '2h', '24h'),
    outDelay: a.mean('delay').over('2h', '24h'),
    outFlights: a.count().over('2h'),
  }),
});

export const route = featureView('route', {
  from: arrivals,
  entity: pair,
  keys: {from: 'origin', to: 'destination'},
  features: a => ({routeLate: a.share(a.col.delay.gt(15)).over('24h')}),
});

export const atDeparture = featureSet('atDeparture', {
  request: {origin: t.string, destination: t.string, distance: t.int, zone: t.string},
  views: [use(outbound, {code: 'origin'}), use(route, {from: 'origin', to: 'destination'})],
  derive: x => ({
    distance: x.distance,
    hour: x.at.hour(x.zone),
    weekday: x.at.weekday(x.zone),
    trend: x.outLate_1h.minus(x.outLate_24h),
  }),
});
