/**
 * Sheds load when the server cannot keep up. One thread answers, so what waits, waits between two turns of the event
 * loop: a turn works off all requests that came during the one before. When every turn of the last `intervalMs` took
 * several times the target (the rule of CoDel: Nichols and Jacobson 2012, for the time spent in a queue), the server is
 * overloaded until one ends within it: a turn then takes requests for the target time only, answers a while longer by the
 * fallback levels, and turns the rest away before their bodies are read, so that an answer never waits long for those
 * before it. A turn of few requests is no queue, however long it took: the process was held up,
 * or a request was large.
 */
export type Admission = 'take' | 'degrade' | 'refuse';

export type AdmissionOptions = {
  /** Work in one turn of the event loop while overloaded, milliseconds. */
  readonly targetMs?: number;
  readonly intervalMs?: number;
  /** Monotonic, milliseconds. */
  readonly now?: () => number;
  /** Calls back at the beginning of the next turn. */
  readonly nextTurn?: (turn: () => void) => void;
};

/** Urgency as in RFC 9218: 0 is the most urgent, 7 the least; 3 unless said. */
const USUAL_URGENCY = 3;
/** Requests of this urgency or a higher one get so many times the target. */
const URGENT = 1;
const URGENT_TIMES = 4;
/** Degraded answers are taken up to so many times the target. */
const DEGRADED_TIMES = 2;
/** Turns of so many times the target are an overload; shorter ones come of clients that ask all at once. */
const LONG_TIMES = 4;
/** So many requests of a turn are always taken. */
const FEW = 16;

export class AdmissionControl {
  readonly #targetMs: number;
  readonly #intervalMs: number;
  readonly #now: () => number;
  readonly #nextTurn: (turn: () => void) => void;
  /** When this turn took its first request; NaN between turns. */
  #turnBegan = Number.NaN;
  /** Requests of this turn so far. */
  #requests = 0;
  #turnEnded = Number.NEGATIVE_INFINITY;
  /** Since when every turn has been too long; NaN if the last one was not. */
  #longSince = Number.NaN;
  #overloaded = false;
  #refused = 0;
  #degraded = 0;

  constructor({targetMs = 4, intervalMs = 100, now, nextTurn}: AdmissionOptions = {}) {
    this.#targetMs = targetMs;
    this.#intervalMs = intervalMs;
    this.#now = now ?? (() => performance.now());
    this.#nextTurn = nextTurn ?? setImmediate;
  }

  get overloaded(): boolean {
    return this.#overloaded;
  }

  /** Requests turned away, and those answered by a fallback level because of it. */
  get counts(): {readonly refused: number; readonly degraded: number} {
    return {refused: this.#refused, degraded: this.#degraded};
  }

  /** What to do with a request that is here now. */
  admit(urgency = USUAL_URGENCY): Admission {
    const now = this.#now();
    if (Number.isNaN(this.#turnBegan)) {
      this.#turnBegan = now;
      this.#requests = 0;
      // What was long ago says nothing of now.
      if (now - this.#turnEnded > this.#intervalMs) this.#calm();
      this.#nextTurn(this.#endTurn);
    }
    this.#requests++;
    if (!this.#overloaded || this.#requests <= FEW) return 'take';
    const worked = now - this.#turnBegan;
    const budget = this.#targetMs * (urgency <= URGENT ? URGENT_TIMES : urgency > USUAL_URGENCY ? 0.5 : 1);
    if (worked <= budget) return 'take';
    if (worked <= budget * DEGRADED_TIMES) {
      this.#degraded++;
      return 'degrade';
    }
    this.#refused++;
    return 'refuse';
  }

  #endTurn = (): void => {
    const now = this.#now();
    const most = this.#targetMs * (this.#overloaded ? 1 : LONG_TIMES);
    const long = this.#requests > FEW && now - this.#turnBegan > most;
    this.#turnBegan = Number.NaN;
    this.#turnEnded = now;
    if (!long) this.#calm();
    else if (Number.isNaN(this.#longSince)) this.#longSince = now;
    else if (now - this.#longSince >= this.#intervalMs) this.#overloaded = true;
  };

  #calm(): void {
    this.#longSince = Number.NaN;
    this.#overloaded = false;
  }
}

/** The urgency that a `Priority` header asks for (RFC 9218, `u=0` to `u=7`); undefined where it says none. */
export function urgencyOf(header: string | string[] | undefined): number | undefined {
  const found = typeof header === 'string' ? /(?:^|[,\s])u=([0-7])(?:$|[,;\s])/.exec(header) : null;
  return found ? Number(found[1]) : undefined;
}
