/**
 * Smooth failing: levels are tried in order until one answers, and the answer says which one and why those before it
 * did not. A level that answers at once costs no promise. Times are of a monotonic clock, in milliseconds.
 */
import {MillraceError} from '../../protocol/index.ts';
import type {BreakerPolicy} from '../policy/serving-policy.ts';
import type {StageTimes} from '../stage-times.ts';
import {CircuitBreaker} from './circuit-breaker.ts';
import {LatencyEstimate} from './latency-estimate.ts';

/** Why a level did not answer. */
export type SkipReason =
  | 'timeout'
  | 'predicted-latency'
  | 'error'
  | 'breaker-open'
  | 'missing-features'
  | 'stale-features'
  | 'outside-training'
  | 'overload'
  | 'nothing-stored'
  | 'not-ready';

export type Skip = {readonly level: string; readonly reason: SkipReason; readonly message?: string};

/** A level that will not answer this request, for a reason that is no failure of its own. */
export class Declined extends Error {
  readonly reason: SkipReason;

  constructor(reason: SkipReason, message: string) {
    super(message);
    this.reason = reason;
  }
}

export type Level<C, A> = {
  readonly name: string;
  /** Costs next to nothing and cannot be late: neither breaker nor deadline applies. */
  readonly cheap?: true;
  /** Answers, or throws; `Declined` where it has no answer to give. */
  answer(context: C): A | Promise<A>;
};

export type Chained<A> = {readonly answer: A; readonly level: number; readonly skipped: readonly Skip[]};

type Guarded<C, A> = Level<C, A> & {
  /** Null for levels that are cheap, and where nothing stands below: then it is better tried than left alone. */
  readonly breaker: CircuitBreaker | null;
  readonly latency: LatencyEstimate;
  answers: number;
  readonly skips: Map<SkipReason, number>;
};

export type ChainOptions = {
  readonly deadlineMs: number | null;
  readonly breaker: BreakerPolicy;
  /** Monotonic, milliseconds. */
  readonly now: () => number;
};

/** One run of the chain: when the request came, and whether it came at a bad time. */
export type Run = {
  readonly arrivedAt: number;
  readonly overloaded?: boolean;
  /** How long the caller waits, where that is shorter than the chain's own deadline. */
  readonly deadlineMs?: number;
  /** Told how long the steps take, where somebody traces the request. */
  readonly stages?: StageTimes;
};

export type LevelStatus = {
  readonly level: string;
  readonly answers: number;
  readonly skipped: Readonly<Partial<Record<SkipReason, number>>>;
  readonly breaker: 'closed' | 'open' | 'half-open';
};

const NONE: readonly Skip[] = Object.freeze([]);

export class FallbackChain<C, A> {
  readonly #levels: readonly Guarded<C, A>[];
  readonly #options: ChainOptions;

  constructor(levels: readonly Level<C, A>[], options: ChainOptions) {
    this.#options = options;
    const {breaker} = options;
    this.#levels = levels.map((level, i) => ({
      ...level,
      answer: (context: C) => level.answer(context),
      breaker: level.cheap || i + 1 === levels.length ? null : new CircuitBreaker(breaker),
      latency: new LatencyEstimate(breaker.coolMs),
      answers: 0,
      skips: new Map<SkipReason, number>(),
    }));
  }

  /** Throws what the last level that failed threw, where none answers. */
  run(context: C, run: Run): Chained<A> | Promise<Chained<A>> {
    return this.#from(0, context, run, NONE, undefined);
  }

  status(): LevelStatus[] {
    const now = this.#options.now();
    return this.#levels.map(({name, answers, skips, breaker}) => ({
      level: name,
      answers,
      skipped: Object.fromEntries(skips),
      breaker: breaker?.state(now) ?? 'closed',
    }));
  }

  #from(
    first: number,
    context: C,
    run: Run,
    skipped: readonly Skip[],
    failure: unknown,
  ): Chained<A> | Promise<Chained<A>> {
    const {now} = this.#options;
    let skips = skipped;
    let last = failure;
    for (let i = first; i < this.#levels.length; i++) {
      const level = this.#levels[i]!;
      const started = level.cheap ? 0 : now();
      const reason = level.cheap ? null : this.#unfit(level, i, started, run);
      if (reason !== null) {
        skips = [...skips, this.#skip(level, reason)];
        continue;
      }
      try {
        const answer = level.answer(context);
        if (answer instanceof Promise) return this.#wait(answer, i, started, context, run, skips);
        this.#answered(level, started);
        return {answer, level: i, skipped: skips};
      } catch (error) {
        last = error;
        skips = [...skips, this.#threw(level, error, run)];
      }
    }
    throw last === undefined || last instanceof Declined ? unanswered(skips) : last;
  }

  /** Why a level is not even asked; null: it is. */
  #unfit(level: Guarded<C, A>, i: number, now: number, run: Run): SkipReason | null {
    const {arrivedAt, overloaded} = run;
    const deadlineMs = this.#deadlineOf(run);
    // Without anything to fall back to, late is better than never.
    const more = i + 1 < this.#levels.length;
    if (overloaded && more) return 'overload';
    if (deadlineMs !== null && more) {
      const left = arrivedAt + deadlineMs - now;
      if (left <= 0) return 'timeout';
      if (level.latency.expected(now) > left) return 'predicted-latency';
    }
    return (level.breaker?.allows(now) ?? true) ? null : 'breaker-open';
  }

  #deadlineOf(run: Run): number | null {
    return this.#isHasty(run) ? run.deadlineMs! : this.#options.deadlineMs;
  }

  /** Whether the caller waits for less than the chain allows its levels: if it is late for that, it is not slow. */
  #isHasty({deadlineMs}: Run): boolean {
    const own = this.#options.deadlineMs;
    return deadlineMs !== undefined && (own === null || deadlineMs < own);
  }

  async #wait(
    answer: Promise<A>,
    i: number,
    started: number,
    context: C,
    run: Run,
    skipped: readonly Skip[],
  ): Promise<Chained<A>> {
    const level = this.#levels[i]!;
    const {now} = this.#options;
    const deadlineMs = this.#deadlineOf(run);
    let timer: NodeJS.Timeout | undefined;
    try {
      const late = new Promise<never>((_, reject) => {
        if (deadlineMs === null) return;
        const left = Math.max(0, run.arrivedAt + deadlineMs - now());
        timer = setTimeout(() => reject(new Declined('timeout', `No answer within ${deadlineMs} ms.`)), left);
      });
      const found = await Promise.race([answer, late]);
      this.#answered(level, started);
      return {answer: found, level: i, skipped};
    } catch (error) {
      if (isTimeout(error)) {
        if (!this.#isHasty(run)) level.latency.took(now() - started, now());
        // It is too late for whatever becomes of it.
        answer.catch(() => {});
      }
      const skips = [...skipped, this.#threw(level, error, run)];
      return this.#from(i + 1, context, run, skips, error);
    } finally {
      clearTimeout(timer);
    }
  }

  #answered(level: Guarded<C, A>, started: number): void {
    level.answers++;
    if (level.cheap) return;
    const now = this.#options.now();
    level.latency.took(now - started, now);
    level.breaker?.succeeded();
  }

  #threw(level: Guarded<C, A>, error: unknown, run: Run): Skip {
    const declined = error instanceof Declined ? error.reason : null;
    const notReady = error instanceof MillraceError && error.code === 'NOT_READY';
    const wrong = isCallers(error);
    if (wrong || notReady || (isTimeout(error) ? this.#isHasty(run) : declined !== null)) level.breaker?.abandoned();
    else level.breaker?.failed(this.#options.now());
    if (wrong) throw error;
    const reason = declined ?? (notReady ? 'not-ready' : 'error');
    return this.#skip(level, reason, error instanceof Error ? error.message : String(error));
  }

  #skip(level: Guarded<C, A>, reason: SkipReason, message?: string): Skip {
    level.skips.set(reason, (level.skips.get(reason) ?? 0) + 1);
    return {level: level.name, reason, ...(message === undefined ? {} : {message})};
  }
}

const isTimeout = (error: unknown): boolean => error instanceof Declined && error.reason === 'timeout';

/** A wrong request fails everywhere, and whoever has hung up wants no answer: no other level is tried, and none is to blame. */
const isCallers = (error: unknown): boolean =>
  (error instanceof MillraceError && error.code === 'REQUEST_INVALID') ||
  (error instanceof Error && error.name === 'AbortError');

function unanswered(skipped: readonly Skip[]): MillraceError {
  const why = skipped.map(({level, reason, message}) => `${level}: ${message ?? reason}`).join(' ');
  if (skipped.every(({reason}) => reason === 'outside-training'))
    return new MillraceError('REQUEST_INVALID', `The inputs lie outside what training saw. ${why}`, {
      fix: "Send other inputs, or let the serving policy flag or clip them: inputs: {outside: 'flag'}.",
    });
  if (skipped.every(({reason}) => reason === 'timeout'))
    return new MillraceError('DEADLINE_EXCEEDED', `Nothing answered in time. ${why}`, {
      fix: 'Allow a longer deadline, or declare a fallback.',
    });
  return new MillraceError('NOT_READY', `No level answered. ${why}`, {
    fix: 'Try again shortly, or end the fallback chain with a fixed value, which always answers.',
  });
}
