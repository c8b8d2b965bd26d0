import {type ChildProcess, fork} from 'node:child_process';
import type {Socket} from 'node:net';
import type {ReleasePlan} from '../../protocol/index.ts';
import type {ToLeader, ToWorker, WorkerReport, WorkerStart} from './messages.ts';

/** A call that is not answered after so long shows a worker that hangs: it is killed. */
const CALL_MS = 60_000;

/** A connection, and who has it back if nobody took it. */
export type Dealt = {readonly socket: Socket; readonly back: (socket: Socket) => void};

export type WorkerEvents = {
  /** Returns how many answers it has recorded. */
  report(report: WorkerReport): number;
  problem(problem: string): void;
  ready(): void;
  /** It has ended, however that came, and had not taken these connections yet. */
  ended(how: string, dealt: readonly Dealt[]): void;
};

/** One worker, as the process that leads sees it. */
export class WorkerProcess {
  readonly #child: ChildProcess;
  readonly #events: WorkerEvents;
  readonly #calls = new Map<number, (problem: string | null) => void>();
  readonly #ended: Promise<void>;
  #lastCall = 0;
  readonly #dealt = new Map<number, Dealt>();
  #lastDealt = 0;
  #ready = false;
  #open = true;

  /** `entry`: the module that a worker runs. */
  constructor(entry: string, start: WorkerStart, events: WorkerEvents) {
    this.#events = events;
    this.#child = fork(entry, {serialization: 'advanced', stdio: ['ignore', 'inherit', 'inherit', 'ipc']});
    this.#child.on('message', message => this.#take(message as ToLeader));
    this.#ended = new Promise(resolve => {
      this.#child.once('error', error => this.#end(`could not be started: ${error.message}`, resolve));
      this.#child.once('exit', (code, signal) => this.#end(`ended with ${signal ?? code}`, resolve));
    });
    this.#tell({kind: 'start', start});
  }

  get pid(): number | undefined {
    return this.#child.pid;
  }

  /** Whether it takes connections. */
  get ready(): boolean {
    return this.#ready && this.#open;
  }

  /** Hands a connection over. It is kept here too, unread, until the worker says that it has it. */
  deal(dealt: Dealt): void {
    const id = ++this.#lastDealt;
    this.#dealt.set(id, dealt);
    const message: ToWorker = {kind: 'connection', id};
    // One that has just died ends, which gives back what it had not taken.
    this.#child.send(message, dealt.socket, {keepOpen: true}, () => {});
  }

  /** Resolves when it answers by the plan, or has ended; with what went wrong. */
  use(model: string, plan: ReleasePlan | null): Promise<string | null> {
    return this.#call(call => ({kind: 'plan', call, model, plan}));
  }

  /** Resolves when it has read the keys again. */
  readKeys(): Promise<string | null> {
    return this.#call(call => ({kind: 'keys', call}));
  }

  /** Lets it finish what runs and tell what is left. Resolves when it has ended; it is killed after `withinMs`. */
  async drain(withinMs: number): Promise<void> {
    this.#ready = false;
    this.#tell({kind: 'drain'});
    const late = setTimeout(() => this.#child.kill('SIGKILL'), withinMs);
    await this.#ended;
    clearTimeout(late);
  }

  #call(message: (call: number) => ToWorker): Promise<string | null> {
    if (!this.#open) return Promise.resolve(null);
    const call = ++this.#lastCall;
    return new Promise(resolve => {
      const late = setTimeout(() => this.#child.kill('SIGKILL'), CALL_MS);
      this.#calls.set(call, problem => {
        clearTimeout(late);
        resolve(problem);
      });
      this.#tell(message(call));
    });
  }

  #take(message: ToLeader): void {
    if (message.kind === 'ready') {
      this.#ready = true;
      this.#events.ready();
    } else if (message.kind === 'taken') {
      // Closes this process's hold of it, not the connection.
      this.#dealt.get(message.id)?.socket.destroy();
      this.#dealt.delete(message.id);
    } else if (message.kind === 'done') {
      this.#calls.get(message.call)?.(message.problem);
      this.#calls.delete(message.call);
    } else if (message.kind === 'problem') this.#events.problem(message.problem);
    else this.#tell({kind: 'recorded', answers: this.#events.report(message.report)});
  }

  #tell(message: ToWorker): void {
    // One that has just died is told nothing any more; its end is noticed by itself.
    if (this.#open && this.#child.connected) this.#child.send(message, () => {});
  }

  #end(how: string, resolve: () => void): void {
    if (!this.#open) return;
    this.#open = false;
    for (const done of this.#calls.values()) done(null);
    this.#calls.clear();
    this.#events.ended(how, [...this.#dealt.values()]);
    this.#dealt.clear();
    resolve();
  }
}
