// A seeded history with all that makes windows hard: ties, late and far too late events, nulls, quiet and busy
// keys, values that do not add up exactly.
import {events} from '../../events/index.ts';
import {seededRandom} from '../../math/index.ts';
import {type PositionedBatch, t} from '../../protocol/index.ts';
import {entity} from '../definitions/entity.ts';
import {featureSet, use} from '../definitions/feature-set.ts';
import {featureView} from '../definitions/view.ts';
import {coarse, hopping, lastRows, lifetime, session, tumbling} from '../definitions/window.ts';

export const payments = events('payments', {
  schema: {
    paymentId: t.string,
    user: t.string.orNull(),
    shop: t.string,
    amount: t.number.orNull(),
    items: t.int,
    refund: t.bool.orNull(),
    country: t.string.orNull(),
    at: t.time,
  },
  time: 'at',
  id: 'paymentId',
  lateness: '2h',
});

export const user = entity('user', {user: t.string});
export const pair = entity('pair', {user: t.string, shop: t.string});

export const spend = featureView('spend', {
  from: payments,
  entity: user,
  keys: {user: 'user'},
  features: a => ({
    n: a.count().over('3m', '1h', '24h', '3d'),
    total: a.sum('amount').over('7m', '2h', '24h'),
    items: a.sum('items').over('1h', '3d'),
    mean: a.mean('amount').over('2h', '25h'),
    least: a.min('amount').over('1h', '24h'),
    most: a.max('amount').over('1h', '24h'),
    lastAmount: a.last('amount').over('1h', '24h'),
    lastCountry: a.last('country').over('2h'),
    refunds: a.share(a.col.refund.and(true)).over('2h', '24h'),
    abroad: a.where(a.col.country.ne('GR')).count().over('24h'),
    bigAbroad: a
      .where(a.col.country.ne('GR').and(a.col.amount.gt(10)))
      .sum('amount')
      .over('24h'),
  }),
});

/** Every other aggregation, and every other window. */
export const habits = featureView('habits', {
  from: payments,
  entity: user,
  keys: {user: 'user'},
  features: a => ({
    cut: a
      .count()
      .over(coarse('1h', '10m'), hopping('6h', '1h'), tumbling('1d'), session('2h'), lastRows(5), lifetime()),
    cutTotal: a.sum('amount').over(coarse('24h', '1h'), tumbling('6h'), session('4h'), lastRows(70), lifetime()),
    cutLast: a
      .where(a.col.amount.gt(30))
      .last('amount')
      .over(hopping('6h', '1h'), session('2h'), lastRows(3), lifetime()),
    allItems: a.sum('items').over(lifetime()),
    variance: a.variance('amount').over('2h', '24h'),
    deviation: a.standardDeviation('amount').over('24h'),
    firsts: a.firstK('amount', 2).over('2h', '24h'),
    latest: a.lastK('country', 2).over('24h', session('2h')),
    since: a.sinceLast().over('24h', lifetime()),
    sinceAbroad: a.where(a.col.country.ne('GR')).sinceLast().over('24h'),
    amounts: a.distinct('amount').over('24h'),
    countries: a.distinct('country').over('2h', lifetime()),
    amountsAbout: a.distinctSketch('amount').over('3d'),
    median: a.quantile('amount', 0.5).over('2h', '24h'),
    ninth: a.quantile('amount', 0.9).over('24h'),
    medianAbout: a.quantileSketch('amount', 0.5, 0.02).over('3d'),
    top: a.topK('country', 2).over('24h'),
    topItems: a.topK('items', 2).over('24h', lastRows(10)),
    topTimes: a.topKCounts('items', 3).over('24h'),
    sizes: a.histogram('amount', [-5, 25, 50]).over('24h'),
    faded: a.decayedSum('amount', '6h').over('3d'),
    fadedMean: a.decayedMean('amount', '6h').over('3d'),
    perPayment: a.ratio(a.sum('amount'), a.count()).over('24h', session('2h')),
    perKind: a.ratio(a.count(), a.distinctSketch('country')).over('24h'),
  }),
});

export const between = featureView('between', {
  from: payments,
  entity: pair,
  keys: {user: 'user', shop: 'shop'},
  features: a => ({pairN: a.count().over('24h'), pairMean: a.mean('amount').over('24h')}),
});

export const atPayment = featureSet('atPayment', {
  request: {user: t.string, shop: t.string, amount: t.number, zone: t.string},
  views: [use(spend, {user: 'user'}), use(between, {user: 'user', shop: 'shop'})],
  derive: x => ({
    amount: x.amount,
    hour: x.at.hour(x.zone),
    weekday: x.at.weekday(x.zone),
    ratio: x.amount.over(x.mean_25h),
    seenAbroad: x.lastCountry_2h.ne('GR').orElse(false),
    place: x.shop.cross(x.lastCountry_2h.orElse('none')),
  }),
});

/** The same with every aggregation and window. */
export const allAtPayment = featureSet('allAtPayment', {
  request: atPayment.request,
  views: [...atPayment.views, use(habits, {user: 'user'})],
});

export const START = Date.UTC(2001, 2, 31);

/** `count` payments over some days, in order of arrival, in batches of the log. */
export function history(seed: number, count: number, batchRows = 37): PositionedBatch[] {
  const random = seededRandom(seed);
  const pick = <V>(values: readonly V[]): V => values[Math.floor(random() * values.length)]!;
  const rows = Array.from({length: count}, (_, i) => {
    const time =
      START + (random() < 0.3 ? Math.floor(random() * 4 * 1_440) * 60 : Math.floor(random() * 4 * 86_400)) * 1_000;
    const delay = random() < 0.7 ? 0 : Math.floor(random() * (random() < 0.1 ? 10_000_000 : 7_000_000));
    return {
      id: `p${Math.floor(random() * 1e9).toString(36)}-${i}`,
      time,
      arrival: time + delay,
      user: random() < 0.02 ? null : random() < 0.6 ? 'busy' : pick(['a', 'b', 'c', 'ö', '日本']),
      shop: pick(['s', 't']),
      amount: random() < 0.1 ? Number.NaN : Math.round(random() * 1e4) / 100 - 20,
      items: Math.floor(random() * 5),
      refund: random() < 0.1 ? Number.NaN : random() < 0.3 ? 1 : 0,
      country: random() < 0.1 ? null : pick(['GR', 'DE', 'FR']),
    };
  }).sort((x, y) => x.arrival - y.arrival);
  const batches: PositionedBatch[] = [];
  for (let from = 0; from < rows.length; from += batchRows) {
    const part = rows.slice(from, from + batchRows);
    const numbers = (of: (row: (typeof rows)[number]) => number) => Float64Array.from(part, of);
    batches.push({
      stream: 'payments',
      position: from,
      count: part.length,
      ids: part.map(r => r.id),
      eventTimes: numbers(r => r.time),
      arrivalTimes: numbers(r => r.arrival),
      columns: {
        paymentId: part.map(r => r.id),
        user: part.map(r => r.user),
        shop: part.map(r => r.shop),
        amount: numbers(r => r.amount),
        items: numbers(r => r.items),
        refund: numbers(r => r.refund),
        country: part.map(r => r.country),
        at: numbers(r => r.time),
      },
    });
  }
  return batches;
}
