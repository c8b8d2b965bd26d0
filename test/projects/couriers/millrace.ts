// A small project for tests of whole runs: will this meal be more than ten minutes late? Three weeks of orders;
// on the fourteenth day the couriers get scooters, and distance no longer means what it meant.
import {
  atLeast,
  beats,
  csv,
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
  retrainPolicy,
  rolloutPolicy,
  sliceBy,
  t,
  use,
  valueLabel,
  zeroRule,
} from 'millrace';

export {prepare} from './prepare.ts';

export const orders = events('orders', {
  schema: {orderId: t.string, kitchen: t.string, distance: t.number, orderedAt: t.time},
  time: 'orderedAt',
  id: 'orderId',
  checks: [inRange('distance', {min: 0, max: 50})],
  from: csv('orders.csv'),
});

export const deliveries = events('deliveries', {
  schema: {orderId: t.string, kitchen: t.string, delay: t.int.orNull(), deliveredAt: t.time},
  time: 'deliveredAt',
  id: 'orderId',
  from: csv('deliveries.csv'),
});

const kitchen = entity('kitchen', {name: t.string});

export const recent = featureView('recent', {
  from: deliveries,
  entity: kitchen,
  keys: {name: 'kitchen'},
  about: {description: 'How the kitchen has delivered of late.', owner: 'dispatch', tags: ['delivery', 'live']},
  aboutEach: {late: {description: 'Share of meals that came more than ten minutes late.'}},
  features: a => ({
    late: a.share(a.col.delay.gt(10)).over('1h', '6h'),
    delay: a.mean('delay').over('2h'),
    out: a.count().over('1h'),
  }),
});

export const load = featureView('load', {
  from: orders,
  entity: kitchen,
  keys: {name: 'kitchen'},
  about: {owner: 'kitchens', tags: ['live']},
  aboutEach: {lastDistance: {description: 'Where the last order went.', sensitivity: 'personal'}},
  features: a => ({queue: a.count().over('30m'), lastDistance: a.last('distance').over('30m')}),
});

export const atOrder = featureSet('atOrder', {
  request: {kitchen: t.string, distance: t.number},
  views: [use(recent, {name: 'kitchen'}), use(load, {name: 'kitchen'})],
  derive: x => ({km: x.distance, hour: x.at.hour('Europe/Athens'), place: x.kitchen}),
});

export const late = valueLabel('late', {from: deliveries, on: 'orderId', is: d => d.delay.gt(10), within: '4h'});

export const punctuality = model('punctuality', {
  description: 'Will this meal be more than ten minutes late?',
  owner: 'dispatch',
  decisions: orders,
  features: atOrder,
  label: late,
  trainers: [
    logisticRegression({tolerance: 1e-4}),
    gradientBoostedTrees({trees: 30, leaves: 8, learningRate: 0.2, minRowsInLeaf: 30}),
  ],
  baselines: [zeroRule(), historicalRate('kitchen')],
  slices: [sliceBy('kitchen', {maxValues: 3})],
  gates: [
    beats('zero-rule', {metric: 'logLoss', by: 0.001}),
    atLeast('auc', 0.6),
    notWorseThan('incumbent', {metric: 'logLoss', within: 0.01}),
  ],
  monitor: monitorPolicy({
    window: '1d',
    minLabelled: 100,
    performance: {drop: 0.06, for: {k: 2, n: 2}},
    calibration: {ratio: [0.6, 1.6], for: {k: 2, n: 2}},
    drift: {effect: 0.25, for: {k: 2, n: 3}},
  }),
  retrain: retrainPolicy({cooldown: '2d', takes: '1h', window: '3d', on: {calibration: false}}),
  rollout: rolloutPolicy({
    shadow: {for: '12h', minRows: 200},
    canary: {steps: [{share: 0.3, for: '1d'}], minRows: 60},
    promoteIf: {metric: 'logLoss', notWorseBy: 0.01},
    giveUpAfter: '5d',
  }),
});
