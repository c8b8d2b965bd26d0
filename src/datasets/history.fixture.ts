// A seeded history with all that makes labels hard: labels that come twice, late, too late, without a value,
// before their decision, or exactly when their window closes.
import {events} from '../events/index.ts';
import {entity, featureSet, featureView, identifier, use} from '../features/index.ts';
import {eventLabel, valueLabel} from '../labels/index.ts';
import {seededRandom} from '../math/index.ts';
import {type Columns, columnSpecs, type EventBatch, t} from '../protocol/index.ts';
import type {SqlEngine} from '../stores/index.ts';

export const MINUTE = 60_000;
export const HOUR = 60 * MINUTE;
export const START = Date.UTC(2001, 3, 1);
export const WITHIN = 6 * HOUR;

export const orders = events('orders', {
  schema: {orderId: t.string, customer: t.string, city: t.string.orNull(), amount: t.number, at: t.time},
  time: 'at',
  id: 'orderId',
});

export const deliveries = events('deliveries', {
  schema: {deliveryId: t.string, order: t.string, customer: t.string, delay: t.int.orNull(), at: t.time},
  time: 'at',
  id: 'deliveryId',
  lateness: '2h',
});

const customer = entity('customer', {customer: t.string});

export const delivered = featureView('delivered', {
  from: deliveries,
  entity: customer,
  keys: {customer: 'customer'},
  features: a => ({
    got: a.count().over('1h', '24h'),
    late: a.share(a.col.delay.gt(15)).over('24h'),
    delay: a.mean('delay').over('24h'),
    lastOrder: a.last('order').over('24h'),
  }),
});

export const ordered = featureView('ordered', {
  from: orders,
  entity: customer,
  keys: {customer: 'customer'},
  features: a => ({n: a.count().over('24h'), spent: a.sum('amount').over('24h')}),
});

export const atOrder = featureSet('atOrder', {
  request: {customer: t.string, amount: t.number},
  views: [use(delivered, {customer: 'customer'}), use(ordered, {customer: 'customer'})],
  derive: x => ({size: x.amount, usual: x.amount.over(x.spent_24h), weekday: x.at.weekday('Europe/Athens')}),
});

export const late = valueLabel('late', {from: deliveries, on: 'order', is: d => d.delay.gt(15), within: '6h'});
export const came = eventLabel('came', {from: deliveries, on: 'order', within: '6h'});

export type Order = {
  readonly id: string;
  readonly time: number;
  readonly arrival: number;
  readonly customer: string;
  readonly city: string | null;
  readonly amount: number;
};

export type Delivery = {
  readonly id: string;
  readonly order: string;
  readonly time: number;
  readonly arrival: number;
  readonly customer: string;
  readonly delay: number | null;
};

export type History = {readonly orders: readonly Order[]; readonly deliveries: readonly Delivery[]};

export function someHistory(seed: number, count: number): History {
  const random = seededRandom(seed);
  const below = (n: number) => Math.floor(random() * n);
  const placed = Array.from({length: count}, (_, i): Order => {
    const time = START + below(3 * 24 * 60) * MINUTE;
    return {
      id: `o${i}`,
      time,
      arrival: time + (random() < 0.1 ? below(30) * MINUTE : 0),
      customer: `c${below(8)}`,
      city: random() < 0.1 ? null : `city ${below(4)}`,
      amount: below(1_000) / 10,
    };
  });
  const brought = placed.flatMap((order, i): Delivery[] => {
    const times = random() < 0.1 ? 0 : random() < 0.2 ? 2 : 1;
    return Array.from({length: times}, (_, k) => {
      const exactly = random() < 0.1 ? WITHIN : random() < 0.1 ? WITHIN - 1 : below(9 * 60) * MINUTE - 30 * MINUTE;
      const arrival = order.time + exactly;
      const waited = random() < 0.5 ? 0 : below(random() < 0.1 ? 300 : 100) * MINUTE;
      return {
        id: `d${i}.${k}`,
        order: order.id,
        time: arrival - waited,
        arrival,
        customer: order.customer,
        delay: random() < 0.1 ? null : below(40) - 5,
      };
    });
  });
  return {orders: placed, deliveries: brought};
}

const byArrival = <E extends {readonly arrival: number; readonly id: string}>(rows: readonly E[]): E[] =>
  [...rows].sort((a, b) => a.arrival - b.arrival || (a.id < b.id ? -1 : 1));

const numbers = <E>(rows: readonly E[], of: (row: E) => number | null) =>
  Float64Array.from(rows, row => of(row) ?? Number.NaN);

export function orderBatch(rows: readonly Order[]): EventBatch {
  return {
    stream: 'orders',
    count: rows.length,
    ids: rows.map(r => r.id),
    eventTimes: numbers(rows, r => r.time),
    arrivalTimes: numbers(rows, r => r.arrival),
    columns: {
      orderId: rows.map(r => r.id),
      customer: rows.map(r => r.customer),
      city: rows.map(r => r.city),
      amount: numbers(rows, r => r.amount),
      at: numbers(rows, r => r.time),
    },
  };
}

export function deliveryBatch(rows: readonly Delivery[]): EventBatch {
  return {
    stream: 'deliveries',
    count: rows.length,
    ids: rows.map(r => r.id),
    eventTimes: numbers(rows, r => r.time),
    arrivalTimes: numbers(rows, r => r.arrival),
    columns: {
      deliveryId: rows.map(r => r.id),
      order: rows.map(r => r.order),
      customer: rows.map(r => r.customer),
      delay: numbers(rows, r => r.delay),
      at: numbers(rows, r => r.time),
    },
  };
}

/** Writes the history as an archive would; answers the relation of a stream. */
export async function archive(sql: SqlEngine, folder: string, history: History): Promise<(stream: string) => string> {
  const write = async (source: typeof orders | typeof deliveries, {columns, ...batch}: EventBatch) => {
    const own = ['_position', '_time', '_arrival'].map(name => ({name, type: 'int' as const, nullable: false}));
    const schema = columnSpecs(source.schema).map(s => (s.type === 'time' ? {...s, type: 'int' as const} : s));
    const rows: Columns = {
      count: batch.count,
      columns: {
        ...columns,
        _position: Float64Array.from({length: batch.count}, (_, i) => i),
        _time: batch.eventTimes,
        _arrival: batch.arrivalTimes,
        _id: batch.ids,
      },
    };
    await sql.writeParquet(
      `${folder}/${source.name}.parquet`,
      [...own, {name: '_id', type: 'string', nullable: false}, ...schema],
      [rows],
    );
  };
  await write(orders, orderBatch(byArrival(history.orders)));
  await write(deliveries, deliveryBatch(byArrival(history.deliveries)));
  return stream => `read_parquet(${`'${folder}/${stream}.parquet'`})`;
}

/** A relation with some columns replaced by other SQL: how a leak is planted. */
export const altered = (relation: string, columns: Readonly<Record<string, string>>): string =>
  `(SELECT * REPLACE (${Object.entries(columns)
    .map(([name, text]) => `${text} AS ${identifier(name)}`)
    .join(', ')}) FROM ${relation})`;
