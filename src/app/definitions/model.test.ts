import {describe, expect, test} from 'vitest';
import {retrainPolicy} from '../../continual/index.ts';
import {historicalRate, sliceBy, zeroRule} from '../../evaluation/index.ts';
import {events} from '../../events/index.ts';
import {rolloutPolicy} from '../../experiments/index.ts';
import {entity, featureSet, featureView, use} from '../../features/index.ts';
import {valueLabel} from '../../labels/index.ts';
import {monitorPolicy} from '../../monitoring/index.ts';
import {MillraceError, t} from '../../protocol/index.ts';
import {logisticRegression} from '../../training/index.ts';
import {featureCatalogue} from '../catalogue/feature-records.ts';
import {collectProject, findModel, findSource} from '../project/project.ts';
import {forShortHistory} from '../quickstart/short-history.ts';
import {policyOf} from './describe.ts';
import {model} from './model.ts';

const orders = events('orders', {
  schema: {id: t.string, shop: t.string, total: t.number, at: t.time},
  time: 'at',
  id: 'id',
});
const returned = events('returns', {
  schema: {id: t.string, order: t.string, ok: t.bool, at: t.time},
  time: 'at',
  id: 'id',
});
const sales = featureView('sales', {
  from: orders,
  entity: entity('shop', {shop: t.string}),
  keys: {shop: 'shop'},
  features: a => ({n: a.count().over('1h'), big: a.where(a.col.total.gt(10)).sum('total').over('1d')}),
});
const set = featureSet('atOrder', {
  request: {shop: t.string, total: t.number},
  views: [use(sales, {shop: 'shop'})],
  derive: x => ({size: x.total}),
});
const usual = {
  decisions: orders,
  features: set,
  label: valueLabel('bad', {from: returned, on: 'order', is: r => r.ok.not(), within: '2d'}),
  trainers: [logisticRegression()],
  baselines: [zeroRule()],
  gates: [],
  monitor: monitorPolicy(),
  rollout: rolloutPolicy({shadow: {for: '1d'}}),
};
const bad = model('bad', usual);

function problemsOf(define: () => unknown): string[] {
  try {
    define();
  } catch (error) {
    if (error instanceof MillraceError && error.code === 'DEFINITION_INVALID')
      return error.problems.map(({path, message}) => `${path}: ${message}`);
    throw error;
  }
  return [];
}

describe('a model', () => {
  test('reads all features of its set unless told, and is frozen', () => {
    expect(bad.inputs).toEqual(['n_1h', 'big_1d', 'size']);
    expect(bad.split).toEqual({train: 0.7, validation: 0.15});
    expect(Object.isFrozen(bad)).toBe(true);
  });

  test('is named so that its files and addresses can be', () => {
    for (const name of ['late', 'late.v2', 'Late_2-b', '7']) expect(problemsOf(() => model(name, usual))).toEqual([]);
    for (const name of ['', 'a b', 'modèl', 'a/b', '..', 'say "hi"', 'two\nlines', 'x'.repeat(64)])
      expect(
        problemsOf(() => model(name, usual)),
        name,
      ).toEqual([expect.stringMatching(/^name: '.*' is no name/s)]);
  });

  test('says what was left out', () => {
    const {rollout: _, gates: __, ...rest} = usual;
    // @ts-expect-error as project files are run without a compiler
    expect(problemsOf(() => model('m', rest))).toEqual(['gates: It has no gates.', 'rollout: It has no rollout.']);
  });

  test('names everything that is wrong with it at once', () => {
    const other = featureSet('other', {request: {shop: t.int, id: t.string}, views: []});
    expect(
      problemsOf(() =>
        model('broken', {
          ...usual,
          features: other,
          // @ts-expect-error no such feature
          inputs: ['nope'],
          // @ts-expect-error no such feature
          categorical: ['nor this'],
          trainers: [],
          slices: [sliceBy('weather')],
          baselines: [historicalRate('weather')],
          split: {train: 0.9, validation: 0.1},
          monitor: monitorPolicy({slices: ['weather', 'shop']}),
        }),
      ),
    ).toEqual([
      "inputs: 'nope' is no feature of 'other'.",
      "categorical: 'nor this' is no feature of 'other'.",
      "features: A request cannot carry a field 'id': that is the id of the prediction.",
      "decisions: 'orders' has no int column 'shop', which a request carries.",
      "slices: 'weather' is neither a column of 'orders' nor a feature.",
      "baselines: 'weather' is no column of 'orders'.",
      "monitor.slices: 'weather' is neither a feature that the model reads nor a field of the request.",
      'trainers: There is no trainer.',
      'split: Shares must be above 0 and leave something for the test.',
    ]);
  });

  test('says its rules in words', () => {
    const words = policyOf(bad).join('\n');
    expect(words).toContain('Nothing retrains it but a command.');
    expect(words).toContain('shadow for 1 d');
  });
});

describe('a project', () => {
  test('is what its file exports and what that refers to', () => {
    const project = collectProject('shop', '/somewhere', {bad, unrelated: 3, helper: () => {}, nothing: null});
    expect(project.sources.map(s => s.name)).toEqual(['orders', 'returns']);
    expect(project.views).toEqual([sales]);
    expect(findModel(project)).toBe(bad);
    expect(() => findModel(collectProject('empty', '/', {}))).toThrow(/has no model/);
    expect(() => findModel(project, 'bda')).toThrow(
      expect.objectContaining({fix: expect.stringContaining('did you mean bad?')}),
    );
    expect(() => findSource(project, 'return')).toThrow(expect.objectContaining({code: 'STREAM_UNKNOWN'}));
  });

  test('cannot hold two definitions of one name', () => {
    const twin = events('orders', {schema: {id: t.string, at: t.time}, time: 'at', id: 'id'});
    expect(() => collectProject('shop', '/', {bad, twin})).toThrow(/Two sources are called 'orders'/);
    const same = events('orders', {schema: orders.schema, time: 'at', id: 'id'});
    expect(collectProject('shop', '/', {bad, same}).sources).toHaveLength(2);
  });

  test('shows its features as they are defined', () => {
    const catalogue = featureCatalogue(collectProject('shop', '/', {bad}));
    expect(catalogue.map(f => [f.name, f.origin, f.definition])).toEqual([
      ['n_1h', 'aggregation', 'count() over 1h'],
      ['big_1d', 'aggregation', 'sum(total) where total > 10 over 1d'],
      ['size', 'request', 'total'],
    ]);
    expect(catalogue[0]).toMatchObject({view: 'sales', entity: 'shop', source: 'orders', usedBy: ['bad']});
  });
});

test('a calendar that no replay would reach shrinks with it, and says so', () => {
  const policy = retrainPolicy({atLatest: '30d', cooldown: '10d'});
  const DAY = 86_400_000;
  expect(forShortHistory(policy, 90 * DAY)).toEqual({policy, note: null});
  const {policy: shorter, note} = forShortHistory(policy, 9 * DAY);
  expect([shorter.atLatestMs, shorter.cooldownMs]).toEqual([3 * DAY, DAY]);
  expect(note).toContain('after 3 d at the latest instead of 30 d');
  expect(forShortHistory(policy, 1_000).policy.atLatestMs).toBe(3_600_000);
});
