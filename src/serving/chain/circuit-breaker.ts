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
  #trying = false;

  constructor(policy: BreakerPolicy) {
    this.#policy = policy;
    this.#last = new Uint8Array(policy.of);
  }

  state(now: number): BreakerState {
    if (Number.isNaN(this.#openedAt)) return 'closed';
    return now - this.#openedAt >= this.#policy.coolMs ? 'half-open' : 'open';
  }

  /** Whether a call may be made at `now`; whoever is told so must say `succeeded` or `failed`. */
  allows(now: number): boolean {
    if (Number.isNaN(this.#openedAt)) return true;
    if (this.#trying || now - this.#openedAt < this.#policy.coolMs) return false;
    this.#trying = true;
    return true;
  }

  succeeded(): void {
    if (this.#trying) this.#close();
    else this.#note(0);
  }

  failed(now: number): void {
    if (this.#trying) {
      this.#trying = false;
      this.#openedAt = now;
      return;
    }
    this.#note(1);
    if (Number.isNaN(this.#openedAt) && this.#failures >= this.#policy.failures) this.#openedAt = now;
  }

  #note(outcome: 0 | 1): void {
    if (this.#failures === 0 && outcome === 0) return;
    this.#failures += outcome - this.#last[this.#next]!;
    this.#last[this.#next] = outcome;
    this.#next = (this.#next + 1) % this.#last.length;
  }

  #close(): void {
    this.#trying = false;
    this.#openedAt = Number.NaN;
    this.#last.fill(0);
    this.#failures = 0;
  }
}
