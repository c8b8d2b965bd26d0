import {mkdirSync} from 'node:fs';
import {availableParallelism} from 'node:os';
import {join} from 'node:path';
import {Retrains} from '../../continual/index.ts';
import {EventArchive, EventGate, FileQuarantine} from '../../events/index.ts';
import {CUTS_PREFIX, CutStore} from '../../features/index.ts';
import {PredictionLog} from '../../logs/index.ts';
import {type Clock, wallClock} from '../../protocol/index.ts';
import {ModelRegistry} from '../../registry/index.ts';
import {openDuckDb} from '../../stores/duckdb/index.ts';
import {openFiles} from '../../stores/files/index.ts';
import {CopiedStore, type OnlineStore} from '../../stores/index.ts';
import {openLibsql} from '../../stores/libsql/index.ts';
import {openLmdb} from '../../stores/lmdb/index.ts';
import {openSegmentLog} from '../../stores/segments/index.ts';
import {accessRecords} from '../access/access-records.ts';
import {WholeLog} from '../data/whole-log.ts';
import type {Project} from '../project/project.ts';
import {MonitorRecords} from './monitor-records.ts';
import type {Runtime} from './runtime.ts';

export type OpenOptions = {
  /** Folder of all data; `.millrace/<project>` in the current folder unless told. */
  readonly folder?: string;
  readonly clock?: Clock;
  /** Threads of trainings and queries; all cores unless told. */
  readonly threads?: number;
  /** `process` acknowledges what survives kill -9; `disk` also a loss of power, at the cost of an fsync. */
  readonly durability?: 'process' | 'disk';
  /** A copy of the feature states for readers elsewhere; it is closed with the runtime. */
  readonly copy?: OnlineStore;
};

/** Where a project's data lies unless told otherwise. */
export const dataFolder = (project: Project): string => join('.millrace', project.name);

type Closable = {close(): Promise<void>};

/** Opens a project on the embedded stores. Throws STORE_BUSY while another process has it open. */
export async function openRuntime(project: Project, options: OpenOptions = {}): Promise<Runtime> {
  const {
    folder = dataFolder(project),
    clock = wallClock,
    threads = availableParallelism(),
    durability = 'disk',
  } = options;
  mkdirSync(folder, {recursive: true});
  const opened: Closable[] = [];
  const keep = <T extends Closable>(store: T): T => {
    opened.unshift(store);
    return store;
  };
  const close = async () => {
    for (const store of opened.splice(0)) await store.close();
  };
  try {
    const log = keep(await openSegmentLog(join(folder, 'events'), {durability}));
    const predictionLog = keep(await openSegmentLog(join(folder, 'predictions'), {durability: 'process'}));
    const metadata = keep(await openLibsql(join(folder, 'metadata.db')));
    const states = await openLmdb(join(folder, 'online'));
    const copied = options.copy && new CopiedStore(states, options.copy, {last: 'stream/', own: CUTS_PREFIX});
    const online = keep(copied ?? states);
    const objects = await openFiles(join(folder, 'objects'));
    const sql = keep(await openDuckDb({threads, temporaryFolder: join(folder, 'spill')}));
    const quarantine = keep(await FileQuarantine.open(join(folder, 'quarantine.jsonl')));
    const {sources} = project;
    const archive = new EventArchive({log, sql, folder: join(folder, 'archive'), sources});
    // Completes an erasure that was cut short, before anything reads what it is about.
    await archive.open();
    const gate = keep(await EventGate.open({log, sources, clock, quarantine, objects}));
    const predictions = new PredictionLog(predictionLog);
    keep({close: () => predictions.flush()});
    return {
      project,
      folder,
      clock,
      threads,
      metadata,
      online,
      cuts: await CutStore.open(online),
      ...(copied === undefined ? {} : {copyState: () => copied.state()}),
      objects,
      sql,
      log: new WholeLog({log, archive, sql, sources}),
      quarantine,
      gate,
      archive,
      predictions,
      registry: new ModelRegistry(metadata, objects),
      retrains: new Retrains(metadata),
      monitoring: new MonitorRecords(metadata),
      audit: accessRecords(metadata).audit,
      close,
    };
  } catch (error) {
    await close();
    throw error;
  }
}
