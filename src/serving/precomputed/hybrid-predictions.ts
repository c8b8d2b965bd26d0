/** Hybrid serving: what is asked often is answered from a table that was made beforehand, the rest when it is asked. */
import {HeavyHitters} from '../../math/index.ts';
import {formatDuration, type Schema} from '../../protocol/index.ts';
import type {LocalStore} from '../../stores/index.ts';
import type {HybridPolicy} from '../policy/serving-policy.ts';
import type {RequestFields} from '../request.ts';
import {
  type PrecomputedEntry,
  type PrecomputedPrediction,
  PrecomputedPredictions,
  type TableRecord,
} from './precomputed-predictions.ts';
import {type RequestText, requestText} from './request-text.ts';

export type HybridFigures = {
  /** Lookups since the process began that the tables answered, and all others; of these the ones that only age kept from it. */
  readonly hits: number;
  readonly misses: number;
  readonly tooOld: number;
  /** hits / (hits + misses); null before the first lookup. */
  readonly hitRate: number | null;
  /** Requests that are frequent as of now, `entries` of the policy at most. */
  readonly frequent: number;
  /** Answers made beforehand, and their age; null while there are none. */
  readonly table: (TableRecord & {readonly ageMs: number}) | null;
  /** The table of the last batch run, which answers what this one does not. */
  readonly batch: (TableRecord & {readonly ageMs: number}) | null;
  /** The rule in words. */
  readonly rule: string;
};

/** The window of the policy is kept in so many steps. */
const STEPS = 12;
/** Counters per request that may be taken into the table: those beyond let others grow into it. */
const COUNTERS_PER_ENTRY = 4;
const FEWEST_COUNTERS = 1_000;

/**
 * Counts requests, says which are due to be made, and answers those that were. The tables outlive the process; the
 * counts do not: give `asked` the predictions that were logged within `overMs` to have them back.
 */
export class HybridPredictions {
  readonly policy: HybridPolicy;
  readonly #text: RequestText;
  readonly #table: PrecomputedPredictions;
  readonly #batch: PrecomputedPredictions;
  readonly #hitters: HeavyHitters;
  #begunAt: number | null;
  #hits = 0;
  #misses = 0;
  #tooOld = 0;
  #last: RequestFields | null = null;
  #lastText = '';

  constructor(store: LocalStore, {model, schema, policy}: {model: string; schema: Schema; policy: HybridPolicy}) {
    this.policy = policy;
    this.#text = requestText(schema);
    this.#table = new PrecomputedPredictions(store, {model, name: 'frequent', schema});
    this.#batch = new PrecomputedPredictions(store, {model, name: 'batch', schema});
    this.#begunAt = this.#table.record?.madeAt ?? null;
    this.#hitters = new HeavyHitters({
      capacity: Math.max(FEWEST_COUNTERS, policy.entries * COUNTERS_PER_ENTRY),
      windowMs: policy.overMs,
      steps: STEPS,
    });
  }

  /**
   * What was predicted beforehand for this request, by `version` if one is named; null if nothing was, or longer ago than
   * the policy allows.
   */
  lookup(request: RequestFields, at: number, version?: number): PrecomputedPrediction | null {
    const text = this.#textOf(request);
    const oldest = at - this.policy.maxAgeMs;
    let tooOld = false;
    for (const table of [this.#table, this.#batch]) {
      const found = table.find(text);
      if (found === null || (version !== undefined && found.version !== version)) continue;
      if (found.at >= oldest) {
        this.#hits++;
        return found;
      }
      tooOld = true;
    }
    this.#misses++;
    if (tooOld) this.#tooOld++;
    return null;
  }

  /** Counts a request, whoever answers it. */
  asked(request: RequestFields, at: number): void {
    this.#hitters.add(this.#textOf(request), at);
  }

  /** The requests to predict now, the most frequent first; null while it is not time. */
  due(now: number): RequestFields[] | null {
    if (this.#begunAt !== null && now - this.#begunAt < this.policy.everyMs) return null;
    return this.#frequent(now).map(({key}) => this.#text.decode(key));
  }

  /** Makes these answers the table; the one before answers until they are all there. */
  async replace(entries: AsyncIterable<PrecomputedEntry> | Iterable<PrecomputedEntry>, madeAt: number): Promise<void> {
    // Not due again before its time, however long the writing takes, and if it fails.
    this.#begunAt = madeAt;
    await this.#table.replace(entries, {madeAt, maxEntries: this.policy.entries});
  }

  figures(now: number): HybridFigures {
    const asked = this.#hits + this.#misses;
    const aged = ({record}: PrecomputedPredictions) => record && {...record, ageMs: now - record.madeAt};
    return {
      hits: this.#hits,
      misses: this.#misses,
      tooOld: this.#tooOld,
      hitRate: asked === 0 ? null : this.#hits / asked,
      frequent: this.#frequent(now).length,
      table: aged(this.#table),
      batch: aged(this.#batch),
      rule: describeHybrid(this.policy),
    };
  }

  #frequent(now: number) {
    this.#hitters.advanceTo(now);
    return this.#hitters.atLeast(this.policy.times).slice(0, this.policy.entries);
  }

  /** A request is looked up and counted: its text is made once. */
  #textOf(request: RequestFields): string {
    if (request !== this.#last) {
      this.#lastText = this.#text.encode(request);
      this.#last = request;
    }
    return this.#lastText;
  }
}

/** The rule for "frequent" in words. */
export const describeHybrid = ({times, overMs, entries, everyMs, maxAgeMs}: HybridPolicy): string =>
  `Answers are made beforehand for requests asked at least ${times} ${times === 1 ? 'time' : 'times'} within ${formatDuration(overMs)}, the ${entries.toLocaleString('en-US')} most frequent of them, every ${formatDuration(everyMs)}; they are used until they are ${formatDuration(maxAgeMs)} old.`;
