// The example of the README: will a flight arrive more than 15 minutes late? Predicted when it departs.
import {
  atLeast,
  beats,
  calibratedWithin,
  entity,
  events,
  featureSet,
  featureView,
  fixedValue,
  gradientBoostedTrees,
  historicalRate,
  inRange,
  lastPrediction,
  logisticRegression,
  model,
  monitorPolicy,
  notWorseThan,
  parquet,
  randomScores,
  retrainPolicy,
  rolloutPolicy,
  servingPolicy,
  simpler,
  sliceBy,
  t,
  use,
  valueLabel,
  zeroRule,
} from 'millrace';

export {prepare} from './prepare.ts';

const flight = {flightId: t.string, origin: t.string, destination: t.string, distance: t.int};

// A flight leaves: the moment at which a prediction is wanted.
export const departures = events('departures', {
  schema: {...flight, departedAt: t.time, zone: t.string},
  time: 'departedAt',
  id: 'flightId',
  checks: [inRange('distance', {min: 1, max: 6_000})],
  from: parquet('departures.parquet'),
});

// It has landed, and its delay (minutes) is known.
export const arrivals = events('arrivals', {
  schema: {...flight, landedAt: t.time, delay: t.int},
  time: 'landedAt',
  id: 'flightId',
  checks: [
    inRange('delay', {min: -120, max: 1_380}), // outside: counted a day too early or too late, so the label would be wrong
    inRange('delay', {min: -60, max: 1_000}, 'warn'), // rare but real
  ],
  from: parquet('arrivals.parquet'),
});

const airport = entity('airport', {code: t.string});
const route = entity('route', {from: t.string, to: t.string});

/** Flights that left an airport and have landed since. */
export const outbound = featureView('outbound', {
  from: arrivals,
  entity: airport,
  keys: {code: 'origin'},
  features: a => ({outLate: a.share(a.col.delay.gt(15)).over('2h', '24h'), outDelay: a.mean('delay').over('2h')}),
});

/** Flights that landed at the destination. */
export const inbound = featureView('inbound', {
  from: arrivals,
  entity: airport,
  keys: {code: 'destination'},
  features: a => ({inLate: a.share(a.col.delay.gt(15)).over('2h', '24h'), inFlights: a.count().over('1h')}),
});

/** Flights that landed where this one leaves: its aircraft was among them. */
export const turnaround = featureView('turnaround', {
  from: arrivals,
  entity: airport,
  keys: {code: 'destination'},
  features: a => ({
    turnLate: a.share(a.col.delay.gt(15)).over('1h'),
    turnDelay: a.mean('delay').over('1h'),
    turnFlights: a.count().over('1h'),
  }),
});

export const between = featureView('between', {
  from: arrivals,
  entity: route,
  keys: {from: 'origin', to: 'destination'},
  features: a => ({routeLate: a.share(a.col.delay.gt(15)).over('24h', '7d'), routeDelay: a.mean('delay').over('24h')}),
});

export const traffic = featureView('traffic', {
  from: departures,
  entity: airport,
  keys: {code: 'origin'},
  features: a => ({leaving: a.count().over('1h')}),
});

export const atDeparture = featureSet('atDeparture', {
  request: {origin: t.string, destination: t.string, distance: t.int, zone: t.string},
  views: [
    use(outbound, {code: 'origin'}),
    use(inbound, {code: 'destination'}),
    use(turnaround, {code: 'origin'}),
    use(between, {from: 'origin', to: 'destination'}),
    use(traffic, {code: 'origin'}),
  ],
  derive: x => ({hour: x.at.hour(x.zone), weekday: x.at.weekday(x.zone), miles: x.distance}),
});

export const late = valueLabel('late', {from: arrivals, on: 'flightId', is: a => a.delay.gt(15), within: '12h'});

export const lateness = model('lateness', {
  description: 'Will this flight arrive more than 15 minutes late?',
  owner: 'operations',
  decisions: departures,
  features: atDeparture,
  label: late,
  trainers: [logisticRegression({tolerance: 1e-6}), gradientBoostedTrees({trees: 150, leaves: 31, minRowsInLeaf: 100})],
  baselines: [zeroRule(), randomScores(), historicalRate('origin')],
  reduced: [{name: 'without-live-features', inputs: ['hour', 'weekday', 'miles']}],
  slices: [sliceBy('origin', {maxValues: 15}), sliceBy('hour')],
  gates: [
    beats('zero-rule', {metric: 'logLoss', by: 0.01}),
    beats('historical-rate', {metric: 'auc', by: 0.02}),
    beats('without-live-features', {metric: 'auc', by: 0.02}),
    atLeast('auc', 0.65),
    calibratedWithin(0.08),
    notWorseThan('incumbent', {metric: 'logLoss', within: 0.002}),
  ],
  monitor: monitorPolicy({
    window: '1d',
    performance: {drop: 0.05, for: {k: 3, n: 5}},
    calibration: {ratio: [0.75, 1.33], for: {k: 5, n: 7}},
    drift: {effect: 0.25, except: ['hour', 'weekday'], for: {k: 3, n: 4}},
    predictionDrift: {effect: 0.5, for: {k: 3, n: 4}},
  }),
  serving: servingPolicy({
    fallback: [simpler('without-live-features'), lastPrediction({maxAge: '7d'}), fixedValue(0.18)],
  }),
  retrain: retrainPolicy({atLatest: '30d', cooldown: '7d', takes: '1h'}),
  rollout: rolloutPolicy({
    shadow: {for: '1d', minRows: 2_000},
    canary: {
      steps: [
        {share: 0.1, for: '1d'},
        {share: 0.5, for: '1d'},
      ],
      minRows: 500,
    },
    promoteIf: {metric: 'logLoss', notWorseBy: 0.002},
  }),
});
