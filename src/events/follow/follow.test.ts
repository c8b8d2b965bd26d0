import {mkdtempSync, rmSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import fc from 'fast-check';
import {afterEach, beforeEach, expect, test, vi} from 'vitest';
import {seededRandom} from '../../math/index.ts';
import {type JsonValue, ManualClock, t} from '../../protocol/index.ts';
import type {EventLog, MetadataStore} from '../../stores/index.ts';
import {openLibsql} from '../../stores/libsql/index.ts';
import {openSegmentLog} from '../../stores/segments/index.ts';
import {EventGate} from '../gate/gate.ts';
import {FileQuarantine} from '../quarantine/file-quarantine.ts';
import {events} from '../source.ts';
import {backoffMs} from './backoff.ts';
import type {EventFeed, FeedBatch} from './feed.ts';
import {type Following, type FollowOptions, follow} from './follow.ts';

const HOUR = 3_600_000;
const NOW = Date.UTC(2024, 5, 1);
const source = events('trips', {schema: {id: t.string, at: t.time}, time: 'at', id: 'id', lateness: '1h'});

let folder = '';
let log: EventLog;
let gate: EventGate;
let quarantine: FileQuarantine;
let checkpoints: MetadataStore;
let clock: ManualClock;
let controller: AbortController;
let running: Following | null;

async function open(): Promise<void> {
  clock = new ManualClock(NOW);
  controller = new AbortController();
  running = null;
  log = await openSegmentLog(join(folder, 'log'));
  quarantine = await FileQuarantine.open(join(folder, 'quarantine.jsonl'));
  checkpoints = await openLibsql(join(folder, 'metadata.db'));
  gate = await EventGate.open({log, sources: [source], clock, quarantine});
}

async function shut(): Promise<void> {
  controller.abort();
  await running?.done;
  await log.close();
  await quarantine.close();
  await checkpoints.close();
}

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'millrace-follow-'));
  await open();
});
afterEach(async () => {
  await shut();
  rmSync(folder, {recursive: true, force: true});
});

/** A server in memory: event `i` is `e<i>`, at its time; a page begins at the checkpoint and goes wrong where it is told. */
class MemoryFeed implements EventFeed {
  readonly times: number[] = [];
  pageRows = 3;
  /** Event times before this index are history. */
  history = 0;
  reads = 0;
  closed = false;
  failure: Error | null = null;

  async *stream(from: JsonValue | null, signal: AbortSignal): AsyncIterable<FeedBatch> {
    let next = (from as number | null) ?? 0;
    while (!signal.aborted) {
      if (this.failure) throw this.failure;
      this.reads++;
      const end = Math.min(next + this.pageRows, next < this.history ? this.history : this.times.length);
      const arrival = next < this.history ? 'history' : 'live';
      const ids = Array.from({length: end - next}, (_, i) => `e${next + i}`);
      const columns = {id: ids, at: Float64Array.from(this.times.slice(next, end))};
      next = end;
      yield {columns: {count: ids.length, columns}, unreadable: [], arrival, checkpoint: next};
      if (ids.length === 0) await new Promise(resolve => setTimeout(resolve, 2));
    }
  }

  async close(): Promise<void> {
    this.closed = true;
  }
}

function start(feed: EventFeed, options: Partial<FollowOptions> = {}): Following {
  running = follow({
    source,
    gate,
    log,
    feed,
    checkpoints,
    clock,
    random: seededRandom(1),
    signal: controller.signal,
    backoff: {firstMs: 4, longestMs: 10},
    ...options,
  });
  return running;
}

async function loggedIds(): Promise<string[]> {
  const ids = [];
  for await (const batch of log.read({stream: 'trips'})) ids.push(...batch.ids);
  return ids;
}

const idsTo = (count: number) => Array.from({length: count}, (_, i) => `e${i}`);

test('what the server holds is taken in order, and what comes later follows', async () => {
  const feed = new MemoryFeed();
  feed.times.push(...Array.from({length: 10}, () => NOW));
  const positions: number[] = [];
  const {state} = start(feed, {onBatch: ({position}) => void positions.push(position)});
  await vi.waitFor(() => expect(state()).toMatchObject({state: 'following', accepted: 10, caughtUpAt: NOW}));
  feed.times.push(NOW, NOW);
  await vi.waitFor(() => expect(state().accepted).toBe(12));
  expect(await loggedIds()).toEqual(idsTo(12));
  expect(positions).toEqual([0, 3, 6, 9, 10].slice(0, positions.length));
  expect(state()).toMatchObject({duplicates: 0, rejected: 0, late: 0, warning: null, error: null});
});

test('history arrives at its event time, live events when they come', async () => {
  const feed = new MemoryFeed();
  feed.times.push(NOW - 300 * HOUR, NOW - 200 * HOUR, NOW - 1);
  feed.history = 2;
  const {state} = start(feed);
  await vi.waitFor(() => expect(state().accepted).toBe(3));
  const arrivals: number[] = [];
  for await (const batch of log.read()) arrivals.push(...batch.arrivalTimes);
  expect(arrivals).toEqual([NOW - 300 * HOUR, NOW - 200 * HOUR, NOW]);
  expect(state().late).toBe(0);
});

test('live events that are older than the lateness are kept, counted and spoken of', async () => {
  const feed = new MemoryFeed();
  feed.times.push(NOW, NOW - 2 * HOUR, NOW - 1);
  const {state} = start(feed);
  await vi.waitFor(() => expect(state().accepted).toBe(3));
  expect(state()).toMatchObject({state: 'following', late: 1});
  expect(state().warning).toContain("1 of 3 events that came from the feed of 'trips' arrived more than 1 h after");
});

test('a server that goes away is waited for, and the state says why and since when', async () => {
  const feed = new MemoryFeed();
  feed.times.push(NOW);
  const {state} = start(feed);
  await vi.waitFor(() => expect(state().accepted).toBe(1));
  feed.failure = new Error('connection refused');
  clock.advanceTo(NOW + 5);
  await vi.waitFor(() => expect(state().failures).toBeGreaterThan(2));
  expect(state()).toMatchObject({state: 'waiting', since: NOW + 5, error: {message: 'connection refused'}});
  feed.failure = null;
  feed.times.push(NOW);
  await vi.waitFor(() => expect(state()).toMatchObject({state: 'following', accepted: 2, failures: 0, error: null}));
  expect(await loggedIds()).toEqual(idsTo(2));
});

test('a failure on this side is waited for too, and nothing is lost or doubled by it', async () => {
  const feed = new MemoryFeed();
  feed.times.push(...Array.from({length: 7}, (_, i) => NOW - i));
  let failures = 3;
  const {state} = start(feed, {
    onBatch: () => {
      if (failures-- > 0) throw new Error('no space left');
    },
  });
  await vi.waitFor(() => expect(state()).toMatchObject({state: 'following', caughtUpAt: NOW}));
  expect(await loggedIds()).toEqual(idsTo(7));
});

test('no page is read before the one before it is dealt with', async () => {
  const feed = new MemoryFeed();
  feed.times.push(...Array.from({length: 30}, () => NOW));
  let release = () => {};
  start(feed, {
    onBatch: () =>
      new Promise(resolve => {
        release = resolve;
      }),
  });
  await vi.waitFor(() => expect(log.end()).toBe(3));
  await new Promise(resolve => setTimeout(resolve, 20));
  expect([feed.reads, log.end()]).toEqual([1, 3]);
  controller.abort();
  release();
});

test('a stop ends after the batch in hand and closes the feed', async () => {
  const feed = new MemoryFeed();
  feed.times.push(...Array.from({length: 30}, () => NOW));
  const {state, done} = start(feed, {onBatch: () => controller.abort()});
  await done;
  expect(state()).toMatchObject({state: 'stopped', accepted: 3});
  expect(feed.closed).toBe(true);
});

/** A batch that comes again row by row: from the third row on the gate has forgotten the ids of the first time. */
const SPARSE = {
  gaps: [1, 2, 3, 4, 5, 6].map(() => 9_000 * HOUR),
  lives: [
    {pageRows: 6, batches: 1},
    {pageRows: 1, batches: 3},
  ],
};

test('whatever dies between log and checkpoint, and however pages are cut, each event is in the log once', async () => {
  const plan = fc.record({
    // Years apart: the ids of a batch outlive the horizon of the gate many times over.
    gaps: fc.array(fc.constantFrom(0, 1, 50 * HOUR, 9_000 * HOUR), {minLength: 1, maxLength: 12}),
    lives: fc.array(fc.record({pageRows: fc.integer({min: 1, max: 6}), batches: fc.integer({min: 1, max: 3})}), {
      maxLength: 3,
    }),
  });
  await fc.assert(
    fc.asyncProperty(plan, async ({gaps, lives}) => {
      await shut();
      rmSync(folder, {recursive: true, force: true});
      await open();
      const times = gaps.map((_, i) => NOW - 1e11 + gaps.slice(0, i + 1).reduce((a, b) => a + b));
      for (const {pageRows, batches} of [...lives, {pageRows: 5, batches: Number.POSITIVE_INFINITY}]) {
        const feed = new MemoryFeed();
        feed.pageRows = pageRows;
        feed.times.push(...times);
        feed.history = times.length;
        let left = batches;
        const {state, done} = start(feed, {
          // The batch is in the log and the process dies: the checkpoint is never written.
          onBatch: () => {
            if (--left > 0) return;
            controller.abort();
            throw new Error('killed');
          },
        });
        if (left === Number.POSITIVE_INFINITY)
          await vi.waitFor(() => expect(state().caughtUpAt).not.toBeNull(), {interval: 1});
        else await Promise.race([done, vi.waitFor(() => expect(state().caughtUpAt).not.toBeNull(), {interval: 1})]);
        expect(new Set(await loggedIds()).size).toBe(log.end());
        await shut();
        await open();
      }
      expect((await loggedIds()).toSorted()).toEqual(idsTo(times.length).toSorted());
    }),
    {seed: 7, numRuns: 25, examples: [[SPARSE]]},
  );
});

test('pauses double up to a limit, and half of each is random', () => {
  const backoff = {firstMs: 100, longestMs: 1_000};
  const pauses = (random: number) => [0, 1, 2, 3, 4, 5_000].map(attempt => backoffMs(backoff, attempt, () => random));
  expect(pauses(0)).toEqual([50, 100, 200, 400, 500, 500]);
  expect(pauses(1)).toEqual([100, 200, 400, 800, 1_000, 1_000]);
});
