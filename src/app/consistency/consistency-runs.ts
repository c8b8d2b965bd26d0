import {type Alert, type ConsistencyRun, MillraceError} from '../../protocol/index.ts';
import type {ModelDefinition} from '../definitions/model.ts';
import {pinnedSet} from '../live/pinned-sets.ts';
import type {Runtime} from '../runtime/runtime.ts';
import {checkConsistency} from './check-consistency.ts';
import {ConsistencyRecords} from './consistency-records.ts';
import {keyFields} from './key-sample.ts';
import {MOST_ROWS} from './policy.ts';
import {judgeSkew} from './skew-alert.ts';

/** What to compare; as the model's policy has it unless given. `from: null`: since the first prediction. */
export type ConsistencyRange = {
  readonly from?: number | null;
  readonly to?: number;
  readonly sample?: number;
};

export type StartOptions = ConsistencyRange & {
  readonly trigger?: ConsistencyRun['trigger'];
  readonly onProgress?: (predictions: number) => void;
};

export type ConsistencyRunsOptions = {
  /** Told of alerts that were opened or resolved; it is waited for. */
  readonly onAlerts?: (model: string, changed: readonly Alert[]) => unknown;
  readonly onFinished?: (run: ConsistencyRun) => void;
};

type Running = {readonly run: ConsistencyRun; readonly finished: Promise<ConsistencyRun>};

/** The consistency runs of all models: one at a time, each with its record, and an alert where something differs. */
export class ConsistencyRuns {
  readonly #runtime: Runtime;
  readonly #records: ConsistencyRecords;
  readonly #options: ConsistencyRunsOptions;
  #starting = false;
  #running: Running | null = null;
  readonly #stopping = new AbortController();

  constructor(runtime: Runtime, options: ConsistencyRunsOptions = {}) {
    this.#runtime = runtime;
    this.#records = new ConsistencyRecords(runtime.metadata);
    this.#options = options;
  }

  /** The run that is under way; null while there is none. */
  get running(): ConsistencyRun | null {
    return this.#running?.run ?? null;
  }

  /** Newest first; one that is under way is the first. */
  async list(model: string): Promise<ConsistencyRun[]> {
    const stored = await this.#records.list(model);
    return this.running?.model === model ? [this.running, ...stored] : stored;
  }

  /** The newest finished run of all models; null before there is one. */
  async latest(): Promise<ConsistencyRun | null> {
    const all = await Promise.all(this.#runtime.project.models.map(({name}) => this.#records.list(name)));
    const done = all.flatMap(runs => runs.filter(({state}) => state === 'done').slice(0, 1));
    return done.sort((a, b) => b.startedAt - a.startedAt)[0] ?? null;
  }

  /** Runs one and waits for it. Throws STORE_CONFLICT while one is running, and what stopped it. */
  async run(definition: ModelDefinition, options: StartOptions = {}): Promise<ConsistencyRun> {
    const {finished} = await this.#begin(definition, options);
    return finished;
  }

  /** Starts one and returns its record, which is in `list` from then on. Throws STORE_CONFLICT while one is running. */
  async start(definition: ModelDefinition, options: StartOptions = {}): Promise<ConsistencyRun> {
    const {run, finished} = await this.#begin(definition, options);
    // Its record says how it ended.
    finished.catch(() => undefined);
    return run;
  }

  /** Starts what is due by the policies, and does not wait for it. */
  async tick(now: number): Promise<void> {
    for (const definition of this.#runtime.project.models) {
      if (this.#starting || this.#running || this.#stopping.signal.aborted) return;
      const [last] = await this.#records.list(definition.name, 1);
      const due = last === undefined || last.startedAt + definition.consistency.everyMs <= now;
      if (due && (await this.#runtime.registry.plan(definition.name)))
        await this.start(definition, {trigger: 'scheduled'});
    }
  }

  /** Stops the run that is under way, between two chunks; resolves when its stores are free. */
  async stop(): Promise<void> {
    this.#stopping.abort(new MillraceError('STORE_CLOSED', 'The platform was closed.'));
    await this.#running?.finished.catch(() => undefined);
  }

  async #begin(definition: ModelDefinition, options: StartOptions): Promise<Running> {
    if (this.#starting || this.#running) throw this.#busy(definition.name);
    this.#starting = true;
    try {
      const run = await this.#plan(definition, options);
      const running = {run, finished: this.#work(definition, run, options)};
      this.#running = running;
      return running;
    } finally {
      this.#starting = false;
    }
  }

  async #plan(definition: ModelDefinition, {trigger = 'manual', ...range}: StartOptions): Promise<ConsistencyRun> {
    const {name, consistency, features} = definition;
    const now = this.#runtime.clock.now();
    const to = range.to ?? now;
    const from = range.from === undefined ? to - consistency.overMs : range.from;
    const [last] = await this.#records.list(name, 1);
    const number = (last?.number ?? 0) + 1;
    return {
      id: `${name}/consistency-${number}`,
      model: name,
      set: features.name,
      number,
      state: 'running',
      trigger,
      startedAt: now,
      finishedAt: null,
      from,
      to,
      sample: range.sample ?? consistency.sample ?? (await this.#share(name, from, to)),
      keys: keyFields(features),
      predictions: 0,
      values: 0,
      mismatches: 0,
      features: [],
      seconds: 0,
      error: null,
    };
  }

  /** As many keys as keep a run small. */
  async #share(model: string, from: number | null, to: number): Promise<number> {
    const {predictions} = this.#runtime;
    await predictions.flush();
    let rows = 0;
    for await (const {count} of predictions.served(model, {to, ...(from === null ? {} : {from})})) rows += count;
    return rows <= MOST_ROWS ? 1 : Number((MOST_ROWS / rows).toPrecision(2));
  }

  async #work(definition: ModelDefinition, run: ConsistencyRun, {onProgress}: StartOptions): Promise<ConsistencyRun> {
    const {clock, monitoring} = this.#runtime;
    const {from, to, sample, model} = run;
    try {
      const result = await checkConsistency(this.#runtime, definition, {
        pinned: version => pinnedSet(this.#runtime, definition, version),
        to,
        sample,
        signal: this.#stopping.signal,
        ...(from === null ? {} : {from}),
        ...(onProgress ? {onProgress} : {}),
      });
      const done: ConsistencyRun = {...run, ...result, state: 'done', finishedAt: clock.now()};
      await this.#records.save(done);
      const {opened, resolved} = judgeSkew(done, await monitoring.alerts(model), clock.now());
      const changed = [opened, resolved].filter(alert => alert !== null);
      await monitoring.saveAlerts(changed);
      await this.#options.onAlerts?.(model, changed);
      this.#options.onFinished?.(done);
      return done;
    } catch (error) {
      // One that was stopped leaves no record: it is due again at the next start.
      if (!this.#stopping.signal.aborted) {
        const message = error instanceof Error ? error.message : String(error);
        await this.#records.save({...run, state: 'failed', finishedAt: clock.now(), error: message});
      }
      throw error;
    } finally {
      this.#running = null;
    }
  }

  #busy(model: string): MillraceError {
    const running = this.running;
    return new MillraceError(
      'STORE_CONFLICT',
      running
        ? `Consistency run ${running.number} of '${running.model}' is under way; '${model}' has to wait.`
        : `A consistency run is starting; '${model}' has to wait.`,
      {fix: 'Try again when it has finished.'},
    );
  }
}
