import {expect, test} from 'vitest';
import {events} from '../../events/index.ts';
import {t} from '../../protocol/index.ts';
import {describeFeature} from './describe.ts';
import {entity} from './entity.ts';
import {featureView} from './view.ts';

const sales = events('sales', {
  schema: {id: t.string, at: t.time, user: t.string, shop: t.string, items: t.int, price: t.number, face: t.vector(2)},
  time: 'at',
  id: 'id',
});
const view = featureView('view', {
  from: sales,
  entity: entity('user', {id: t.string}),
  keys: {id: 'user'},
  features: a => ({
    items: a.sum('items').over('7d'),
    spread: a.standardDeviation('price').over('7d'),
    shops: a.topK('shop', 1).over('7d'),
    shopCounts: a.topKCounts('shop', 1).over('7d'),
    recent: a.decayedSum('price', '90m').over('7d'),
    face: a.mean('face').over('7d'),
    last: a.lastK('shop', 2).over('7d'),
  }),
});

test('a feature is told in the words that it was written in', () => {
  expect(view.features.map(feature => describeFeature(feature))).toEqual([
    'sum(items) over 7d',
    'standardDeviation(price) over 7d',
    'topK(shop, k 1), answer 1 over 7d',
    'topK(shop, k 1), count of answer 1 over 7d',
    'decayedSum(price, half-life 1 h 30 min) over 7d',
    'mean(face_0) over 7d',
    'mean(face_1) over 7d',
    'last(shop, k 2), answer 1 over 7d',
    'last(shop, k 2), answer 2 over 7d',
  ]);
});
