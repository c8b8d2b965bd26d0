import {type FeatureSet, StoreReader} from '../../features/index.ts';
import {type Clock, type FeatureRows, MillraceError} from '../../protocol/index.ts';
import type {OnlineStore} from '../../stores/index.ts';
import {findSet, packRows, parseRead} from './read-features.ts';

/**
 * Answers reads of features from a store that another process writes: it holds no events, no log and no state, so any
 * number of them may stand beside each other.
 */
export class FeatureReplica {
  readonly sets: readonly FeatureSet[];
  readonly #store: OnlineStore;
  readonly #clock: Clock;
  readonly #readers = new Map<FeatureSet, StoreReader>();

  constructor(sets: readonly FeatureSet[], store: OnlineStore, clock: Clock) {
    this.sets = sets;
    this.#store = store;
    this.#clock = clock;
  }

  /** As `readFeatures`, but for times of the past. Throws NOT_READY before the store has the set, STORE_UNAVAILABLE. */
  async read(setName: string, body: unknown): Promise<FeatureRows> {
    const set = findSet(this.sets, setName);
    const now = this.#clock.now();
    const {requests, wanted, at, freshness} = parseRead(set, body, now);
    if (at !== null || freshness)
      throw new MillraceError('REQUEST_INVALID', "A replica answers as of now, without 'at' and 'freshness'.", {
        fix: 'Ask the server that has the event log.',
      });
    const reader = await this.#reader(set);
    const {at: asOf, rows} = await reader.read(requests, now);
    return packRows(set, asOf, wanted, rows);
  }

  async #reader(set: FeatureSet): Promise<StoreReader> {
    const known = this.#readers.get(set);
    if (known) return known;
    const opened = await StoreReader.open(set, this.#store);
    this.#readers.set(set, opened);
    return opened;
  }
}
