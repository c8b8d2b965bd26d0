// A stream of purchases and 18 features of its users, for benchmarks of states and cuts. Imports the public door of features.
import {events} from '../../src/events/index.ts';
import {entity, featureView} from '../../src/features/index.ts';
import {t} from '../../src/protocol/index.ts';

export const purchases = events('purchases', {
  schema: {id: t.string, user: t.string, amount: t.number, at: t.time},
  time: 'at',
  id: 'id',
  lateness: '1m',
});

export const spend = featureView('spend', {
  from: purchases,
  entity: entity('user', {user: t.string}),
  keys: {user: 'user'},
  features: a => ({
    n: a.count().over('1h', '24h', '7d'),
    total: a.sum('amount').over('1h', '24h', '7d'),
    mean: a.mean('amount').over('1h', '24h', '7d'),
    least: a.min('amount').over('1h', '24h', '7d'),
    most: a.max('amount').over('1h', '24h', '7d'),
    last: a.last('amount').over('1h', '24h', '7d'),
  }),
});
