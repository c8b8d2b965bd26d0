import {expect, test} from 'vitest';
import {derive, featureSet, featureView, use} from '../../features/index.ts';
import {t} from '../../protocol/index.ts';
import {arrivals, late, projectOf, route} from './catalogue.fixture.ts';
import {readFields, setUses} from './read-fields.ts';

const flown = featureView('flown', {
  from: arrivals,
  entity: route,
  keys: {to: 'to', code: 'code'},
  features: a => ({flights: a.count().over('1d')}),
});
const atGate = derive(
  featureSet('atGate', {
    request: {miles: t.number, origin: t.string, destination: t.string, mood: t.vector(3), note: t.string},
    views: [use(late, {code: 'origin'}), use(flown, {to: 'destination', code: 'origin'})],
  }),
  x => ({busy: x.flights_1d.over(x.miles), hour: x.at.hour('UTC')}),
);
const decisive = (feature: string) =>
  readFields(atGate, feature)
    .filter(field => field.decides)
    .map(({name, entity}) => [name, entity]);

test('a feature of a view is decided by the keys of that view', () => {
  expect(decisive('late_1h')).toEqual([['origin', 'airport']]);
  expect(decisive('flights_1d')).toEqual([
    ['origin', 'route'],
    ['destination', 'route'],
  ]);
});

test('a derived one by all that it is computed from, keys first, also by way of another', () => {
  const further = derive(atGate, x => ({busier: x.busy.times(2)}));
  for (const [set, feature] of [
    [atGate, 'busy'],
    [further, 'busier'],
  ] as const)
    expect(readFields(set, feature).map(({name, decides}) => [name, decides])).toEqual([
      ['origin', true],
      ['destination', true],
      ['miles', true],
    ]);
  expect(decisive('hour')).toEqual([]);
});

test('the keys of other views are named too, since a read must give them', () => {
  expect(readFields(atGate, 'late_1h').map(({name, type, decides}) => [name, type, decides])).toEqual([
    ['origin', 'string', true],
    ['destination', 'string', false],
  ]);
});

test('every set that has the feature is named, in the order of the project', () => {
  const other = featureSet('other', {request: {here: t.string}, views: [use(late, {code: 'here'})]});
  const project = {...projectOf([late, flown]), sets: [atGate, other]};
  expect(setUses(project, 'late_1h').map(({set, models, fields}) => [set, models, fields[0]?.name])).toEqual([
    ['atGate', [], 'origin'],
    ['other', [], 'here'],
  ]);
  expect(setUses(project, 'flights_1d').map(({set}) => set)).toEqual(['atGate']);
});
