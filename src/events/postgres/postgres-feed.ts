// A table of PostgreSQL as a feed. Rows are read in the order of (cursor, id), a page at a time, each page beginning
// after the last row of the one before: rows with equal cursors are neither lost nor read for ever.
//
// Sequences and timestamps are given out before the transaction commits, so a row may appear behind rows that were
// already read. Each sweep therefore begins again a little behind the last row (the lag), and what the sweep before has
// given is left out. A transaction that stays open for longer than the lag is not seen: choose the lag by that.
import {setTimeout as pause} from 'node:timers/promises';
import type {ColumnData, Columns, JsonValue} from '../../protocol/index.ts';
import {addressOf, type Connections} from '../follow/connection.ts';
import type {EventFeed, FeedBatch} from '../follow/feed.ts';
import type {Source} from '../source.ts';
import {cellOf} from './column-types.ts';
import {type Followed, PostgresSession} from './session.ts';
import {planTable, type TablePlan} from './table-plan.ts';

export type PostgresFeedOptions = {
  readonly source: Followed;
  /** Addresses by name, such as `process.env`. */
  readonly connections: Connections;
};

/** The last row taken, as texts of the server; `history` is the last cursor that was there when it was first followed, until it is passed. */
type Checkpoint = {readonly cursor: string | null; readonly id: string | null; readonly history: string | null};
type Page = readonly (readonly (string | null)[])[];

/** A feed of the source's table. Throws SOURCE_NOT_FOUND when its address is not set. */
export function openPostgresFeed({source, connections}: PostgresFeedOptions): EventFeed {
  return new PostgresFeed(source, addressOf(source, source.from, connections));
}

class PostgresFeed implements EventFeed {
  readonly #source: Followed;
  readonly #address: string;

  constructor(source: Followed, address: string) {
    this.#source = source;
    this.#address = address;
  }

  async *stream(from: JsonValue | null, signal: AbortSignal): AsyncIterable<FeedBatch> {
    const session = await PostgresSession.open(this.#address, this.#source);
    const abort = () => void session.close();
    signal.addEventListener('abort', abort);
    try {
      const plan = await planTable(session, this.#source, this.#source.from);
      const at = (from as Checkpoint | null) ?? (await beginning(session, plan));
      yield this.#batch([], at);
      yield* this.#read(session, plan, at, signal);
    } catch (error) {
      if (!signal.aborted) throw error;
    } finally {
      signal.removeEventListener('abort', abort);
      await session.close();
    }
  }

  async close(): Promise<void> {}

  async *#read(session: PostgresSession, plan: TablePlan, from: Checkpoint, signal: AbortSignal) {
    const {pollMs, pageRows} = this.#source.from;
    let at = from;
    let given: ReadonlySet<string> = new Set();
    while (!signal.aborted) {
      const met = new Set<string>();
      let fresh = 0;
      for (let page = await firstPage(session, plan, at); page.length > 0; page = await nextPage(session, plan, at)) {
        const rows = page.filter(row => !given.has(keyOf(row)));
        // Of a long history only the end matters to the sweep that follows.
        if (at.history !== null && met.size > 2 * pageRows) met.clear();
        if (plan.lag) for (const row of page) met.add(keyOf(row));
        fresh += rows.length;
        at = {...at, cursor: page.at(-1)![0]!, id: page.at(-1)![1]!};
        if (rows.length > 0) yield this.#batch(rows, at);
        if (page.length < pageRows) break;
      }
      given = met;
      const wasHistory = at.history !== null;
      at = {...at, history: null};
      if (fresh === 0 || wasHistory) yield this.#batch([], at);
      if (!wasHistory) await pause(pollMs, undefined, {signal}).catch(() => undefined);
    }
  }

  #batch(rows: Page, checkpoint: Checkpoint): FeedBatch {
    const arrival = checkpoint.history === null ? 'live' : 'history';
    return {columns: columnsOf(this.#source, rows), unreadable: [], arrival, checkpoint};
  }
}

/** What a row is known by: its id, or the whole of it if it has none. */
const keyOf = (row: Page[number]): string => row[1] ?? JSON.stringify(row);

/** What the table holds now is history. */
async function beginning(session: PostgresSession, {relation, cursor}: TablePlan): Promise<Checkpoint> {
  const {rows} = await session.query(`SELECT max(${cursor})::text FROM ${relation}`);
  return {cursor: null, id: null, history: rows[0]![0]!};
}

/** The first page of a sweep: behind the last row by the lag, or right after it where history is still being read. */
async function firstPage(session: PostgresSession, plan: TablePlan, at: Checkpoint): Promise<Page> {
  const {cursor, cursorType, lag, page} = plan;
  if (at.history !== null || at.cursor === null || lag === null) return nextPage(session, plan, at);
  const condition = `${cursor} >= $1::${cursorType} - $2::${lag.type}`;
  return (await session.query(page(condition), [at.cursor, lag.value])).rows;
}

async function nextPage(session: PostgresSession, plan: TablePlan, at: Checkpoint): Promise<Page> {
  const {cursor, cursorType, id, idType, page} = plan;
  const values: (string | null)[] = [];
  const parameter = (value: string, type: string) => `$${values.push(value)}::${type.replace(/^enum /, '')}`;
  const conditions: string[] = [];
  if (at.cursor !== null) {
    const after = parameter(at.cursor, cursorType);
    conditions.push(
      at.id === null
        ? `${cursor} > ${after}`
        : `${cursor} >= ${after} AND (${cursor} > ${after} OR ${id} > ${parameter(at.id, idType)} OR ${id} IS NULL)`,
    );
  }
  if (at.history !== null) conditions.push(`${cursor} <= ${parameter(at.history, cursorType)}`);
  return (await session.query(page(conditions.join(' AND ') || 'true'), values)).rows;
}

/** Rows of a page as columns of the schema, which stand behind the cursor and the id. */
function columnsOf({schema}: Source, rows: Page): Columns {
  const columns: Record<string, ColumnData> = {};
  Object.entries(schema).forEach(([name, {type}], k) => {
    const cells = rows.map(row => cellOf(row[k + 2]!, type));
    columns[name] = type === 'string' ? (cells as (string | null)[]) : Float64Array.from(cells as number[]);
  });
  return {count: rows.length, columns};
}
