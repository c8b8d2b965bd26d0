import {join} from 'node:path';
import {StoredStates} from '../../features/index.ts';
import {type ReleasePlan, wallClock} from '../../protocol/index.ts';
import {ModelRegistry} from '../../registry/index.ts';
import {openFiles} from '../../stores/files/index.ts';
import type {LocalStore, MetadataStore} from '../../stores/index.ts';
import {openLibsql} from '../../stores/libsql/index.ts';
import {openLmdbReader} from '../../stores/lmdb/index.ts';
import {Access} from '../access/access.ts';
import {versionParts} from '../live/version-parts.ts';
import {loadProject} from '../project/load.ts';
import type {Log} from '../telemetry/log.ts';
import type {Tracing} from '../telemetry/tracing.ts';
import type {WorkerStart} from './messages.ts';
import type {ReportSender} from './report-sender.ts';
import {WorkerModel} from './worker-model.ts';

type Telemetry = {readonly log: Log; readonly tracing: Tracing | null};

/** All that a worker answers with. It writes nothing: states, versions and keys are read where the process that leads keeps them. */
export class WorkerPlatform {
  readonly access: Access;
  readonly report: ReportSender;
  readonly log: Log;
  /** Null: nobody wants to know how requests are answered. */
  readonly tracing: Tracing | null;
  readonly #models: ReadonlyMap<string, WorkerModel>;
  readonly #states: LocalStore;
  readonly #metadata: MetadataStore;

  private constructor(
    models: ReadonlyMap<string, WorkerModel>,
    access: Access,
    report: ReportSender,
    {log, tracing}: Telemetry,
    stores: {readonly states: LocalStore; readonly metadata: MetadataStore},
  ) {
    this.access = access;
    this.report = report;
    this.log = log;
    this.tracing = tracing;
    this.#models = models;
    this.#states = stores.states;
    this.#metadata = stores.metadata;
  }

  /** It answers nothing before `use`. Throws STORE_UNAVAILABLE before the first checkpoint, and what `loadProject` throws. */
  static async open(start: WorkerStart, report: ReportSender, telemetry: Telemetry): Promise<WorkerPlatform> {
    const project = await loadProject(start.project);
    const metadata = await openLibsql(join(start.folder, 'metadata.db'));
    const objects = await openFiles(join(start.folder, 'objects'));
    const store = openLmdbReader(join(start.folder, 'online'));
    const registry = new ModelRegistry(metadata, objects);
    const states = new StoredStates(store);
    const made = project.models
      .filter(({features}) => features.views.every(({refresh}) => refresh === undefined))
      .map(definition => {
        const {name} = definition;
        const version = (number: number) => versionParts({registry, objects}, name, number);
        return [name, new WorkerModel(definition, {states, clock: wallClock, report, version})] as const;
      });
    const access = new Access(metadata, {
      auth: start.auth,
      onProblem: error => telemetry.log.error({err: error}, 'The keys could not be read.'),
    });
    return new WorkerPlatform(new Map(made), access, report, telemetry, {states: store, metadata});
  }

  /** The model of this name, if this worker answers it. */
  answering(name: string): WorkerModel | undefined {
    const model = this.#models.get(name);
    return model?.answers ? model : undefined;
  }

  /** Answers a model by this plan, or not any more. Throws what kept it from being loaded; then it is not answered here. */
  async use(name: string, plan: ReleasePlan | null): Promise<void> {
    await this.#models.get(name)?.use(plan);
  }

  async close(): Promise<void> {
    await this.tracing?.close();
    await this.#states.close();
    await this.#metadata.close();
  }
}
