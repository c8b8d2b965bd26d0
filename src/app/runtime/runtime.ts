import type {AuditLog} from '../../access/index.ts';
import type {Retrains} from '../../continual/index.ts';
import type {EventArchive, EventGate, Quarantine} from '../../events/index.ts';
import type {CutStore} from '../../features/index.ts';
import type {PredictionLog} from '../../logs/index.ts';
import type {Clock} from '../../protocol/index.ts';
import type {ModelRegistry} from '../../registry/index.ts';
import type {CopyState, EventLog, LocalStore, MetadataStore, ObjectStore, SqlEngine} from '../../stores/index.ts';
import type {Project} from '../project/project.ts';
import type {MonitorRecords} from './monitor-records.ts';

/** A project with its stores open: all that the jobs of `app` run on. */
export type Runtime = {
  readonly project: Project;
  /** Folder of all data of the project. */
  readonly folder: string;
  readonly clock: Clock;
  readonly threads: number;
  readonly metadata: MetadataStore;
  readonly online: LocalStore;
  /** The values of views that are read as of cuts, in `online`. */
  readonly cuts: CutStore;
  /** How far the copy of `online` is; absent where none is kept. */
  readonly copyState?: () => CopyState;
  readonly objects: ObjectStore;
  readonly sql: SqlEngine;
  /** All events, also those that its files no longer hold: what retention has dropped is read from the archive. */
  readonly log: EventLog;
  readonly quarantine: Quarantine;
  readonly gate: EventGate;
  readonly archive: EventArchive;
  readonly predictions: PredictionLog;
  readonly registry: ModelRegistry;
  readonly retrains: Retrains;
  readonly monitoring: MonitorRecords;
  /** Who changed what. */
  readonly audit: AuditLog;
  close(): Promise<void>;
};
