/**
 * What the process that leads says to its workers, and they to it. Messages keep their order; they are cloned, so that NaN
 * and missing values stay what they are.
 */
import type {ReleasePlan} from '../../protocol/index.ts';
import type {ServedPrediction} from '../../serving/index.ts';
import type {LogOptions} from '../telemetry/log.ts';

/** What a worker is started with. */
export type WorkerStart = {
  /** Path of the project file or its folder. */
  readonly project: string;
  /** Folder of all data of the project. */
  readonly folder: string;
  /** A folder for its sockets, of nobody else. */
  readonly sockets: string;
  /** Every request needs a key, also while there is none. */
  readonly auth: boolean;
  /** PEM files, where the port speaks https. */
  readonly tls: {readonly cert: string; readonly key: string} | null;
  readonly log: LogOptions;
  readonly leader: Leader;
  readonly plans: readonly ReleasePlan[];
};

/** Where what a worker does not answer itself is passed on to, and what shows there that a worker asks. */
export type Leader = {readonly socket: string; readonly token: string};

export type ToWorker =
  | {readonly kind: 'start'; readonly start: WorkerStart}
  /** Comes with a socket; `taken` says that it is the worker's. */
  | {readonly kind: 'connection'; readonly id: number}
  /** Answer by this plan from now on, or not any more. */
  | {readonly kind: 'plan'; readonly call: number; readonly model: string; readonly plan: ReleasePlan | null}
  /** The keys have changed. */
  | {readonly kind: 'keys'; readonly call: number}
  /** So many answers of reports were recorded. */
  | {readonly kind: 'recorded'; readonly answers: number}
  /** Finish what runs, tell what is left, and end. */
  | {readonly kind: 'drain'};

export type ToLeader =
  | {readonly kind: 'ready'}
  | {readonly kind: 'taken'; readonly id: number}
  /** A call is done; what went wrong with it, in words. */
  | {readonly kind: 'done'; readonly call: number; readonly problem: string | null}
  /** Something that people should know. */
  | {readonly kind: 'problem'; readonly problem: string}
  | {readonly kind: 'report'; readonly report: WorkerReport};

/** An answer that a worker gave. */
export type Answered = {readonly served: ServedPrediction; readonly latencyUs: number};

/** An HTTP request that a worker answered, passed on ones excepted. */
export type AnsweredRequest = {
  readonly method: string;
  readonly route: string;
  readonly status: number;
  readonly seconds: number;
};

/** What a worker did since its last report. */
export type WorkerReport = {
  readonly models: readonly {
    readonly model: string;
    readonly answers: readonly Answered[];
    /** Requests that could not be answered, and those of them that were wrong. */
    readonly errors: number;
    readonly wrong: number;
    /** Requests that were turned away because the worker could not keep up. */
    readonly refused: number;
    /** Answers that there was no room to tell of. */
    readonly unlogged: number;
  }[];
  readonly requests: readonly AnsweredRequest[];
  /** Requests that were turned away, or degraded, because the worker could not keep up. */
  readonly shed: {readonly refused: number; readonly degraded: number};
};
