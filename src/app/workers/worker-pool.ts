import {randomBytes} from 'node:crypto';
import {mkdtempSync, rmSync} from 'node:fs';
import type {Socket} from 'node:net';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import type {ReleasePlan} from '../../protocol/index.ts';
import type {LiveModel} from '../live/live-model.ts';
import type {LivePlatform} from '../live/live-platform.ts';
import {whyNotByWorkers} from './answerable.ts';
import type {AnsweredRequest, Leader, WorkerReport, WorkerStart} from './messages.ts';
import {takeReport} from './take-report.ts';
import {WorkerProcess} from './worker-process.ts';

/** A worker that ends is replaced after so long; twice as long each time it happens again soon. */
const FIRST_PAUSE_MS = 100;
const LONGEST_PAUSE_MS = 30_000;
/** One that lived so long has not ended soon. */
const STABLE_MS = 60_000;
/** Requests may take half a minute. */
const DRAIN_MS = 40_000;

export type WorkerPoolOptions = {
  readonly count: number;
  /** The module that a worker runs. */
  readonly entry: string;
  readonly start: Pick<WorkerStart, 'project' | 'folder' | 'auth' | 'tls' | 'log'>;
  /** Told what people should know. */
  readonly onProblem: (problem: string) => void;
  /** Told of requests that workers answered. */
  readonly onAnswered?: (request: AnsweredRequest) => void;
};

/**
 * The worker processes of a server. It deals them connections, tells them which plan to answer by, records what they
 * answered, and replaces those that end. Until `open`, and when no worker is there, the server answers by itself.
 */
export class WorkerPool {
  readonly leader: Leader;
  readonly #options: WorkerPoolOptions;
  readonly #sockets: string;
  #platform: LivePlatform | null = null;
  #workers: WorkerProcess[] = [];
  readonly #plans = new Map<string, ReleasePlan>();
  readonly #reasons = new Map<string, string>();
  #telling: Promise<void> = Promise.resolve();
  #next = 0;
  #losses = 0;
  #pauseMs = FIRST_PAUSE_MS;
  readonly #replacing = new Set<NodeJS.Timeout>();
  readonly #shed = {refused: 0, degraded: 0};
  #draining = false;
  #onReady: (() => void) | null = null;

  constructor(options: WorkerPoolOptions) {
    this.#options = options;
    // Nobody else may enter it: what comes over these sockets says who it comes from.
    this.#sockets = mkdtempSync(join(tmpdir(), 'millrace-'));
    this.leader = {socket: join(this.#sockets, 'leader'), token: randomBytes(24).toString('base64url')};
  }

  /** How many there should be, how many take connections, and how many have ended without being told to. */
  get state(): {readonly wanted: number; readonly ready: number; readonly losses: number} {
    return {
      wanted: this.#options.count,
      ready: this.#workers.filter(({ready}) => ready).length,
      losses: this.#losses,
    };
  }

  /** Requests that workers turned away or degraded because they could not keep up. */
  get shed(): {readonly refused: number; readonly degraded: number} {
    return this.#shed;
  }

  /** Models that are answered by the process that leads alone, and why. */
  get reasons(): ReadonlyMap<string, string> {
    return this.#reasons;
  }

  /** Starts the workers; resolves when all take connections, or after `withinMs`. The live state must have been kept once. */
  async open(platform: LivePlatform, withinMs = 60_000): Promise<void> {
    this.#platform = platform;
    for (const model of platform.models) {
      model.followedBy(plan => this.#follow(model, plan));
      if (model.service.plan && !model.unloaded) await this.#follow(model, model.service.plan);
    }
    const ready = new Promise<void>(resolve => {
      const late = setTimeout(resolve, withinMs);
      this.#onReady = () => {
        if (this.state.ready < this.#options.count) return;
        clearTimeout(late);
        resolve();
      };
    });
    for (let i = 0; i < this.#options.count; i++) this.#start();
    await ready;
  }

  /** Hands a new connection to the next worker. False: there is none, and whoever asks answers it. `back`: has it again where the worker ended first. */
  deal(socket: Socket, back: (socket: Socket) => void): boolean {
    const workers = this.#draining ? [] : this.#workers.filter(({ready}) => ready);
    const worker = workers[this.#next++ % Math.max(1, workers.length)];
    worker?.deal({socket, back});
    return worker !== undefined;
  }

  /** Resolves when no worker knows other keys than the store. */
  async readKeys(): Promise<void> {
    await Promise.all(this.#workers.map(worker => worker.readKeys()));
  }

  /** Lets the workers finish and end; what they answered is recorded when this resolves. No connection is dealt from here on. */
  async drain(): Promise<void> {
    this.#draining = true;
    for (const timer of this.#replacing) clearTimeout(timer);
    await Promise.all(this.#workers.map(worker => worker.drain(DRAIN_MS)));
  }

  /** Removes the folder of the sockets, when nobody asks there any more. */
  removeSockets(): void {
    rmSync(this.#sockets, {recursive: true, force: true});
  }

  /** One plan after the other, so that the last one told is the last one decided. */
  #follow(model: LiveModel, plan: ReleasePlan | null): Promise<void> {
    const run = this.#telling.then(() => this.#tellAll(model, plan));
    this.#telling = run.catch(() => {});
    return run;
  }

  async #tellAll({definition}: LiveModel, plan: ReleasePlan | null): Promise<void> {
    const {name} = definition;
    const reason = plan && (await whyNotByWorkers(this.#platform!.runtime, definition, plan));
    if (reason === null) this.#reasons.delete(name);
    else this.#reasons.set(name, reason);
    const told = reason === null ? plan : null;
    if (told === null) this.#plans.delete(name);
    else this.#plans.set(name, told);
    const problems = await Promise.all(this.#workers.map(worker => worker.use(name, told)));
    for (const problem of new Set(problems)) if (problem !== null) this.#options.onProblem(problem);
  }

  #start(): void {
    const {entry, start, onProblem} = this.#options;
    const began = performance.now();
    const plans = [...this.#plans.values()];
    const worker: WorkerProcess = new WorkerProcess(
      entry,
      {...start, sockets: this.#sockets, leader: this.leader, plans},
      {
        report: report => this.#take(report),
        problem: onProblem,
        ready: () => this.#onReady?.(),
        ended: (how, dealt) => {
          this.#replace(worker, how, performance.now() - began);
          for (const {socket, back} of dealt) back(socket);
        },
      },
    );
    this.#workers = [...this.#workers, worker];
  }

  #take(report: WorkerReport): number {
    const count = takeReport(this.#platform!, report);
    for (const request of report.requests) this.#options.onAnswered?.(request);
    this.#shed.refused += report.shed.refused;
    this.#shed.degraded += report.shed.degraded;
    return count;
  }

  #replace(worker: WorkerProcess, how: string, livedMs: number): void {
    this.#workers = this.#workers.filter(each => each !== worker);
    if (this.#draining) return;
    this.#losses++;
    if (livedMs > STABLE_MS) this.#pauseMs = FIRST_PAUSE_MS;
    const pauseMs = this.#pauseMs;
    this.#pauseMs = Math.min(LONGEST_PAUSE_MS, pauseMs * 2);
    this.#options.onProblem(`Worker ${worker.pid ?? ''} ${how}; another one starts in ${pauseMs / 1_000} s.`);
    const timer = setTimeout(() => {
      this.#replacing.delete(timer);
      this.#start();
    }, pauseMs);
    this.#replacing.add(timer);
  }
}
