// The couriers again, with all that serving can be told: what answers when the model cannot, what sticks, what is made
// beforehand, when people are asked, and feedback.
import {
  beats,
  feedback,
  fixedValue,
  gradientBoostedTrees,
  lastPrediction,
  logisticRegression,
  model,
  monitorPolicy,
  rolloutPolicy,
  rule,
  servingPolicy,
  simpler,
  slo,
  zeroRule,
} from 'millrace';
import {atOrder, late, orders} from '../couriers/millrace.ts';

export {prepare} from '../couriers/prepare.ts';

export const said = feedback('said');

export const punctuality = model('punctuality', {
  decisions: orders,
  features: atOrder,
  label: late,
  trainers: [
    logisticRegression({tolerance: 1e-4}),
    gradientBoostedTrees({trees: 30, leaves: 8, learningRate: 0.2, minRowsInLeaf: 30}),
  ],
  baselines: [zeroRule()],
  reduced: [{name: 'by distance', inputs: ['km', 'hour']}],
  gates: [beats('zero-rule', {metric: 'logLoss', by: 0.001})],
  monitor: monitorPolicy({
    slos: [
      slo('answers', {of: 'availability', target: 0.999}),
      slo('fast', {of: 'latency', below: '1s', target: 0.99, over: '7d'}),
      slo('its own', {of: 'fallback', target: 0.9}),
    ],
  }),
  rollout: rolloutPolicy({shadow: {for: '12h', minRows: 200}, canary: {steps: [{share: 0.3, for: '1d'}], minRows: 60}}),
  feedback: said,
  serving: servingPolicy({
    features: {mayMiss: 0.5},
    fallback: [
      simpler('by distance'),
      rule(atOrder, x => x.late_1h.orElse(0.3)),
      lastPrediction({maxAge: '1d'}),
      fixedValue(0.2),
    ],
    abstain: {below: 0.55},
    hybrid: {times: 3, over: '1d', every: '1h'},
  }),
});
