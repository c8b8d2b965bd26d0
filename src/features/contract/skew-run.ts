// Serves a skewed world from the live state, with restarts, and computes every served vector again from the log.
import {join} from 'node:path';
import {EventArchive, EventGate, FileQuarantine} from '../../events/index.ts';
import {seededRandom} from '../../math/index.ts';
import {type ColumnData, ManualClock} from '../../protocol/index.ts';
import {openDuckDb} from '../../stores/duckdb/index.ts';
import type {EventLog, SqlEngine} from '../../stores/index.ts';
import {openLmdb} from '../../stores/lmdb/index.ts';
import {openSegmentLog} from '../../stores/segments/index.ts';
import type {CutMade} from '../batch/cut-times.ts';
import {computeFeatures} from '../batch/executor.ts';
import {withSpine} from '../batch/spine-table.ts';
import {cutsWanted} from '../cuts/cut-schedule.ts';
import {CutStore} from '../cuts/cut-store.ts';
import {makeCut} from '../cuts/make-cut.ts';
import {cutsName, type RefreshedUse, refreshedUses} from '../cuts/stored-cuts.ts';
import type {ViewUse} from '../definitions/feature-set.ts';
import {OnlineReader} from '../online/reader.ts';
import {loadCheckpoint, restoreLookups, saveCheckpoint} from '../stream/checkpoint.ts';
import type {ArrivalKind, SkewWorld} from './skew-world.ts';

/** Vectors that were served, column by column. */
export type Served = {
  readonly count: number;
  readonly q: Float64Array;
  readonly positions: Float64Array;
  readonly request: Readonly<Record<string, Float64Array | (string | null)[]>>;
  readonly features: Readonly<Record<string, Float64Array | (string | null)[]>>;
};

export type SkewRun = {
  readonly served: Served;
  readonly again: Readonly<Record<string, ColumnData>>;
  readonly log: EventLog;
  /** When the cuts of a view were made. */
  readonly cutsMade: (use: ViewUse) => readonly CutMade[];
  /** What happened on the way: a run without any of it would show nothing. */
  readonly seen: {
    readonly events: number;
    readonly duplicates: number;
    readonly late: number;
    readonly restarts: number;
    readonly behind: number;
    readonly held: number;
  };
  readonly serveSeconds: number;
  readonly recomputeSeconds: number;
};

export type SkewRunOptions = {
  /** An empty folder. */
  readonly folder: string;
  readonly rows: number;
  readonly restarts: number;
  readonly arrival: ArrivalKind;
  readonly seed: number;
  readonly sql?: SqlEngine;
};

/** Runs it and hands the run to `look` while its stores are open. */
export async function withSkewRun<T>(
  world: SkewWorld,
  options: SkewRunOptions,
  look: (run: SkewRun) => T | Promise<T>,
): Promise<T> {
  const {folder} = options;
  const clock = new ManualClock(world.pushes[0]!.at);
  const log = await openSegmentLog(join(folder, 'events'), {durability: 'process'});
  const online = await openLmdb(join(folder, 'online'));
  const quarantine = await FileQuarantine.open(join(folder, 'quarantine.jsonl'));
  const gate = await EventGate.open({log, sources: world.sources, clock, quarantine});
  const sql = options.sql ?? (await openDuckDb({threads: 1}));
  try {
    let started = performance.now();
    const archive = new EventArchive({log, sql, folder: join(folder, 'archive'), sources: world.sources});
    const {served, made, ...seen} = await serve(world, {...options, clock, log, online, gate, sql, archive});
    const serveSeconds = (performance.now() - started) / 1_000;
    started = performance.now();
    await archive.update();
    const cutsMade = ({view, refresh}: ViewUse) => made.get(refresh ? cutsName({view, refresh}) : '') ?? [];
    const again = await withSpine({sql, folder}, world.set.request, [served], spine =>
      computeFeatures(world.set, spine, {sql, relation: stream => archive.relation(stream), cutsMade}),
    );
    const reports = gate.reports();
    const total = (key: 'events' | 'duplicates' | 'late') => reports.reduce((sum, r) => sum + r[key], 0);
    return await look({
      served,
      again,
      log,
      cutsMade,
      seen: {...seen, events: total('events'), duplicates: total('duplicates'), late: total('late')},
      serveSeconds,
      recomputeSeconds: (performance.now() - started) / 1_000,
    });
  } finally {
    if (!options.sql) await sql.close();
    for (const store of [gate, quarantine, online, log]) await store.close();
  }
}

type Stage = SkewRunOptions & {
  readonly clock: ManualClock;
  readonly log: EventLog;
  readonly online: Awaited<ReturnType<typeof openLmdb>>;
  readonly gate: EventGate;
  readonly sql: SqlEngine;
  readonly archive: EventArchive;
};

/** Makes the cuts that should stand, from what the log holds by now. */
async function makeDue(
  cuts: CutStore,
  uses: readonly RefreshedUse[],
  {clock, log, sql, archive}: Stage,
  made: Map<string, CutMade[]>,
): Promise<void> {
  const now = clock.now();
  for (const use of uses)
    for (const cut of cutsWanted(use.refresh, now)) {
      if (cuts.cuts(use).generations.some(generation => generation.cut === cut)) continue;
      const position = log.end();
      await archive.update(position);
      const relation: EventArchive['relation'] = (stream, range) => archive.relation(stream, range);
      await makeCut(cuts, use, {sql, relation, cut, position, now, seal: async () => now});
      made.set(cutsName(use), [...(made.get(cutsName(use)) ?? []), {cut, madeAt: now, position}]);
      await cuts.removeGone();
    }
}

async function serve({set, pushes, users}: SkewWorld, stage: Stage) {
  const {clock, log, online, gate, ...options} = stage;
  const random = seededRandom(options.seed + 1);
  const views = set.views.filter(({refresh}) => refresh === undefined).map(({view}) => view);
  const refreshed = refreshedUses(set.views);
  const made = new Map<string, CutMade[]>();
  let cuts = await CutStore.open(online);
  const served = emptyServed(set, options.rows);
  let executor = await loadCheckpoint(views, online, log.end());
  let reader = new OnlineReader(set, executor, cuts);
  let [restarts, behind, held] = [0, 0, 0];
  const catchUp = async () => {
    for await (const batch of log.read({from: executor.position})) executor.apply(batch);
  };
  for (const [i, {at, stream, columns}] of pushes.entries()) {
    clock.advanceTo(Math.max(at, clock.now()));
    await gate.pushColumns(stream, columns, {arrival: options.arrival === 'delay' ? 'history' : 'live'});
    // Now and then requests are answered between the acknowledgement of events and their application.
    const applied = random() < 0.8;
    if (!applied && log.end() > executor.position) behind++;
    if (random() < 0.9) executor.advanceTo(clock.now());
    if (applied) await catchUp();
    if (executor.held.length > 0) held++;
    const due = Math.round(((i + 1) / pushes.length) * options.rows);
    while (served.count < due) {
      if (applied && random() < 0.3) clock.advanceTo(clock.now() + Math.floor(random() * 50));
      const request = {
        user: random() < 0.02 ? 'nobody' : random() < 0.2 ? users[0]! : users[Math.floor(random() * users.length)]!,
        shop: random() < 0.5 ? 's' : 'ü',
        amount: Math.round(random() * 1e4) / 100,
        zone: 'Europe/Athens',
      };
      await makeDue(cuts, refreshed, stage, made);
      record(served, request, reader.read(request, clock.now()), clock.now(), executor.position);
    }
    const share = pushes.length / (options.restarts + 1);
    // What was taken since the checkpoint is lost with the process, and taken from the log again.
    if (i > 0 && Math.floor((i + share / 2) / share) > Math.floor((i - 1 + share / 2) / share))
      await saveCheckpoint(executor, online);
    if (i > 0 && Math.floor(i / share) > Math.floor((i - 1) / share) && restarts < options.restarts) {
      restarts++;
      // A new process: the state as of its checkpoint, what is looked up from the log.
      executor = await loadCheckpoint(views, online, log.end());
      await restoreLookups(executor, log);
      executor.advanceTo(clock.now());
      await catchUp();
      cuts = await CutStore.open(online);
      reader = new OnlineReader(set, executor, cuts);
    }
  }
  return {served, made, restarts, behind, held};
}

type Filling = {-readonly [K in keyof Served]: Served[K]};

function emptyServed({request, features}: SkewWorld['set'], rows: number): Filling {
  const column = (type: string) => (type === 'string' ? new Array<string | null>(rows) : new Float64Array(rows));
  return {
    count: 0,
    q: new Float64Array(rows),
    positions: new Float64Array(rows),
    request: Object.fromEntries(Object.entries(request).map(([name, {type}]) => [name, column(type)])),
    features: Object.fromEntries(features.map(({name, type}) => [name, column(type)])),
  };
}

function record(
  served: Filling,
  request: Readonly<Record<string, string | number>>,
  values: readonly (string | number | null)[],
  q: number,
  position: number,
): void {
  const row = served.count++;
  served.q[row] = q;
  served.positions[row] = position;
  for (const [field, column] of Object.entries(served.request)) column[row] = request[field]!;
  Object.values(served.features).forEach((column, f) => {
    column[row] = values[f]!;
  });
}

/** A value that was served and is not what the log gives. */
export type Skew = {readonly feature: string; readonly row: number; readonly served: unknown; readonly again: unknown};

/** Every value whose bits differ. */
export function skews({served, again}: Pick<SkewRun, 'served' | 'again'>): Skew[] {
  const found: Skew[] = [];
  for (const [feature, column] of Object.entries(served.features))
    for (let row = 0; row < served.count; row++)
      if (!Object.is(column[row], again[feature]![row]))
        found.push({feature, row, served: column[row], again: again[feature]![row]});
  return found;
}
