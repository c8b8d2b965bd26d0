/** Gathers what a worker did, and tells it in reports: soon, many answers at a time, and never faster than they are recorded. */
import type {ServedPrediction} from '../../serving/index.ts';
import type {Answered, AnsweredRequest, WorkerReport} from './messages.ts';

export type ReportOptions = {
  /** What happened is told after so long at most (ms). */
  readonly everyMs?: number;
  /** Answers that are told at once. */
  readonly most?: number;
  /** Answers that may be told and not recorded yet, with those that wait. Further ones are counted as unlogged. */
  readonly mostUnrecorded?: number;
};

type OfModel = {answers: Answered[]; errors: number; wrong: number; refused: number; unlogged: number};

const NOTHING_SHED = Object.freeze({refused: 0, degraded: 0});

export class ReportSender {
  /** What the server turned away since it was asked last. */
  shed: () => WorkerReport['shed'] = () => NOTHING_SHED;
  readonly #send: (report: WorkerReport) => void;
  readonly #everyMs: number;
  readonly #most: number;
  readonly #mostUnrecorded: number;
  #models = new Map<string, OfModel>();
  #requests: AnsweredRequest[] = [];
  #waiting = 0;
  #unrecorded = 0;
  #timer: NodeJS.Timeout | null = null;
  #allRecorded: (() => void) | null = null;

  constructor(send: (report: WorkerReport) => void, options: ReportOptions = {}) {
    const {everyMs = 20, most = 256, mostUnrecorded = 65_536} = options;
    this.#send = send;
    this.#everyMs = everyMs;
    this.#most = most;
    this.#mostUnrecorded = mostUnrecorded;
  }

  answered(model: string, served: ServedPrediction, latencyUs: number): void {
    const of = this.#of(model);
    if (this.#waiting + this.#unrecorded >= this.#mostUnrecorded) of.unlogged++;
    else {
      of.answers.push({served, latencyUs});
      this.#waiting++;
    }
    if (this.#waiting >= this.#most) this.send();
    else this.#soon();
  }

  /** `wrong`: whoever asked is to blame. */
  failed(model: string, wrong = false): void {
    const of = this.#of(model);
    of.errors++;
    if (wrong) of.wrong++;
    this.#soon();
  }

  refused(model: string): void {
    this.#of(model).refused++;
    this.#soon();
  }

  requested(request: AnsweredRequest): void {
    this.#requests.push(request);
    this.#soon();
  }

  /** So many answers were recorded. */
  recorded(answers: number): void {
    this.#unrecorded -= answers;
    if (this.#unrecorded === 0) this.#allRecorded?.();
  }

  /** Tells what there is. */
  send(): void {
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#timer = null;
    if (this.#models.size === 0 && this.#requests.length === 0) return;
    const models = [...this.#models].map(([model, of]) => ({model, ...of}));
    const requests = this.#requests;
    this.#models = new Map();
    this.#requests = [];
    this.#unrecorded += this.#waiting;
    this.#waiting = 0;
    this.#send({models, requests, shed: this.shed()});
  }

  /** Tells what is left, and resolves when all was recorded. */
  async drained(): Promise<void> {
    this.send();
    if (this.#unrecorded === 0) return;
    await new Promise<void>(resolve => {
      this.#allRecorded = resolve;
    });
  }

  #of(model: string): OfModel {
    const of = this.#models.get(model) ?? {answers: [], errors: 0, wrong: 0, refused: 0, unlogged: 0};
    this.#models.set(model, of);
    return of;
  }

  #soon(): void {
    this.#timer ??= setTimeout(() => this.send(), this.#everyMs);
  }
}
