// Where served and recomputed values fall apart in practice, as seeded data: coarse timestamps, disorder, events that
// are too late, redeliveries, sources with a delay and with arrival times of their own.
import {events, type Source} from '../../events/index.ts';
import {type Random, seededRandom} from '../../math/index.ts';
import {type Columns, type Duration, t} from '../../protocol/index.ts';
import type {FeatureSet} from '../definitions/feature-set.ts';
import {featureSet, use} from '../definitions/feature-set.ts';
import {joined, latest} from '../definitions/joined.ts';
import type {RefreshOptions} from '../definitions/refresh.ts';
import {featureView} from '../definitions/view.ts';
import {lifetime} from '../definitions/window.ts';
import {allAtPayment, atPayment, payments, START, user} from './history.ts';

/** How event times are rounded down. */
export const ROUNDINGS = {'1ms': 1, '1s': 1_000, '5m': 300_000, '1h': 3_600_000, '1d': 86_400_000} as const;
export type Rounding = keyof typeof ROUNDINGS;

/** Where arrival times come from: the clock of the gate, the source's declared delay, or a column of its own. */
export const ARRIVALS = ['live', 'delay', 'column'] as const;
export type ArrivalKind = (typeof ARRIVALS)[number];

export type SkewWorld = {
  readonly sources: readonly Source[];
  readonly set: FeatureSet;
  /** What is pushed, in order: at a time, to a stream. */
  readonly pushes: readonly SkewPush[];
  readonly users: readonly string[];
};

export type SkewPush = {readonly at: number; readonly stream: string; readonly columns: Columns};

export type SkewOptions = {
  readonly rounding: Rounding;
  readonly arrival: ArrivalKind;
  readonly seed: number;
  readonly events: number;
  /** Entities; one of them has a tenth of all events. */
  readonly users: number;
  /**
   * Whether events may be pushed later than their lateness allows and yet be recorded as arrived in time: a follower
   * that was down for hours. Live state has then forgotten what such an event would join.
   */
  readonly backdated?: boolean;
  /** Where given, all views of one key are read as of cuts. */
  readonly refresh?: RefreshOptions;
};

const HOUR_MS = 3_600_000;
const SPAN_MS = 5 * 24 * HOUR_MS;
/** Events of one push were sent within this. */
const MOST_BATCHED_MS = 600_000;
/** Below the horizon of the gate: what comes again later is another event. */
const REDELIVERED_MS = 20 * HOUR_MS;
const SHOPS = ['s', 't', 'ü'];

/** Latest ratings of shops, looked up by payments. */
const shops = events('shops', {
  schema: {noticeId: t.string, shop: t.string, country: t.string.orNull(), rating: t.number, at: t.time},
  time: 'at',
  id: 'noticeId',
  lateness: '3h',
});

function paymentsOf(rounding: Rounding, arrival: ArrivalKind) {
  return events('payments', {
    schema: {...payments.schema, received: t.time},
    time: 'at',
    id: 'paymentId',
    // Rounding down makes an event as late as that.
    lateness: `${Math.ceil(ROUNDINGS[rounding] / HOUR_MS) + 2}h` as Duration,
    ...(arrival === 'delay' ? {delay: '5m'} : {}),
    ...(arrival === 'column' ? {arrival: 'received'} : {}),
  });
}

/** All windows and aggregations of the seeded history, a joined stream, and derived features, over another source. */
function setOver(source: ReturnType<typeof paymentsOf>, refresh?: RefreshOptions): FeatureSet {
  const placed = featureView('placed', {
    from: joined(source, {place: latest(shops, {on: {shop: 'shop'}, columns: ['country', 'rating']})}),
    entity: user,
    keys: {user: 'user'},
    features: a => ({
      elsewhere: a.where(a.col.place_country.ne('GR')).count().over('6h', '2d'),
      best: a.max('place_rating').over('6h', lifetime()),
      where: a.last('place_country').over('2d'),
    }),
  });
  // The view of two keys stays live.
  const over = allAtPayment.views.map(({view, fields}) =>
    use(Object.freeze({...view, source}), fields, 'shop' in fields ? undefined : refresh),
  );
  const views = featureSet('placed', {request: {user: t.string}, views: [use(placed, {user: 'user'}, refresh)]}).views;
  const derived = atPayment.features.filter(({name}) => atPayment.derived.some(d => d.name === name));
  return Object.freeze({
    ...atPayment,
    name: 'skewed',
    views: [...over, ...views],
    features: [...allAtPayment.features, ...placed.features.map(({name, type}) => ({name, type})), ...derived],
  }) as FeatureSet;
}

export function skewWorld(options: SkewOptions): SkewWorld {
  const {rounding, arrival, seed, events: count, users: population} = options;
  const random = seededRandom(seed);
  const source = paymentsOf(rounding, arrival);
  const users = Array.from({length: population}, (_, i) => (i === 1 ? 'ö' : i === 2 ? '日本' : `u${i}`));
  const sent = Array.from({length: count}, () => START + Math.floor(random() * SPAN_MS)).sort((a, b) => a - b);
  const pushes: SkewPush[] = [];
  /** Null where a row came again: it does not do so a second time. */
  const made: (Row | null)[] = [];
  let first = 0;
  for (let i = 0; i < count; ) {
    let size = 1;
    const most = Math.floor(random() ** 3 * 120);
    while (size < most && i + size < count && sent[i + size]! - sent[i]! < MOST_BATCHED_MS) size++;
    const at = sent[i + size - 1]!;
    while (first < i && sent[first]! < at - REDELIVERED_MS) first++;
    const rows = Array.from({length: size}, (_, k) => {
      const known = random() < 0.05 ? made[first + Math.floor(random() * (made.length - first))] : null;
      const row = known ? again(known, random) : payment(i + k, at, options, source.latenessMs, users, random);
      made.push(known ? null : row);
      return row;
    });
    if (random() < 0.2) pushes.push({at, stream: shops.name, columns: notice(i, at, ROUNDINGS[rounding], random)});
    pushes.push({at, stream: source.name, columns: columnsOf(rows)});
    i += size;
  }
  return {sources: [source, shops], set: setOver(source, options.refresh), pushes, users};
}

type Row = ReturnType<typeof payment>;

const pick = <V>(values: readonly V[], random: Random): V => values[Math.floor(random() * values.length)]!;

/** `at`: when it is pushed. */
function payment(
  i: number,
  at: number,
  {rounding, arrival, backdated = false}: SkewOptions,
  latenessMs: number,
  users: readonly string[],
  random: Random,
) {
  const width = ROUNDINGS[rounding];
  const chance = random();
  const most = arrival === 'delay' && !backdated ? 2 * HOUR_MS : 6 * HOUR_MS;
  const delay = chance < 0.6 ? 0 : chance < 0.95 ? random() * HOUR_MS : random() * most;
  const happened = Math.floor((at - delay) / width) * width;
  const early = backdated || at - happened <= latenessMs;
  const shift = random() < 0.5 ? 0 : Math.floor((random() - 0.5) * 1_200_000);
  return {
    paymentId: `p${Math.floor(random() * 1e9).toString(36)}-${i}`,
    user: random() < 0.02 ? null : random() < 0.1 ? users[0]! : pick(users, random),
    shop: pick(SHOPS, random),
    amount: random() < 0.1 ? Number.NaN : Math.round(random() * 1e4) / 100 - 20,
    items: Math.floor(random() * 5),
    refund: random() < 0.1 ? Number.NaN : random() < 0.3 ? 1 : 0,
    country: random() < 0.1 ? null : pick(['GR', 'DE', 'FR'], random),
    at: happened,
    // At the push, after it, and where that may be also before it.
    received: Math.max(happened, at + (early ? shift : Math.abs(shift))),
  };
}

/** A redelivery: the same id, and now and then other values. */
const again = (row: Row, random: Random): Row => (random() < 0.5 ? row : {...row, amount: 99, items: 4});

function notice(i: number, sent: number, rounding: number, random: Random): Columns {
  return {
    count: 1,
    columns: {
      noticeId: [`n${i}`],
      shop: [pick(SHOPS, random)],
      country: [random() < 0.1 ? null : pick(['GR', 'DE'], random)],
      rating: Float64Array.of(Math.round(random() * 50) / 10),
      at: Float64Array.of(Math.floor((sent - random() * HOUR_MS) / rounding) * rounding),
    },
  };
}

function columnsOf(rows: readonly Row[]): Columns {
  const numbers = (of: (row: Row) => number) => Float64Array.from(rows, of);
  return {
    count: rows.length,
    columns: {
      paymentId: rows.map(r => r.paymentId),
      user: rows.map(r => r.user),
      shop: rows.map(r => r.shop),
      amount: numbers(r => r.amount),
      items: numbers(r => r.items),
      refund: numbers(r => r.refund),
      country: rows.map(r => r.country),
      at: numbers(r => r.at),
      received: numbers(r => r.received),
    },
  };
}
