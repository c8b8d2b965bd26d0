// Writes what changed in a stream executor to an online store, with the log position it stands for, in one
// transaction: states of keys, pages of busy keys, new strings, and a record of each view. What lies there is always
// the state of the position in the record, so that a key that did not change since is read from there when it is
// asked for. Where everything lies: `stored-view.ts`.
import type {EventLog, LocalStore} from '../../stores/index.ts';
import {viewKey} from '../definitions/version.ts';
import type {FeatureView} from '../definitions/view.ts';
import type {Meter} from '../windows/arena.ts';
import {StreamExecutor} from './executor.ts';
import type {CacheOptions} from './state-cache.ts';
import {
  codesPrefix,
  decodeJson,
  encodeJson,
  goneEntry,
  goneNumbers,
  heldEvent,
  pageKey,
  recordKey,
  stateKey,
  storedViews,
  type ViewRecord,
} from './stored-view.ts';
import {type Entries, settleChanges, takeChanges} from './view-changes.ts';
import {ViewState} from './view-state.ts';

export type StreamOptions = {
  /** Memory for states (bytes; 512 MiB unless told otherwise): beyond it, those that were saved leave memory. */
  readonly budgetBytes?: number;
  /** Events of a page of a busy key: 1,024 unless told otherwise. */
  readonly pageEvents?: number;
  /** Changed keys from which on a checkpoint is due: 50,000 unless told otherwise. */
  readonly mostDirty?: number;
};

const FRESH = {position: 0, clock: null, codes: 0, held: []} as const;

/**
 * An executor over the states that a store holds, as of the last checkpoint; nothing but the strings is read before it
 * is asked for. Views whose states are of an earlier position than the others', or that have none, are `behind`:
 * `Backfill` lets them catch up. States of views that are not given stay as they are (`dropUnused`).
 * `end`: where the log ends; a state beyond it was made from another log and is given up.
 */
export async function loadCheckpoint(
  views: readonly FeatureView[],
  store: LocalStore,
  end = Number.POSITIVE_INFINITY,
  options: StreamOptions = {},
): Promise<StreamExecutor> {
  const {budgetBytes = 512 * 2 ** 20, ...others} = options;
  const records = new Map(await storedViews(store));
  let last = Math.max(0, ...[...records.values()].map(({number}) => number), ...(await goneNumbers(store)));
  const gone = [...records.values()].filter(({position}) => position > end).map(({number}) => number);
  for (const [key, {position}] of records) if (position > end) records.delete(key);
  const main = Math.max(0, ...[...records.values()].map(({position}) => position));

  const distinct = new Map(views.map(view => [viewKey(view), view]));
  const opened = new Map(
    [...distinct.keys()].map(key => {
      const record = records.get(key) ?? {...FRESH, number: ++last};
      return [key, {...record, filling: record.position < main}];
    }),
  );
  const changed = [...opened].filter(([key, {filling}]) => records.get(key)?.filling !== filling);
  if (changed.length + gone.length > 0)
    await store.putMany([
      goneEntry([...(await goneNumbers(store)), ...gone]),
      ...changed.map(([key, record]) => [recordKey(key), encodeJson(record)] as const),
    ]);

  const meter: Meter = {bytes: 0};
  const executorAt = async (position: number, lookups?: StreamExecutor['lookups']): Promise<StreamExecutor> => {
    const group = [...opened].filter(([, record]) => record.position === position);
    const states: ViewState[] = [];
    for (const [key, record] of group)
      states.push(await openView(distinct.get(key)!, record, store, {...others, budgetBytes, meter}));
    const executor = new StreamExecutor(states, {...others, budgetBytes, meter, ...(lookups ? {lookups} : {})});
    for (const [key, {held}] of group) for (const event of held) executor.hold(heldEvent(key, event));
    executor.advanceTo(Math.max(...group.map(([, {clock}]) => clock ?? Number.NEGATIVE_INFINITY)));
    executor.position = position;
    return executor;
  };
  const executor = await executorAt(main);
  const positions = new Set([...opened.values()].map(({position}) => position));
  for (const position of [...positions].filter(each => each < main).sort((a, b) => b - a)) {
    const behind = await executorAt(position, executor.lookups);
    for (const state of behind.views) state.filling = {from: position, read: 0, total: main - position, failure: null};
    executor.addBehind(behind);
  }
  return executor;
}

async function openView(
  view: FeatureView,
  {number, codes, position}: ViewRecord,
  store: LocalStore,
  options: CacheOptions,
): Promise<ViewState> {
  const strings: string[] = [];
  for await (const [, bytes] of store.scan(codesPrefix(number))) strings.push(...(decodeJson(bytes) as string[]));
  const source = {
    load: (key: string) => store.get(stateKey(number, key)),
    loadPage: (key: string, page: number) => store.get(pageKey(number, key, page)),
    empty: position === 0,
  };
  return new ViewState(view, {...options, source}, strings.slice(0, codes), number);
}

/** Reads again what views look up in other streams: all rows before the position of the executor. */
export async function restoreLookups(executor: StreamExecutor, log: EventLog): Promise<void> {
  for (const stream of executor.lookups.streams)
    for await (const batch of log.read({stream, to: executor.position})) executor.lookups.take(batch);
}

/**
 * Writes all keys that changed since the last checkpoint. Returns how many. If it fails, the next one writes them.
 * Events may be taken and values be read while it is under way.
 */
export async function saveCheckpoint(executor: StreamExecutor, store: Pick<LocalStore, 'putMany'>): Promise<number> {
  const {saves} = executor;
  const before = saves.last;
  const run = (async () => {
    await before.catch(() => {});
    return save(executor, store);
  })();
  saves.last = run;
  return run;
}

async function save(executor: StreamExecutor, store: Pick<LocalStore, 'putMany'>): Promise<number> {
  const entries: Entries = [];
  const taken = executor.views.map(state => takeChanges(executor, state, entries));
  let done = false;
  try {
    await store.putMany(entries);
    done = true;
  } finally {
    for (const each of taken) settleChanges(each, done);
  }
  return taken.reduce((sum, {keys}) => sum + keys.length, 0);
}
