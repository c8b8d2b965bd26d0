import {MillraceError} from '../../protocol/index.ts';
import type {LocalStore} from '../../stores/index.ts';
import {viewKey} from '../definitions/version.ts';
import type {FeatureView} from '../definitions/view.ts';
import {StoredStateView} from './stored-state-view.ts';

/**
 * The live state that another process of this machine keeps in a store, read at once and without holding any of it. The
 * store must show one state of itself for as long as a piece of work runs without a pause, as LMDB does: `look` tells
 * which, and everything until the next pause is read as of that checkpoint, so that it can be computed again.
 */
export class StoredStates {
  readonly #store: Pick<LocalStore, 'get'>;
  readonly #views = new Map<string, StoredStateView>();
  #position = 0;

  constructor(store: Pick<LocalStore, 'get'>) {
    this.#store = store;
  }

  /** Reads one view; for `OnlineReader`. */
  reader(view: FeatureView): StoredStateView {
    const key = viewKey(view);
    const known = this.#views.get(key) ?? new StoredStateView(view, this.#store);
    this.#views.set(key, known);
    return known;
  }

  /** Log position of the checkpoint that was looked at: all events before it were taken. */
  get position(): number {
    return this.#position;
  }

  /**
   * Looks at the checkpoint that is there now. Answers with the time as of which it can be read (UTC ms): `now`, but not
   * before the clock of whoever wrote it, and before the arrival of an event that waits there for its time. A view that
   * cannot be read throws NOT_READY when it is.
   */
  look(now: number): number {
    let clock = Number.NEGATIVE_INFINITY;
    let until = Number.POSITIVE_INFINITY;
    let position: number | null = null;
    for (const view of this.#views.values()) {
      view.look();
      const {record} = view;
      if (record === null) continue;
      if (position !== null && record.position !== position)
        throw new MillraceError('NOT_READY', 'The states of the views are not those of one log position.', {
          fix: 'Ask again when the process that follows the events has written its next checkpoint.',
        });
      position = record.position;
      clock = Math.max(clock, record.clock ?? clock);
      for (const {arrival} of record.held) until = Math.min(until, arrival);
    }
    this.#position = position ?? 0;
    return Math.max(clock, Math.min(now, until - 1));
  }
}
