import {hash53, seededRandom} from '../../../math/index.ts';
import {
  type ClosedWindow,
  estimateWeighted,
  type MonitorPolicy,
  multivariateReports,
} from '../../../monitoring/index.ts';
import {MillraceError, type MonitorWindow} from '../../../protocol/index.ts';
import type {WindowEstimate} from './model-estimates.ts';

/** What an analysis found out about a window that was saved without it. */
export type LaterFindings = {readonly id: string; readonly findings: Partial<MonitorWindow>};

type Task = {readonly window: MonitorWindow; readonly closed: ClosedWindow; readonly basis: WindowEstimate};

/** Windows that wait for their turn; more are left as they are, the oldest first. */
const MOST_WAITING = 4;

/**
 * Analyses of whole rows, a second or so each on other threads: drift of all features at once, and estimates weighted by
 * the inputs where those drift. One window at a time, in the background; what is cut short by a stop is not made up for.
 */
export class LaterAnalyses {
  readonly #policy: MonitorPolicy;
  readonly #waits: boolean;
  readonly #waiting: Task[] = [];
  #found: LaterFindings[] = [];
  #failed: MillraceError | null = null;
  #running: Promise<void> | null = null;

  /** `waits`: whoever runs ahead of the threads, as a replay does, waits for `settled`; then only what the policy asks for by name is made. */
  constructor(policy: MonitorPolicy, waits: boolean) {
    this.#policy = policy;
    this.#waits = waits;
  }

  #weighs({drift}: MonitorWindow): boolean {
    const {multivariate, estimate} = this.#policy;
    return (
      estimate?.weighted === true && drift.some(({verdict}) => verdict === 'drift') && !(this.#waits && !multivariate)
    );
  }

  /** Begins what the policy asks for, if it asks for anything. */
  begin(window: MonitorWindow, closed: ClosedWindow, basis: WindowEstimate): void {
    if (this.#policy.multivariate === null && !this.#weighs(window)) return;
    this.#waiting.push({window, closed, basis});
    if (this.#waiting.length > MOST_WAITING) this.#waiting.shift();
    this.#running ??= this.#run();
  }

  /** What was found out since the last call. Throws TRAINING_FAILED for an analysis that could not be made. */
  take(): LaterFindings[] {
    if (this.#failed !== null) {
      const error = this.#failed;
      this.#failed = null;
      throw error;
    }
    return this.#found.splice(0);
  }

  /** Resolves when nothing runs or waits any more. */
  async settled(): Promise<void> {
    while (this.#running) await this.#running;
  }

  async #run(): Promise<void> {
    for (let task = this.#waiting.shift(); task; task = this.#waiting.shift()) {
      const {id} = task.window;
      try {
        this.#found.push({id, findings: await this.#findingsOf(task)});
      } catch (cause) {
        this.#failed = new MillraceError('TRAINING_FAILED', `Rows of the window '${id}' could not be analysed.`, {
          cause,
          fix: 'The window is kept without it; the cause says more.',
        });
      }
    }
    this.#running = null;
  }

  async #findingsOf({window, closed: {sample}, basis}: Task): Promise<Partial<MonitorWindow>> {
    const {multivariate, estimate: policy, value, drift} = this.#policy;
    const {reference, calibration} = basis;
    const random = seededRandom(hash53(`later ${window.id}`));
    const except = drift?.except ?? [];
    const reports = multivariate && (await multivariateReports(reference, sample, multivariate, {except, random}));
    const weighted =
      policy && this.#weighs(window)
        ? await estimateWeighted({calibration, sample, policy, value, reference, random})
        : null;
    return {...(reports ? {multivariate: reports} : {}), ...(weighted ? {estimate: weighted} : {})};
  }
}
