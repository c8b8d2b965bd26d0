import {describe, expect, test} from 'vitest';
import {events} from '../../events/index.ts';
import {
  derive,
  type FeatureSet,
  type FeatureView,
  featureSet,
  featureView,
  joined,
  latest,
  type RefreshOptions,
  use,
} from '../../features/index.ts';
import {t} from '../../protocol/index.ts';
import {airport, arrivals, late, projectOf, schema, setOf, slowArrivals} from './catalogue.fixture.ts';
import {durationText} from './change.ts';
import {diffSets} from './diff-sets.ts';
import {diffViews} from './diff-views.ts';
import {featureCatalogue} from './feature-records.ts';
import {reviveSet, setVersion, storeSet} from './stored-set.ts';
import {storeView} from './stored-view.ts';

const sentences = (before: FeatureView, after: FeatureView): string[] =>
  diffViews(storeView(before), storeView(after)).map(({sentence}) => sentence);

const usual = {from: arrivals, entity: airport, keys: {code: 'code'}} as const;

describe('the difference between two versions of a view', () => {
  test('is nothing where they mean the same', () => expect(sentences(late, late)).toEqual([]));

  test('names windows, aggregations, conditions and parameters that changed, and features renamed or gone', () => {
    const after = featureView('landed', {
      ...usual,
      features: a => ({
        late: a.mean('delay').over('1h', '24h'),
        spent: a.where(a.col.delay.gt(0)).sum('paid').over('1h'),
        median: a.quantile('delay', 0.9).over('6h'),
        n: a.count().over('1h'),
      }),
    });
    expect(sentences(late, after)).toEqual([
      'paid renamed to spent',
      'n added: count() over 1h',
      'window 24h added to late',
      'window 6h removed from late',
      'late: share became mean',
      'input of late changed from delay > 15 to delay',
      'median: p 0.5 became p 0.9',
    ]);
    expect(sentences(after, featureView('landed', {...usual, features: a => ({n: a.count().over('1h')})}))).toEqual([
      'late removed',
      'spent removed',
      'median removed',
    ]);
  });

  test('shows a condition before and after, added and removed', () => {
    const counting = (where: number | null) =>
      featureView('v', {
        ...usual,
        features: a => ({n: (where === null ? a : a.where(a.col.delay.gt(where))).count().over('1h')}),
      });
    expect(sentences(counting(0), counting(5))).toEqual(['where of n changed from delay > 0 to delay > 5']);
    expect(sentences(counting(null), counting(5))).toEqual(['where delay > 5 added to n']);
    expect(sentences(counting(5), counting(null))).toEqual(['where delay > 5 removed from n']);
    expect(diffViews(storeView(counting(0)), storeView(counting(5)))).toMatchObject([
      {kind: 'where', subject: 'n', before: 'delay > 0', after: 'delay > 5'},
    ]);
  });

  test('tells of lateness, keys, streams and what is looked up', () => {
    const slow = featureView('landed', {...usual, from: slowArrivals, features: () => ({})});
    const plain = featureView('landed', {...usual, features: () => ({})});
    expect(sentences(plain, slow)).toEqual(['lateness of arrivals 24h → 48h']);
    const elsewhere = featureView('landed', {...usual, keys: {code: 'to'}, features: () => ({})});
    expect(sentences(plain, elsewhere)).toEqual(['key code is to instead of code']);
    const weather = events('weather', {
      schema: {id: t.string, place: t.string, rain: t.number, at: t.time},
      time: 'at',
      id: 'id',
    });
    const wet = featureView('landed', {
      ...usual,
      from: joined(arrivals, {w: latest(weather, {on: {place: 'code'}, columns: ['rain']})}),
      features: () => ({}),
    });
    expect(sentences(plain, wet)).toEqual(['lookup w of weather added']);
    expect(sentences(wet, plain)).toEqual(['lookup w removed']);
    const departures = events('departures', {schema, time: 'at', id: 'id', lateness: '24h'});
    const other = featureView('landed', {...usual, from: departures, features: () => ({})});
    expect(sentences(plain, other)).toEqual(['from departures instead of arrivals']);
  });

  test('is never silent about a new version: order and ratio are told too', () => {
    const named = (names: readonly ('a' | 'b')[]) =>
      featureView('v', {
        ...usual,
        features: a =>
          Object.fromEntries(names.map(n => [n, n === 'a' ? a.count().over('1h') : a.max('delay').over('1h')])),
      });
    expect(sentences(named(['a', 'b']), named(['b', 'a']))).toEqual(['the order of the features changed']);
    const divided = featureView('v', {...usual, features: a => ({a: a.ratio(a.count(), a.sum('paid')).over('1h')})});
    const whole = featureView('v', {...usual, features: a => ({a: a.count().over('1h')})});
    expect(sentences(whole, divided)).toEqual(['a is divided by sum(paid)']);
    expect(sentences(divided, whole)).toEqual(['a is divided by nothing any more']);
  });
});

test('the difference between feature sets tells of views, fields, and what is derived', () => {
  const before = derive(setOf(late), x => ({far: x.miles.gt(500), gone: x.miles.plus(1)}));
  const slow = featureView('landed', {...usual, from: slowArrivals, features: a => ({late: a.count().over('1h')})});
  const after = featureSet('atDeparture', {
    request: {origin: t.string, miles: t.number, zone: t.string},
    views: [use(slow, {code: 'zone'})],
    derive: x => ({far: x.miles.gt(900), hour: x.at.hour(x.zone)}),
  });
  const numberOf = (_: string, hash: string) => (hash === storeView(late).version ? 1 : null);
  expect(diffSets(storeSet(before), storeSet(after), numberOf).map(({sentence}) => sentence)).toEqual([
    `view landed: v1 became ${storeView(slow).version}`,
    'key code of landed is the field zone instead of origin',
    'field miles: int became number',
    'field zone (string) added to the request',
    'far: miles > 500 became miles > 900',
    'gone removed',
    'hour added: hour of query time in zone',
  ]);
});

test('the cuts that a view is read as of are part of what a set means, and are kept with it', () => {
  const reading = (options?: RefreshOptions) =>
    featureSet('atDeparture', {request: {origin: t.string}, views: [use(late, {code: 'origin'}, options)]});
  const [live, daily, hourly] = [reading(), reading({refresh: '1d', delay: '1h'}), reading({refresh: '1h'})];
  const told = (before: FeatureSet, after: FeatureSet) =>
    diffSets(storeSet(before), storeSet(after), () => null).map(({kind, sentence}) => `${kind}: ${sentence}`);
  expect(told(live, daily)).toEqual([
    'refresh: landed is read as of the last cut of 1 d, available 1 h later instead of live',
  ]);
  expect(told(daily, hourly)).toEqual([
    'refresh: landed is read as of the last cut of 1 h instead of as of the last cut of 1 d, available 1 h later',
  ]);
  expect(told(hourly, live)).toEqual(['refresh: landed is read live instead of as of the last cut of 1 h']);
  expect(new Set([live, daily, hourly].map(setVersion)).size).toBe(3);
  for (const set of [live, daily, hourly])
    expect(reviveSet(JSON.parse(JSON.stringify(storeSet(set))), [late]).views).toEqual(set.views);
});

test('a feature is told with its cuts where every set reads it so', () => {
  const reading = (name: string, options?: RefreshOptions) =>
    featureSet(name, {request: {origin: t.string}, views: [use(late, {code: 'origin'}, options)]});
  const told = (...sets: FeatureSet[]) =>
    featureCatalogue({...projectOf([late]), sets}).find(({name}) => name === 'late_1h')!.definition;
  const daily = {refresh: '1d'} as const;
  expect(told(reading('a', daily), reading('b', daily))).toBe('share(delay > 15) over 1h, as of the last cut of 1 d');
  for (const sets of [[], [reading('a')], [reading('a', daily), reading('b')]])
    expect(told(...sets)).toBe('share(delay > 15) over 1h');
});

test('durations are written as people declare them', () => {
  expect([86_400_000, 172_800_000, 604_800_000, 5_400_000, 1_500].map(durationText)).toEqual([
    '24h',
    '48h',
    '7d',
    '90m',
    '1500ms',
  ]);
});
