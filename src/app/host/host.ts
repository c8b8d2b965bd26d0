import {type ConsistencyReport, MillraceError, type RunSummary} from '../../protocol/index.ts';
import type {ModelRepository} from '../../serving/index.ts';
import {Access, type AccessOptions} from '../access/access.ts';
import type {ImportedServing} from '../imported/imported-serving.ts';
import {JoinedRepository, LiveRepository} from '../inference/live-repository.ts';
import type {Followers} from '../live/followers.ts';
import type {LivePlatform} from '../live/live-platform.ts';
import type {Runtime} from '../runtime/runtime.ts';
import {type Log, openLog} from '../telemetry/log.ts';
import type {Tracing} from '../telemetry/tracing.ts';
import type {AnsweredRequest} from '../workers/messages.ts';
import type {WorkerPool} from '../workers/worker-pool.ts';
import {Stages} from './stages.ts';

/** What a server shows and serves: a runtime, the live platform once it is open, and the story so far. */
export class Host {
  readonly runtime: Runtime;
  /** Who may ask; a server opens and closes it. */
  readonly access: Access;
  platform: LivePlatform | null = null;
  followers: Followers | null = null;
  imported: ImportedServing | null = null;
  /** Processes that answer predictions beside this one. */
  workers: WorkerPool | null = null;
  /** Told of HTTP requests that workers answered; a server sets it. */
  onAnswered: (request: AnsweredRequest) => void = () => {};
  /** What is wrong is written on stderr unless somebody sets another one before a server is built. */
  log: Log = openLog({format: 'text', level: 'warn'});
  /** Null: nobody wants to know how requests are answered. */
  tracing: Tracing | null = null;
  stages: Stages = new Stages();
  consistency: ConsistencyReport | null = null;
  /** What a run has decided to do, in words, before it does it. */
  policy: readonly string[] = [];
  replay: RunSummary['replay'] = null;
  /** Rows asked for; 0 when nobody asked. */
  rows = 0;
  finished = false;
  readonly #startedAt = new Date();
  readonly #startedMs = performance.now();
  #revision = 0;
  readonly #importedNames: ReadonlySet<string>;
  #repository: ModelRepository | null = null;
  #joined: ImportedServing | null = null;

  constructor(runtime: Runtime, access: AccessOptions = {}) {
    this.runtime = runtime;
    this.#importedNames = new Set(runtime.project.imported.map(({name}) => name));
    this.access = new Access(runtime.metadata, {
      ...access,
      onChange: async () => this.workers?.readKeys(),
      onProblem: error => this.log.error({err: error}, 'The keys could not be read.'),
    });
  }

  get startedAt(): string {
    return this.#startedAt.toISOString();
  }

  /** Seconds since the host was made, by the wall clock. */
  get seconds(): number {
    return (performance.now() - this.#startedMs) / 1_000;
  }

  /** The platform, for requests that cannot do without. Throws NOT_READY before it is open. */
  live(): LivePlatform {
    if (this.platform) return this.platform;
    throw new MillraceError('NOT_READY', 'The platform is not open yet.', {
      fix: 'Try again shortly; /health/ready tells when.',
    });
  }

  /** Whether a name is that of an imported model. */
  isImported(name: string): boolean {
    return this.#importedNames.has(name);
  }

  /** All models, for those who speak tensors. Throws NOT_READY before the platform is open. */
  repository(): ModelRepository {
    const platform = this.live();
    const {imported} = this;
    // Made anew when the imported models are open: names do not change after that.
    if (this.#repository === null || this.#joined !== imported) {
      const parts = [new LiveRepository(platform), ...(imported ? [imported.models] : [])];
      this.#repository = new JoinedRepository(parts, this.runtime.audit);
      this.#joined = imported;
    }
    return this.#repository;
  }

  /** Rises whenever lists should be read again. */
  get revision(): number {
    return this.#revision;
  }

  touch(): void {
    this.#revision++;
  }
}
