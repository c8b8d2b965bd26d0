/**
 * Leaves alone what keeps failing (Nygard, "Release It!", 2007). Closed: calls go through. Open: after `failures` of
 * the last `of` calls, none do for `coolMs`. Half open: then one call tries; its outcome closes or opens it again.
 */
import type {BreakerPolicy} from '../policy/serving-policy.ts';

export type BreakerState = 'closed' | 'open' | 'half-open';

export class CircuitBreaker {
  readonly #policy: BreakerPolicy;
  /** Outcomes of the last calls: 1 is a failure. */
  readonly #last: Uint8Array;
  #next = 0;
  #failures = 0;
  /** When it opened, in the clock of the calls; NaN while it is closed. */
  #openedAt = Number.NaN;
  /** When the call that tries began; NaN while none does. */
  #triedAt = Number.NaN;

  constructor(policy: BreakerPolicy) {
    this.#policy = policy;
    this.#last = new Uint8Array(policy.of);
  }

  state(now: number): BreakerState {
    if (Number.isNaN(this.#openedAt)) return 'closed';
    return now - this.#openedAt >= this.#policy.coolMs ? 'half-open' : 'open';
  }

  /**
   * Whether a call may be made at `now`; whoever is told so must say `succeeded`, `failed` or `abandoned`. A call that tries
   * and is not heard of for `coolMs` is given up.
   */
  allows(now: number): boolean {
    if (Number.isNaN(this.#openedAt)) return true;
    const {coolMs} = this.#policy;
    if (now - this.#openedAt < coolMs || now - this.#triedAt < coolMs) return false;
    this.#triedAt = now;
    return true;
  }

  succeeded(): void {
    if (Number.isNaN(this.#triedAt)) this.#note(0);
    else this.#close();
  }

  failed(now: number): void {
    if (!Number.isNaN(this.#triedAt)) {
      this.#triedAt = Number.NaN;
      this.#openedAt = now;
      return;
    }
    this.#note(1);
    if (Number.isNaN(this.#openedAt) && this.#failures >= this.#policy.failures) this.#openedAt = now;
  }

  /** The call says nothing of what it called: the next one may try. */
  abandoned(): void {
    this.#triedAt = Number.NaN;
  }

  #note(outcome: 0 | 1): void {
    if (this.#failures === 0 && outcome === 0) return;
    this.#failures += outcome - this.#last[this.#next]!;
    this.#last[this.#next] = outcome;
    this.#next = (this.#next + 1) % this.#last.length;
  }

  #close(): void {
    this.#triedAt = Number.NaN;
    this.#openedAt = Number.NaN;
    this.#last.fill(0);
    this.#failures = 0;
  }
}
