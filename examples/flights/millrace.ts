// The example of the README: will a flight arrive more than 15 minutes late? Predicted when it departs.
import {
  atLeast,
  beats,
  calibratedWithin,
  entity,
  events,
  featureSet,
  featureView,
  gradientBoostedTrees,
  historicalRate,
  inRange,
  logisticRegression,
  model,
  monitorPolicy,
  notWorseThan,
  parquet,
  randomScores,
  retrainPolicy,
  rolloutPolicy,
  sliceBy,
  t,
  use,
  valueLabel,
  zeroRule,
} from 'millrace';

export {prepare} from './prepare.ts';

const flight = {flightId: t.string, origin: t.string, destination: t.string, distance: t.int};

/** A flight leaves: the moment at which a prediction is wanted. */
export const departures = events('departures', {
  schema: {...flight, departedAt: t.time, zone: t.string},
  time: 'departedAt',
  id: 'flightId',
  checks: [inRange('distance', {min: 1, max: 6_000})],
  from: parquet('departures.parquet'),
});

/** The same flight has landed, and its delay (minutes) is known. */
export const arrivals = events('arrivals', {
  schema: {...flight, landedAt: t.time, delay: t.int},
  time: 'landedAt',
  id: 'flightId',
  checks: [
    inRange('delay', {min: -60}), // below: a day's wrap-around, so the label would be wrong
    inRange('delay', {max: 1_000}, 'warn'), // above: rare but real
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
  features: a => ({
    outLate: a.share(a.col.delay.gt(15)).over('1h', '2h', '24h'),
    outDelay: a.mean('delay').over('2h', '24h'),
    outFlights: a.count().over('2h'),
  }),
});

/** Flights that landed at an airport. */
export const inbound = featureView('inbound', {
  from: arrivals,
  entity: airport,
  keys: {code: 'destination'},
  features: a => ({
    inLate: a.share(a.col.delay.gt(15)).over('1h', '2h', '24h'),
    inDelay: a.mean('delay').over('2h'),
  }),
});

export const between = featureView('between', {
  from: arrivals,
  entity: route,
  keys: {from: 'origin', to: 'destination'},
  features: a => ({routeLate: a.share(a.col.delay.gt(15)).over('24h'), routeDelay: a.last('delay').over('24h')}),
});

export const atDeparture = featureSet('atDeparture', {
  request: {origin: t.string, destination: t.string, distance: t.int, zone: t.string},
  views: [
    use(outbound, {code: 'origin'}),
    use(inbound, {code: 'destination'}),
    use(between, {from: 'origin', to: 'destination'}),
  ],
  derive: x => ({
    hour: x.at.hour(x.zone),
    weekday: x.at.weekday(x.zone),
    miles: x.distance,
    trend: x.outLate_1h.minus(x.outLate_24h),
  }),
});

export const late = valueLabel('late', {from: arrivals, on: 'flightId', is: a => a.delay.gt(15), within: '12h'});

export const lateness = model('lateness', {
  description: 'Will this flight arrive more than 15 minutes late?',
  owner: 'operations',
  decisions: departures,
  features: atDeparture,
  label: late,
  trainers: [
    logisticRegression({l2: 1}),
    gradientBoostedTrees({trees: 150, learningRate: 0.1, leaves: 31, minRowsInLeaf: 100, earlyStoppingRounds: 15}),
  ],
  baselines: [zeroRule(), randomScores(), historicalRate('origin')],
  slices: [sliceBy('origin', {maxValues: 15}), sliceBy('hour', {maxValues: 24})],
  gates: [
    beats('zero-rule', {metric: 'logLoss', by: 0.01}),
    beats('historical-rate', {metric: 'auc', by: 0.02}),
    atLeast('auc', 0.65),
    calibratedWithin(0.08),
    notWorseThan('incumbent', {metric: 'logLoss', within: 0.002}),
  ],
  monitor: monitorPolicy({
    window: '1d',
    performance: {drop: 0.02, for: {k: 3, n: 5}},
    calibration: {ratio: [0.75, 1.33], for: {k: 5, n: 7}},
    drift: {effect: 0.25, for: {k: 3, n: 4}},
  }),
  retrain: retrainPolicy({
    on: {performance: true, calibration: true, drift: false},
    atLatest: '30d',
    cooldown: '7d',
    takes: '1h',
    window: 'expanding',
  }),
  rollout: rolloutPolicy({
    shadow: {for: '1d', minRows: 2_000},
    canary: {
      steps: [
        {share: 0.1, for: '1d'},
        {share: 0.5, for: '1d'},
      ],
      minRows: 500,
    },
    promoteIf: {metric: 'logLoss', notWorseBy: 0.001},
    giveUpAfter: '14d',
  }),
});
