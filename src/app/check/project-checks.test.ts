import {expect, test} from 'vitest';
import {retrainPolicy} from '../../continual/index.ts';
import {beats, sliceNotWorse, zeroRule} from '../../evaluation/index.ts';
import {events, parquet} from '../../events/index.ts';
import {rolloutPolicy} from '../../experiments/index.ts';
import {entity, featureSet, featureView, use} from '../../features/index.ts';
import {eventLabel} from '../../labels/index.ts';
import {monitorPolicy} from '../../monitoring/index.ts';
import {type Duration, t} from '../../protocol/index.ts';
import {logisticRegression} from '../../training/index.ts';
import {type ModelDefinition, model} from '../definitions/model.ts';
import {collectProject, type Project} from '../project/project.ts';
import type {Span} from './check.ts';
import {PROJECT_CHECKS} from './project-checks.ts';

const DAY = 86_400_000;
const schema = {visitId: t.string, at: t.time, user: t.string};
const base = {schema, time: 'at', id: 'visitId'} as const;

const visits = events('visits', {...base, from: parquet('visits.parquet')});
const purchases = events('purchases', {...base, from: parquet('purchases.parquet')});
const user = entity('user', {id: t.string});
const byUser = featureView('byUser', {
  from: purchases,
  entity: user,
  keys: {id: 'user'},
  features: a => ({bought: a.count().over('7d')}),
});
const atVisit = featureSet('atVisit', {request: {user: t.string}, views: [use(byUser, {id: 'user'})]});

const options = {
  description: 'Will this visit end with a purchase?',
  owner: 'shop',
  decisions: visits,
  features: atVisit,
  label: eventLabel('bought', {from: purchases, on: 'visitId', within: '3h'}),
  trainers: [logisticRegression()],
  baselines: [zeroRule()],
  gates: [beats('zero-rule', {metric: 'logLoss'})],
  monitor: monitorPolicy({window: '1d'}),
  rollout: rolloutPolicy({shadow: {for: '1d'}}),
} as const;

const projectOf = (changes: Partial<Parameters<typeof model>[1]>, more: Record<string, unknown> = {}): Project =>
  collectProject('shop', '/nowhere', {...more, bought: model('bought', {...options, ...changes} as typeof options)});

/** `rule: message` of everything found. */
function found(project: Project, spans: Record<string, Span> = {}): string[] {
  const checked = {project, spans: new Map(Object.entries(spans))};
  return PROJECT_CHECKS.flatMap(({name, find}) => [...find(checked)].map(wrong => `${name}: ${wrong.message}`));
}

const only = (rule: string, findings: readonly string[]): string => {
  expect(findings).toHaveLength(1);
  expect(findings[0]).toMatch(new RegExp(`^${rule}: `));
  return findings[0]!;
};

test('a view that is read as of cuts without a delay is stale after each of them', () => {
  const reading = (delay?: Duration) => {
    const options = {refresh: '1d', ...(delay === undefined ? {} : {delay})} as const;
    return featureSet('atVisit', {request: {user: t.string}, views: [use(byUser, {id: 'user'}, options)]});
  };
  expect(found(projectOf({features: reading('1h')}))).toEqual([]);
  expect(only('cut-delay', found(projectOf({features: reading()})))).toContain(
    "'byUser' is read as of cuts without a delay",
  );
});

test('a sound project is found sound', () => {
  expect(found(projectOf({}), {visits: {from: 0, to: 60 * DAY}})).toEqual([]);
});

test('every rule has a name of its own and says itself in a sentence', () => {
  expect(new Set(PROJECT_CHECKS.map(check => check.name)).size).toBe(PROJECT_CHECKS.length);
  for (const {rule} of PROJECT_CHECKS) expect(rule).toMatch(/^[A-Z].*\.$/);
});

test('a project without a model is told so', () => {
  only('has-model', found(collectProject('shop', '/nowhere', {visits})));
});

test('a label from the stream of the decisions is a leak', () => {
  const label = eventLabel('bought', {from: visits, on: 'visitId', within: '3h'});
  expect(only('label-leak', found(projectOf({label})))).toContain("read from 'visits'");
});

test('labels that arrive after their window are known too late', () => {
  const slow = events('purchases', {...base, from: parquet('purchases.parquet'), delay: '6h'});
  const label = eventLabel('bought', {from: slow, on: 'visitId', within: '3h'});
  const view = featureView('byUser', {
    from: slow,
    entity: user,
    keys: {id: 'user'},
    features: a => ({bought: a.count().over('7d')}),
  });
  const features = featureSet('atVisit', {request: {user: t.string}, views: [use(view, {id: 'user'})]});
  expect(only('label-delay', found(projectOf({label, features} as never)))).toContain('arrives 6 h late');
});

test('a history no longer than the label window has no closed label, and a little more leaves splits empty', () => {
  const project = projectOf({});
  only('label-window', found(project, {visits: {from: 0, to: 3 * 3_600_000}}));
  only('split-gap', found(project, {visits: {from: 0, to: 20 * 3_600_000}}));
  expect(found(project, {visits: {from: 0, to: 21 * 3_600_000}})).toEqual([]);
});

const viewOf = (from: typeof visits | typeof purchases, keys: {id: 'user' | 'visitId'}, window: Duration = '7d') =>
  featureView('view', {from: from as typeof visits, entity: user, keys, features: a => ({n: a.count().over(window)})});

test.each([
  ['its own stream', viewOf(visits, {id: 'visitId'})],
  ['the stream of the label', viewOf(purchases, {id: 'visitId'})],
])('a view of %s keyed by the id of the decision is always empty', (_, view) => {
  const findings = found(projectOf({}, {view}));
  expect(findings.filter(finding => finding.startsWith('view-of-decision:'))).toHaveLength(1);
});

test('a view of the decisions is warned about: a request is no event', () => {
  const features = featureSet('atVisit', {
    request: {user: t.string},
    views: [use(viewOf(visits, {id: 'user'}), {id: 'user'})],
  });
  expect(only('view-of-decisions', found(projectOf({features} as never)))).toContain('is no event');
});

test('a window shorter than the delay of its source is always empty', () => {
  const slow = events('returns', {...base, delay: '2h'});
  const view = featureView('returned', {
    from: slow,
    entity: user,
    keys: {id: 'user'},
    features: a => ({n: a.count().over('1h', '1d')}),
  });
  const findings = found(projectOf({}, {view})).filter(finding => finding.startsWith('view-delay'));
  expect(only('view-delay', findings)).toContain("'n_1h' looks back 1h");
});

test('features that no model reads are named, but not those that only a derived feature reads', () => {
  const view = featureView('byUser', {
    from: purchases,
    entity: user,
    keys: {id: 'user'},
    features: a => ({bought: a.count().over('1h', '7d', '30d')}),
  });
  const features = featureSet('atVisit', {
    request: {user: t.string},
    views: [use(view, {id: 'user'})],
    derive: x => ({twice: x.bought_7d.plus(x.bought_7d)}),
  });
  const project = projectOf({features, inputs: ['bought_1h', 'twice']} as never);
  expect(only('feature-unused', found(project))).toContain('No model reads bought_30d;');
});

test('the id of the decision is no feature', () => {
  const features = featureSet('atVisit', {
    request: {user: t.string, visitId: t.string},
    views: [use(byUser, {id: 'user'})],
    derive: x => ({visit: x.visitId}),
  });
  expect(only('id-as-feature', found(projectOf({features} as never)))).toContain("'visit' is 'visitId'");
});

test('gates compare with what is evaluated, and a near miss is pointed out', () => {
  const gates = [beats('zero-rules', {metric: 'auc'}), beats('incumbent', {metric: 'auc'})];
  expect(only('gate-rival', found(projectOf({gates})))).toContain("'zero-rules'");
  only('gate-slices', found(projectOf({gates: [sliceNotWorse()]})));
});

test('a model without gates and baselines is warned about both', () => {
  expect(found(projectOf({gates: [], baselines: []})).map(finding => finding.split(':')[0])).toEqual([
    'gates',
    'gates',
  ]);
});

test('a trigger whose monitor rule is off never fires', () => {
  const monitor = monitorPolicy({performance: null, calibration: null});
  const retrain = retrainPolicy({on: {performance: true, calibration: true}});
  expect(found(projectOf({monitor, retrain})).map(finding => finding.split(':')[0])).toEqual([
    'trigger-rule',
    'trigger-rule',
  ]);
});

test('a retrain window leaves room for the labels in every split', () => {
  only('retrain-window', found(projectOf({retrain: retrainPolicy({window: '20h'})})));
  expect(found(projectOf({retrain: retrainPolicy({window: '21h'})}))).toEqual([]);
});

test('a rollout that gives up before its last labels close cannot end otherwise', () => {
  const rollout = (giveUpAfter: Duration) =>
    rolloutPolicy({shadow: {for: '1d'}, canary: {steps: [{share: 0.5, for: '1d'}]}, giveUpAfter});
  expect(only('rollout-time', found(projectOf({rollout: rollout('54h')})))).toContain('needs 2 d 6 h');
  expect(found(projectOf({rollout: rollout('55h')}))).toEqual([]);
});

test('performance that is known long after its window is warned about', () => {
  const late: Partial<ModelDefinition> = {
    label: eventLabel('bought', {from: purchases, on: 'visitId', within: '30d'}),
    rollout: rolloutPolicy({shadow: {for: '1d'}, giveUpAfter: '60d'}),
  };
  expect(only('monitor-window', found(projectOf(late as never)))).toContain('30 windows late');
});

test('streams without a history and models without words are warned about', () => {
  const pushed = events('visits', base);
  only('history', found(projectOf({decisions: pushed} as never)));
  expect(found(projectOf({description: '', owner: ''})).map(finding => finding.split(':')[0])).toEqual([
    'described',
    'described',
  ]);
});
