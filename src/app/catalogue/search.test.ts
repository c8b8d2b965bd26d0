import {expect, test} from 'vitest';
import {events} from '../../events/index.ts';
import {derive, entity, featureSet, featureView, use} from '../../features/index.ts';
import {t} from '../../protocol/index.ts';
import {late, projectOf} from './catalogue.fixture.ts';
import {featureCatalogue} from './feature-records.ts';
import {lineageOf} from './lineage.ts';
import {parseQuery, searchFeatures} from './search.ts';

const payments = events('payments', {
  schema: {id: t.string, user: t.string, amount: t.number, late: t.bool, at: t.time},
  time: 'at',
  id: 'id',
});
const spending = featureView('spending', {
  from: payments,
  entity: entity('user', {id: t.string}),
  keys: {id: 'user'},
  about: {owner: 'data team', tags: ['money'], sensitivity: 'personal', description: 'What a person spends.'},
  aboutEach: {visits: {sensitivity: 'internal'}},
  features: a => ({
    spent: a.sum('amount').over('1d'),
    lateSpent: a.where(a.col.late).sum(a.col.amount.times(2)).over('1d'),
    visits: a.count().over('1d'),
  }),
});
const atVisit = derive(
  featureSet('atVisit', {request: {user: t.string, budget: t.number}, views: [use(spending, {id: 'user'})]}),
  x => ({share: x.spent_1d.over(x.budget), doubled: x.spent_1d.times(2)}),
);
const project = {...projectOf([late, spending]), sets: [atVisit]};
const records = featureCatalogue(project);
const found = (text: string) => searchFeatures(records, text).map(({name}) => name);

test('words rank: the name first, then its start, then inside it, then everything else', () => {
  expect(found('late')).toEqual(['late_1h', 'late_6h', 'lateSpent_1d']);
  expect(found('spent')).toEqual(['spent_1d', 'lateSpent_1d', 'share', 'doubled']);
  expect(found('money')).toEqual(['spent_1d', 'lateSpent_1d', 'visits_1d']);
  expect(found('late money')).toEqual(['lateSpent_1d']);
  expect(found('person spends')).toEqual(['spent_1d', 'lateSpent_1d', 'visits_1d']);
  expect(found('nothing such')).toEqual([]);
  expect(found('  ')).toHaveLength(records.length);
});

test('filters narrow to what is exactly so', () => {
  expect(found('owner:"data team" visits')).toEqual(['visits_1d']);
  expect(found('sensitivity:personal')).toEqual(['spent_1d', 'lateSpent_1d', 'share', 'doubled']);
  expect(found('view:landed tag:money')).toEqual([]);
  expect(found('column:payments.late')).toEqual(['lateSpent_1d']);
  expect(found('is:unused')).toHaveLength(records.length);
  expect(parseQuery('Late owner:"Data Team" tag:x')).toEqual({
    words: ['late'],
    filters: [
      ['owner', 'data team'],
      ['tag', 'x'],
    ],
  });
  expect(() => parseQuery('onwer:me')).toThrow("There is no filter 'onwer:'.");
});

test('what is computed from personal data is personal, and tells its columns', () => {
  const share = records.find(({name}) => name === 'share')!;
  expect(share.about.sensitivity).toBe('personal');
  expect(share.columns).toEqual(['payments.amount', 'request.budget']);
  expect(records.find(({name}) => name === 'visits_1d')!.about.sensitivity).toBe('internal');
});

test('lineage goes from columns by way of expressions to sets, and marks personal data', () => {
  const {nodes, edges} = lineageOf('lateSpent_1d', {project, models: [], definitions: []});
  expect(edges.map(({from, to, role}) => `${from} → ${to} (${role})`)).toEqual([
    'column:payments.amount → expression:payments:amount × 2 (value)',
    'expression:payments:amount × 2 → feature:lateSpent_1d (value)',
    'column:payments.late → feature:lateSpent_1d (condition)',
    'column:payments.user → feature:lateSpent_1d (key)',
    'feature:lateSpent_1d → set:atVisit (value)',
  ]);
  expect(nodes.filter(({personal}) => personal).map(({id}) => id)).toEqual(['feature:lateSpent_1d']);
  const share = lineageOf('share', {project, models: [], definitions: []}).edges.map(({from, to}) => `${from} → ${to}`);
  expect(share).toEqual([
    'column:payments.amount → feature:spent_1d',
    'column:payments.user → feature:spent_1d',
    'feature:spent_1d → feature:share',
    'request:budget → feature:share',
    'feature:share → set:atVisit',
  ]);
  const spent = lineageOf('spent_1d', {project, models: [], definitions: []}).edges.map(
    ({from, to}) => `${from} → ${to}`,
  );
  expect(spent).toContain('feature:spent_1d → feature:doubled');
  expect(spent).toContain('feature:doubled → set:atVisit');
  expect(() => lineageOf('spent', {project, models: [], definitions: []})).toThrow("There is no feature 'spent'.");
});
