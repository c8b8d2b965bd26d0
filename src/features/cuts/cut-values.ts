import {setImmediate as nextTurn} from 'node:timers/promises';
import type {ColumnData} from '../../protocol/index.ts';
import type {SqlEngine} from '../../stores/index.ts';
import type {EventRange} from '../batch/partitioned-events.ts';
import {withScratch} from '../batch/scratch.ts';
import {computeView} from '../batch/view.ts';
import type {FeatureView} from '../definitions/view.ts';
import {reachMs} from '../definitions/window.ts';
import {identifier} from '../expressions/sql.ts';
import {joinedRelation} from '../joins/lookup-sql.ts';
import {keyOf} from '../stream/view-state.ts';
import type {TakeEntries} from './cut-store.ts';
import {packEmpty, packRow} from './packed-values.ts';

export type CutInput = {
  readonly sql: SqlEngine;
  /** SQL of the archived events of a stream; of a range of event times if it is given. */
  readonly relation: (stream: string, range?: EventRange) => string;
  /** UTC ms. */
  readonly cut: number;
  /** Events from this log position on are not seen. */
  readonly position: number;
  /** Values computed at a time: 2^21 unless told (16 MiB). */
  readonly mostValues?: number;
  readonly signal?: AbortSignal;
};

/** Keys packed before others get their turn. */
const KEYS_A_TURN = 5_000;

/**
 * Gives the values of all keys of a view as of a cut to `take`, in the order of the keys, computed by the batch executor
 * from the events that had happened before it and arrived by it. Keys whose values are those of no events are left out.
 */
export function cutValues(view: FeatureView, input: CutInput, take: TakeEntries): Promise<void> {
  const {sql, cut, mostValues = 2 ** 21, signal} = input;
  const keys = Object.keys(view.entity.keys);
  const names = keys.map((_, k) => `k${k}`);
  const use = {view, fields: Object.fromEntries(keys.map((key, k) => [key, `k${k}`]))};
  return withScratch(sql, async table => {
    const all = identifier(`${table}_all`);
    await sql.run(`CREATE TABLE ${all} AS ${keysSql(view, input, names)}`);
    const [counted] = await sql.rows(`SELECT count(*) AS n FROM ${all}`);
    const count = Number(counted!.n);
    const most = Math.max(1, Math.floor(mostValues / view.features.length));
    for (let from = 0; from < count; from += most) {
      signal?.throwIfAborted();
      const rows = Math.min(most, count - from);
      await sql.run(
        `CREATE OR REPLACE TABLE ${identifier(table)} AS SELECT _n - ${from} AS _row, ${cut} AS _q, NULL::BIGINT AS _position, ${names.join(', ')} FROM ${all} WHERE _n >= ${from} AND _n < ${from + rows}`,
      );
      // Taken anew for each part: files of the archive are replaced meanwhile.
      const events = eventsSql(view, input);
      const values = await computeView(sql, use, {table, rows, minTime: cut, maxTime: cut}, events);
      const columns = view.features.map(({name}) => values[name]!);
      await takePacked({sql, table, names, columns, empty: packEmpty(view), signal}, take);
    }
  });
}

/** The events that the cut sees: those before the position, of the range that windows reach. */
function eventsSql(view: FeatureView, {relation, cut, position}: CutInput): string {
  const {source, lookups, features} = view;
  const range = {from: cut - Math.max(0, ...features.map(({over}) => reachMs(over))), to: cut};
  // What is looked up in a stream may be older than any window over it.
  const ranged = !lookups.some(lookup => lookup.source.name === source.name);
  const events = (stream: string) => (stream === source.name && ranged ? relation(stream, range) : relation(stream));
  return `(SELECT * FROM ${joinedRelation(view, events)} WHERE _position < ${position})`;
}

/** The keys of which there is an event that any window may see, numbered in their order. */
function keysSql(view: FeatureView, input: CutInput, names: readonly string[]): string {
  const {source, entity, keys} = view;
  const columns = Object.keys(entity.keys).map(key => `e.${identifier(keys[key]!)}`);
  const visible = [
    `e._time < ${input.cut}`,
    `e._arrival <= ${input.cut}`,
    `e._arrival - e._time <= ${source.latenessMs}`,
    ...columns.map(column => `${column} IS NOT NULL`),
  ];
  const own = {...view, lookups: []};
  const distinct = `SELECT DISTINCT ${columns.map((column, k) => `${column} AS ${names[k]}`).join(', ')} FROM ${eventsSql(own, input)} e WHERE ${visible.join(' AND ')}`;
  return `SELECT row_number() OVER (ORDER BY ${names.join(', ')}) - 1 AS _n, * FROM (${distinct})`;
}

type Computed = {
  readonly sql: SqlEngine;
  readonly table: string;
  readonly names: readonly string[];
  readonly columns: readonly ColumnData[];
  readonly empty: Uint8Array;
  readonly signal: AbortSignal | undefined;
};

async function takePacked({sql, table, names, columns, empty, signal}: Computed, take: TakeEntries): Promise<void> {
  let row = 0;
  for await (const chunk of sql.stream(`SELECT ${names.join(', ')} FROM ${identifier(table)} ORDER BY _row`)) {
    const parts = names.map(name => chunk.columns[name]!);
    for (let from = 0; from < chunk.count; from += KEYS_A_TURN) {
      signal?.throwIfAborted();
      const entries: [string, Uint8Array][] = [];
      for (let i = from; i < Math.min(chunk.count, from + KEYS_A_TURN); i++, row++) {
        const values = packRow(columns, row);
        if (Buffer.compare(values, empty) !== 0) entries.push([keyOf(parts.map(part => part[i]!))!, values]);
      }
      await take(entries);
      await nextTurn();
    }
  }
}
