import {EventCounts, judgeSlo, MINUTE_MS, type ServiceObjective, sloStatus} from '../../monitoring/index.ts';
import {type Alert, MillraceError, type SloStatus} from '../../protocol/index.ts';
import {fromModel} from '../../serving/index.ts';
import type {ModelDefinition} from '../definitions/model.ts';
import type {Runtime} from '../runtime/runtime.ts';
import {hoursToWrite, restoreCounts} from './count-records.ts';

/** Requests since the process began, for those who keep such counts themselves. */
export type SloTotals = {readonly objective: ServiceObjective; readonly good: number; readonly bad: number};

/** Where alerts are taken note of: the watch of the model. */
export type AlertBook = {readonly openAlerts: readonly Alert[]; adopt(changed: readonly Alert[]): void};

/**
 * Counts the requests of one model for its service level objectives, and judges them once a minute. A request costs an
 * addition or two for each objective. What was counted is kept at the end of every minute: a process that is killed loses
 * the minute that runs.
 */
export class ServiceLevels {
  readonly #runtime: Runtime;
  readonly #model: string;
  readonly #hysteresis: number;
  readonly #levels: readonly Level[];
  /** Times of the first and the last request that is not kept yet. */
  #first = Number.POSITIVE_INFINITY;
  #last = Number.NEGATIVE_INFINITY;
  /** The minute that was judged last. */
  #judged = Number.NEGATIVE_INFINITY;

  constructor(runtime: Runtime, {name, monitor}: ModelDefinition) {
    this.#runtime = runtime;
    this.#model = name;
    this.#hysteresis = monitor.hysteresis;
    this.#levels = monitor.slos.map(objective => new Level(objective));
  }

  /** Goes on from what was kept. */
  async open(now: number): Promise<void> {
    for (const {objective, counts} of this.#levels)
      await restoreCounts(this.#runtime.metadata, this.#model, objective, counts, now);
  }

  /** A request that was answered. */
  answered(level: string, latencyUs: number, at: number): void {
    for (const each of this.#levels) each.note(each.isGood(level, latencyUs), at);
    this.#touch(at);
  }

  /** Requests that were not, through no fault of whoever asked: they failed, or were refused for overload. */
  unanswered(count: number, at: number): void {
    for (const each of this.#levels)
      if (each.objective.of === 'availability') for (let i = 0; i < count; i++) each.note(false, at);
    this.#touch(at);
  }

  /** How the objectives are doing. */
  statuses(now: number): SloStatus[] {
    return this.#levels.map(({objective, counts}) => sloStatus(this.#model, objective, counts, now));
  }

  totals(): SloTotals[] {
    return this.#levels.map(({objective, good, bad}) => ({objective, good, bad}));
  }

  /** Judges and keeps what a minute brought, when it has ended. Alerts are saved, and `book` takes note of them. */
  async tick(now: number, book: AlertBook): Promise<void> {
    const minute = Math.floor(now / MINUTE_MS);
    if (minute <= this.#judged) return;
    this.#judged = minute;
    const changed = [...this.#gone(book.openAlerts, now)];
    for (const {objective, counts} of this.#levels) {
      const {opened, resolved} = judgeSlo({
        model: this.#model,
        objective,
        counts,
        hysteresis: this.#hysteresis,
        open: book.openAlerts,
        at: now,
      });
      changed.push(...resolved, ...opened);
    }
    if (changed.length > 0) {
      await this.#runtime.monitoring.saveAlerts(changed);
      book.adopt(changed);
    }
    await this.keep();
  }

  /** Keeps what was counted since it was kept last. */
  async keep(): Promise<void> {
    if (this.#levels.length === 0 || this.#last < this.#first) return;
    const span = {from: this.#first, to: this.#last};
    this.#first = Number.POSITIVE_INFINITY;
    this.#last = Number.NEGATIVE_INFINITY;
    await this.#runtime.metadata.write(
      this.#levels.flatMap(({objective, counts}) => hoursToWrite(this.#model, objective, counts, span)),
    );
  }

  #touch(at: number): void {
    if (at < this.#first) this.#first = at;
    if (at > this.#last) this.#last = at;
  }

  /** Alerts of objectives that are not declared any more. */
  #gone(open: readonly Alert[], resolvedAt: number): Alert[] {
    return open
      .filter(({kind, subject}) => kind === 'slo' && !this.#levels.some(({objective}) => objective.name === subject))
      .map(alert => ({...alert, resolvedAt}));
  }
}

/** One objective and its counts. */
class Level {
  readonly objective: ServiceObjective;
  readonly counts: EventCounts;
  good = 0;
  bad = 0;

  constructor(objective: ServiceObjective) {
    this.objective = objective;
    this.counts = new EventCounts(objective.windowMs);
  }

  isGood(level: string, latencyUs: number): boolean {
    const {of, belowUs} = this.objective;
    return of === 'availability' || (of === 'latency' ? latencyUs < belowUs! : fromModel(level));
  }

  note(good: boolean, at: number): void {
    this.counts.note(good, at);
    if (good) this.good++;
    else this.bad++;
  }
}

/** Whether whoever asked is to blame, or has hung up. */
export function isAskersFault(error: unknown): boolean {
  if (error instanceof MillraceError) return error.code === 'REQUEST_INVALID' || error.code === 'VERSION_NOT_FOUND';
  return error instanceof Error && error.name === 'AbortError';
}
