import {
  Backfill,
  type FeatureSet,
  type FillProgress,
  loadCheckpoint,
  OnlineReader,
  removeGone,
  restoreLookups,
} from '../../features/index.ts';
import {MillraceError, type PushAnswer, type ReleasePlan, type Retrain, type Review} from '../../protocol/index.ts';
import {promoteBy} from '../access/promote.ts';
import {whoTypes} from '../access/who.ts';
import {recordDefinitions} from '../catalogue/record-definitions.ts';
import {ConsistencyRuns} from '../consistency/consistency-runs.ts';
import {LogRetention} from '../data/log-retention.ts';
import {RefreshedViews} from '../features/refreshed-views.ts';
import {channelProblems} from '../incidents/channel-problems.ts';
import type {IncidentDesk} from '../incidents/incident-desk.ts';
import {openDesk, type Telling} from '../incidents/open-desk.ts';
import {findModel} from '../project/project.ts';
import type {Runtime} from '../runtime/runtime.ts';
import {deployable} from './deployable.ts';
import {takeFeedback} from './feedback.ts';
import {LiveEvents} from './live-events.ts';
import {LiveModel} from './live-model.ts';
import {RetrainDriver, type RetrainDriverOptions} from './retrain-driver.ts';
import {viewsInUse} from './views-in-use.ts';
import {MonitorRetention, type Watched} from './watch/monitor-retention.ts';

export type LivePlatformOptions = RetrainDriverOptions & {
  /** Views that are new or changed are filled from the log before `open` resolves, or while it serves the others. */
  readonly fill?: 'first' | 'meanwhile';
  /** Whether consistency runs start by themselves when they are due, or only when somebody asks. */
  readonly consistency?: 'scheduled' | 'asked';
  /** How people are told of incidents; absent: nobody is told, and they are kept and shown. */
  readonly tell?: Telling;
};

/**
 * All that runs between an event and a decision: the live state of the features, the models in production and
 * their retrains. Whoever owns the clock calls `tick`: a timer in a server, the replay in a replay.
 */
export class LivePlatform {
  readonly runtime: Runtime;
  readonly events: LiveEvents;
  readonly models: readonly LiveModel[];
  readonly drivers: ReadonlyMap<string, RetrainDriver>;
  readonly consistency: ConsistencyRuns;
  readonly incidents: IncidentDesk;
  /** Views that are read as of cuts. */
  readonly refreshed: RefreshedViews;
  /** What people should know of: versions that cannot be served with the definitions that they were trained with, channels without address. */
  readonly problems: string[];
  readonly #scheduled: boolean;
  readonly #waits: boolean;
  readonly #readers = new Map<FeatureSet, OnlineReader>();
  readonly #backfill: Backfill;
  #filled: Promise<void> = Promise.resolve();
  readonly #retention: LogRetention;
  readonly #forgetting: MonitorRetention;
  /** The end of what runs alone. */
  #last: Promise<unknown> = Promise.resolve();

  private constructor(
    runtime: Runtime,
    events: LiveEvents,
    refreshed: RefreshedViews,
    problems: string[],
    options: LivePlatformOptions,
  ) {
    this.runtime = runtime;
    this.refreshed = refreshed;
    this.problems = problems;
    this.events = events;
    this.#retention = new LogRetention(runtime);
    this.#forgetting = new MonitorRetention(runtime.metadata);
    this.#backfill = new Backfill(events.executor, runtime.log, runtime.online);
    this.#scheduled = options.consistency === 'scheduled';
    this.#waits = options.training === 'wait';
    const analyses = this.#waits ? 'wait' : 'later';
    this.models = runtime.project.models.map(
      definition => new LiveModel(runtime, definition, events.executor, {analyses}),
    );
    this.incidents = openDesk(runtime, options.tell);
    this.consistency = new ConsistencyRuns(runtime, {
      onAlerts: (name, changed) => {
        const {watch} = this.model(name);
        watch.adopt(changed);
        const {openAlerts: open, windows} = watch;
        return this.incidents.follow({model: name, open, windows}, runtime.clock.now());
      },
    });
    this.drivers = new Map(
      this.models.map(model => [model.definition.name, new RetrainDriver(runtime, model, options)]),
    );
  }

  /** Opens at the last checkpoint of the live state, and takes the log from there. */
  static async open(runtime: Runtime, options: LivePlatformOptions): Promise<LivePlatform> {
    const now = runtime.clock.now();
    const {project, online, log, metadata} = runtime;
    await recordDefinitions(metadata, project, now);
    const used = await viewsInUse(runtime);
    const refreshed = await RefreshedViews.open(runtime, used.refreshed);
    const executor = await loadCheckpoint(used.live, online, log.end());
    // Where nothing is kept live there is nothing to bring up to date.
    if (used.live.length === 0) executor.position = log.end();
    await restoreLookups(executor, log);
    const events = new LiveEvents(log, executor, online);
    await events.catchUp(now);
    const problems = [...used.problems, ...channelProblems(project.notifications, options.tell)];
    const platform = new LivePlatform(runtime, events, refreshed, problems, options);
    platform.#filled = platform.#fill();
    // Whoever waits for it is told what went wrong; nobody has to.
    platform.#filled.catch(() => {});
    if (options.fill === 'meanwhile') refreshed.begin(now);
    else {
      await platform.#filled;
      await refreshed.tick(now);
    }
    for (const model of platform.models) {
      await model.open();
      platform.problems.push(...model.watch.problems);
      events.listen(batch => model.learn(batch));
      await platform.drivers.get(model.definition.name)!.open(now);
    }
    await platform.incidents.open();
    return platform;
  }

  /** Views that are new or changed and still being filled from the log: they answer NOT_READY until they are. */
  get filling(): readonly FillProgress[] {
    return this.#backfill.progress;
  }

  /** Waits until all views can be read. Throws what kept one from being filled. */
  async filled(): Promise<void> {
    await this.#filled;
  }

  async #fill(): Promise<void> {
    try {
      await this.#backfill.run();
      await removeGone(this.runtime.online);
      await this.runtime.cuts.removeGone();
    } catch (error) {
      // The stores were closed meanwhile: the next start goes on from the last checkpoint.
      if (!(error instanceof MillraceError && error.code === 'STORE_CLOSED')) throw error;
    }
  }

  /** Throws MODEL_NOT_FOUND. */
  model(name: string): LiveModel {
    findModel(this.runtime.project, name);
    return this.models.find(({definition}) => definition.name === name)!;
  }

  /** Reads a feature set from the live state. Throws NOT_READY while one of its views is filled. */
  reader(set: FeatureSet): OnlineReader {
    const known = this.#readers.get(set) ?? new OnlineReader(set, this.events.executor, this.runtime.cuts);
    this.#readers.set(set, known);
    return known;
  }

  /** Accepts live events and shows them to the features before it answers. */
  async push(stream: string, rows: readonly unknown[]): Promise<PushAnswer> {
    const answer = await this.runtime.gate.push(stream, rows);
    await this.events.catchUp(this.runtime.clock.now());
    return answer;
  }

  /**
   * Does what is due on the clock. Calls do not overlap: a call during another waits for it. What fails of one model keeps
   * neither the others from their turn nor people from being told; the first failure is thrown when that is done.
   */
  tick(): Promise<void> {
    return this.#alone(async () => {
      const now = this.runtime.clock.now();
      if (this.#waits) await this.refreshed.tick(now);
      const failures: unknown[] = [];
      const attempt = (work: Promise<void>): Promise<void> => work.catch((error: unknown) => void failures.push(error));
      for (const model of this.models) {
        const {name} = model.definition;
        await attempt(model.tick(now).then(() => this.drivers.get(name)!.tick(now)));
        const {openAlerts: open, windows} = model.watch;
        await attempt(this.incidents.follow({model: name, open, windows}, now));
      }
      await attempt(this.runtime.predictions.flush());
      await attempt(this.incidents.tick(now));
      if (failures.length > 0) throw failures[0];
      await this.#retention.tick(now, () => this.#taken());
      // A replay keeps all: what it shows is the history.
      if (!this.#waits) await this.#forgetting.tick(now, this.models.map(watchedOf));
      if (this.#scheduled) await this.consistency.tick(now);
      if (!this.#waits) this.refreshed.begin(now);
    });
  }

  /** What changes release plans does so one after the other: none builds upon a plan that another replaces meanwhile. */
  #alone<T>(work: () => Promise<T>): Promise<T> {
    const done = this.#last.then(work);
    this.#last = done.catch(() => {});
    return done;
  }

  /**
   * Makes a version the champion of all traffic, from the next request on; it is loaded and warmed up before that, and if
   * that fails nothing changes. Throws GATE_FAILED, VERSION_NOT_FOUND, STORE_CONFLICT while a challenger is rolled out.
   */
  deploy(name: string, version: number | undefined, reason: string, who: string = whoTypes()): Promise<ReleasePlan> {
    return this.#alone(async () => {
      const model = this.model(name);
      const {running} = this.drivers.get(name)!;
      if (running?.outcome === 'shadow' || running?.outcome === 'canary')
        throw new MillraceError(
          'STORE_CONFLICT',
          `Version ${running.challenger} is being rolled out as ${running.outcome}.`,
          {fix: 'Wait until it is promoted or rejected.'},
        );
      const {registry} = this.runtime;
      const chosen = await deployable(registry, name, version);
      await model.service.prepare(chosen.version);
      const plan =
        chosen.status === 'champion'
          ? (await registry.plan(name))!
          : await promoteBy(this.runtime, who, {model: name, version: chosen.version, reason});
      await model.usePlan(plan);
      return plan;
    });
  }

  /**
   * Decides what a model was too unsure of. Where the model takes feedback the decision is feedback too: explicit, named
   * `review`. Throws RECORD_NOT_FOUND, STORE_CONFLICT if it was decided before.
   */
  async decide(name: string, id: string, decision: number, by: string): Promise<Review> {
    const {reviews, definition} = this.model(name);
    const review = await reviews.decide(id, decision, by, this.runtime.clock.now());
    if (definition.feedback) {
      const said = {id, name: 'review', value: decision, feedbackId: `review/${name}/${id}`};
      await takeFeedback(this, name, {feedback: [said]});
    }
    return review;
  }

  /** Starts a retrain by hand. Throws MODEL_NOT_FOUND, STORE_CONFLICT while one is running. */
  async retrain(model: string, reason: string, who: string = whoTypes()): Promise<Retrain> {
    const {name} = findModel(this.runtime.project, model);
    return this.#alone(() => this.drivers.get(name)!.start(reason, this.runtime.clock.now(), who));
  }

  /** Log position up to which the kept live state has taken all events. */
  async #taken(): Promise<number> {
    const {position} = this.events.executor;
    await this.checkpoint();
    return position;
  }

  /** Keeps the live state, so that the next opening reads only what came after. */
  async checkpoint(): Promise<void> {
    await this.runtime.predictions.flush();
    for (const {slos} of this.models) await slos.keep();
    await this.events.checkpoint();
    await this.#backfill.checkpoint();
  }
}

const watchedOf = ({definition, watch}: LiveModel): Watched => ({policy: definition.monitor, windows: watch.windows});
