// What Millrace serves beside the others: the ONNX file as it is, and the same trees behind a project's own features: 28
// numbers in a request, each of them a feature.
import {
  atLeast,
  events,
  featureSet,
  gradientBoostedTrees,
  importedModel,
  jsonLines,
  model,
  monitorPolicy,
  rolloutPolicy,
  t,
  valueLabel,
  zeroRule,
} from 'millrace';

const NUMBERS = Array.from({length: 28}, (_, f) => `f${f}` as const);
type Numbers<V> = {readonly [name in `f${number}`]: V};
const numbers = Object.fromEntries(NUMBERS.map(name => [name, t.number])) as Numbers<typeof t.number>;

export const rows = events('rows', {
  schema: {id: t.string, at: t.time, ...numbers},
  time: 'at',
  id: 'id',
  from: jsonLines('rows.jsonl'),
});

export const outcomes = events('outcomes', {
  schema: {id: t.string, at: t.time, label: t.int},
  time: 'at',
  id: 'id',
  from: jsonLines('outcomes.jsonl'),
});

export const row = featureSet('row', {
  request: {...numbers},
  views: [],
  derive: x => Object.fromEntries(NUMBERS.map(name => [`x${name.slice(1)}`, x[name]!])),
});

export const scored = model('scored', {
  description: 'A synthetic label of 28 numbers.',
  decisions: rows as never,
  features: row,
  label: valueLabel('positive', {from: outcomes, on: 'id', is: a => a.label.gt(0), within: '1m'}),
  trainers: [gradientBoostedTrees({trees: 100, leaves: 31, growth: 'leaf', earlyStoppingRounds: 0})],
  baselines: [zeroRule()],
  gates: [atLeast('auc', 0.6)],
  monitor: monitorPolicy({window: '1d'}),
  rollout: rolloutPolicy({
    shadow: {for: '1d', minRows: 100},
    canary: {steps: [{share: 0.5, for: '1d'}], minRows: 100},
    promoteIf: {metric: 'logLoss', notWorseBy: 0.01},
  }),
});

export const imported = importedModel('imported', {description: "LightGBM's trees.", from: 'model.onnx'});
