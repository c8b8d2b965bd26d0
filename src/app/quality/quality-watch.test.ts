import {describe, expect, test} from 'vitest';
import {zeroRule} from '../../evaluation/index.ts';
import {events, inRange, nullShare, oneOf} from '../../events/index.ts';
import {rolloutPolicy} from '../../experiments/index.ts';
import {entity, featureSet, featureView, use} from '../../features/index.ts';
import {valueLabel} from '../../labels/index.ts';
import {
  fallbackShare,
  inOrder,
  monitorPolicy,
  type QualityCheckInput,
  served,
  unseenShare,
  varies,
} from '../../monitoring/index.ts';
import {MillraceError, t} from '../../protocol/index.ts';
import {logisticRegression} from '../../training/index.ts';
import {model} from '../definitions/model.ts';
import {type Answered, QualityWatch} from './quality-watch.ts';
import {personalColumns, servedColumns} from './served-columns.ts';

const orders = events('orders', {
  schema: {id: t.string, shop: t.string, person: t.string, total: t.number, gift: t.bool, at: t.time},
  time: 'at',
  id: 'id',
});
const shops = featureView('shops', {
  from: orders,
  entity: entity('shop', {shop: t.string}),
  keys: {shop: 'shop'},
  features: a => ({n: a.count().over('1h')}),
});
const people = featureView('people', {
  from: orders,
  entity: entity('person', {person: t.string}),
  keys: {person: 'person'},
  about: {sensitivity: 'personal'},
  features: a => ({spent: a.sum('total').over('1d')}),
});
const set = featureSet('atOrder', {
  request: {shop: t.string, person: t.string, total: t.number, gift: t.bool},
  views: [use(shops, {shop: 'shop'}), use(people, {person: 'person'})],
  derive: x => ({twice: x.spent_1d.times(2), size: x.total}),
});
const usual = {
  decisions: orders,
  features: set,
  label: valueLabel('bad', {from: orders, on: 'id', is: r => r.gift, within: '2d'}),
  trainers: [logisticRegression()],
  baselines: [zeroRule()],
  gates: [],
  rollout: rolloutPolicy({shadow: {for: '1d'}}),
};
const watched = <const K extends readonly QualityCheckInput[]>(...quality: K) => ({
  features: set,
  monitor: monitorPolicy({quality}),
});

const answer = (given: Partial<Answered> = {}): Answered => ({
  request: {shop: 'north', person: 'ann', total: 5, gift: true},
  features: [3, 20, 40, 5],
  prediction: 0.2,
  level: 'model',
  ...given,
});

describe('a model', () => {
  test('takes checks of its features, of the request and of the prediction', () => {
    const quality = [inRange('n_1h', {min: 0}), oneOf('shop', ['north']), inRange('prediction', {min: 0, max: 1})];
    expect(model('bad', {...usual, monitor: monitorPolicy({quality})}).monitor.quality).toHaveLength(3);
    const mixed = monitorPolicy({quality: [inOrder('n_1h', 'prediction'), fallbackShare({max: 0.1})]});
    expect(model('bad', {...usual, monitor: mixed}).monitor.quality).toHaveLength(2);
  });

  test('refuses a misspelt name, in its types and with the name that is near', () => {
    try {
      // @ts-expect-error there is no feature n_2h
      model('bad', {...usual, monitor: monitorPolicy({quality: [inRange('n_2h', {min: 0})]})});
      expect.unreachable();
    } catch (error) {
      expect((error as MillraceError).problems).toEqual([
        {
          path: 'quality.n_2h at least 0',
          message: "'n_2h' is no feature, no field of the request and not the prediction.",
          fix: 'Did you mean n_1h?',
        },
      ]);
    }
    // @ts-expect-error there is no feature total_1h
    expect(() => model('bad', {...usual, monitor: monitorPolicy({quality: [varies('total_1h')]})})).toThrow(
      MillraceError,
    );
  });
});

describe('personal columns', () => {
  test('are features that say so, what is derived from them, and the keys that name the person', () => {
    expect([...personalColumns(set)].sort()).toEqual(['person', 'spent_1d', 'twice']);
    expect(servedColumns(set).map(({name, level, personal}) => `${level} ${name}${personal ? ' *' : ''}`)).toEqual([
      'input shop',
      'input person *',
      'input total',
      'input gift',
      'feature n_1h',
      'feature spent_1d *',
      'feature twice *',
      'feature size',
      'prediction prediction',
      'prediction answered by',
    ]);
  });
});

describe('a watch', () => {
  test('tries the checks on requests, features and predictions, and begins anew with each window', () => {
    const watch = new QualityWatch(
      watched(
        oneOf('shop', ['south']),
        nullShare('n_1h', {max: 0.5}),
        inRange('prediction', {max: 0.1}),
        inRange('gift', {min: 0, max: 0}),
        inRange('spent_1d', {max: 10}),
      ),
    );
    for (let i = 0; i < 50; i++) watch.observe(answer());
    const [shop, nulls, prediction, gift, spent] = watch.close();
    expect([shop, nulls, prediction, gift, spent].map(result => [result!.level, result!.verdict])).toEqual([
      ['input', 'broken'],
      ['feature', 'kept'],
      ['prediction', 'broken'],
      ['input', 'broken'],
      ['feature', 'broken'],
    ]);
    expect(shop!.message).toContain('such as "north"');
    expect(spent!.message).toContain('50 of 50 rows (100 %) break it; none may.');
    expect(watch.close().map(({verdict, rows}) => [verdict, rows])).toEqual(Array(5).fill(['insufficient data', 0]));
  });

  test('counts answers of fallbacks apart', () => {
    const watch = new QualityWatch(watched(nullShare('n_1h', {max: 0}), fallbackShare({max: 0.2})));
    for (let i = 0; i < 100; i++)
      watch.observe(answer(i < 40 ? {level: 'value', features: [null, null, null, null]} : {level: 'cached'}));
    expect(watch.close()).toMatchObject([
      {verdict: 'kept', rows: 60},
      {verdict: 'broken', rows: 100, broken: 40, message: expect.stringContaining('such as "value"')},
    ]);
  });

  test('knows the categories of the version that it follows: at once in an empty window, else from the next one on', () => {
    const watch = new QualityWatch(watched(served(unseenShare('shop', {max: 0.1}), {level: 'input'})));
    const follow = (...vocabulary: string[]) => watch.follow([{name: 'shop', kind: 'categorical', vocabulary}]);
    const next = () => {
      for (let i = 0; i < 50; i++) watch.observe(answer());
    };
    next();
    expect(watch.close()[0]!.message).toMatch(/^It cannot be judged: the categories/);
    follow('south');
    next();
    follow('north');
    expect(watch.close()).toMatchObject([{verdict: 'broken', broken: 50}]);
    next();
    expect(watch.close()).toMatchObject([{verdict: 'kept', broken: 0}]);
  });

  test('has nothing to say where nothing is declared', () => {
    const watch = new QualityWatch(watched());
    watch.observe(answer());
    expect(watch.close()).toEqual([]);
  });
});
