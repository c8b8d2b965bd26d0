// A web shop: will this visit end with a purchase? Everything that Millrace runs is defined here.
import {
  atLeast,
  beats,
  entity,
  eventLabel,
  events,
  featureSet,
  featureView,
  gradientBoostedTrees,
  historicalRate,
  inRange,
  jsonLines,
  logisticRegression,
  model,
  monitorPolicy,
  notWorseThan,
  oneOf,
  retrainPolicy,
  rolloutPolicy,
  sliceBy,
  t,
  use,
  zeroRule,
} from 'millrace';

// Makes the data of this example. Remove it once the sources name files of your own.
export {prepare} from './prepare.ts';

const CHANNELS = ['search', 'mail', 'social', 'direct'];

/** A visit begins: the moment at which a prediction is wanted. */
export const visits = events('visits', {
  schema: {visitId: t.string, at: t.time, shopper: t.string, channel: t.string},
  time: 'at',
  id: 'visitId',
  checks: [oneOf('channel', CHANNELS)],
  from: jsonLines('visits.jsonl'),
});

/** A visit ended with a purchase. */
export const purchases = events('purchases', {
  schema: {visitId: t.string, at: t.time, shopper: t.string, channel: t.string, amount: t.number},
  time: 'at',
  id: 'visitId',
  checks: [inRange('amount', {min: 0}), inRange('amount', {max: 2_000}, 'warn')],
  from: jsonLines('purchases.jsonl'),
});

const shopper = entity('shopper', {id: t.string});
const channel = entity('channel', {name: t.string});

/** What a shopper has bought so far. */
export const byShopper = featureView('byShopper', {
  from: purchases,
  entity: shopper,
  keys: {id: 'shopper'},
  features: a => ({
    bought: a.count().over('7d', '30d'),
    spent: a.sum('amount').over('30d'),
  }),
});

/** What was bought through a channel of late: campaigns come and go. */
export const byChannel = featureView('byChannel', {
  from: purchases,
  entity: channel,
  keys: {name: 'channel'},
  features: a => ({sold: a.count().over('12h', '3d')}),
});

export const atVisit = featureSet('atVisit', {
  request: {shopper: t.string, channel: t.string},
  views: [use(byShopper, {id: 'shopper'}), use(byChannel, {name: 'channel'})],
  derive: x => ({via: x.channel, hour: x.at.hour('UTC')}),
});

export const bought = eventLabel('bought', {from: purchases, on: 'visitId', within: '3h'});

export const conversion = model('conversion', {
  description: 'Will this visit end with a purchase within three hours?',
  owner: 'shop',
  decisions: visits,
  features: atVisit,
  label: bought,
  trainers: [logisticRegression({l2: 1}), gradientBoostedTrees({trees: 80, leaves: 12, minRowsInLeaf: 60})],
  baselines: [zeroRule(), historicalRate('channel')],
  slices: [sliceBy('channel', {minRows: 200})],
  gates: [
    beats('zero-rule', {metric: 'logLoss'}),
    atLeast('auc', 0.6),
    notWorseThan('incumbent', {metric: 'logLoss', within: 0.01}),
  ],
  monitor: monitorPolicy({window: '1d', minLabelled: 100}),
  retrain: retrainPolicy({atLatest: '14d', cooldown: '3d'}),
  rollout: rolloutPolicy({
    shadow: {for: '1d', minRows: 200},
    canary: {steps: [{share: 0.25, for: '2d'}], minRows: 50},
    promoteIf: {metric: 'logLoss', notWorseBy: 0.02},
  }),
});
