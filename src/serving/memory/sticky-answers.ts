/** The same unit gets the same answer again, until time is up or its inputs have moved materially. */
import type {InputRanges} from '../inputs/input-ranges.ts';
import type {StickyPolicy} from '../policy/serving-policy.ts';
import {RecentMap} from './recent-map.ts';

type Kept<A> = {readonly answer: A; readonly version: number; readonly vector: Float64Array; readonly at: number};

export class StickyAnswers<A> {
  readonly #policy: StickyPolicy;
  readonly #kept: RecentMap<Kept<A>>;

  constructor(policy: StickyPolicy) {
    this.#policy = policy;
    this.#kept = new RecentMap(policy.entries);
  }

  /** The answer that this unit had from this version, if it still holds. `vector`: its inputs as of `at`. */
  find(unit: string, version: number, vector: Float64Array, at: number, ranges: InputRanges): A | undefined {
    const kept = this.#kept.get(unit);
    if (kept === undefined) return undefined;
    const {forMs, until} = this.#policy;
    const holds = kept.version === version && at - kept.at < forMs && !ranges.moved(kept.vector, vector, until);
    return holds ? kept.answer : undefined;
  }

  keep(unit: string, version: number, vector: Float64Array, at: number, answer: A): void {
    this.#kept.set(unit, {answer, version, vector: vector.slice(), at});
  }
}
