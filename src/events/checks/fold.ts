// What checks about many events have in common once compiled: a fold over the batches of the log.
import {type CheckKind, type CheckStatus, type EventBatch, type JsonValue, positionAt} from '../../protocol/index.ts';

/** What a batch broke. */
export type Broken = {
  /** Events, or windows where the check is about windows. */
  readonly count: number;
  readonly example: string;
  /** Arrival time of the last event that broke it (UTC ms). */
  readonly at: number;
};

/** How a check stands; the state null: as the latest push left it. */
export type CheckState = {readonly state: CheckStatus['state'] | null; readonly detail: string};

/** A check as a fold. `S` is plain JSON and is never changed in place. */
export interface Fold<S> {
  /** The state before any event, or after an unknown past whose latest event time is `latest`. */
  readonly start: (latest: number | null) => S;
  readonly step: (state: S, batch: EventBatch) => {readonly state: S; readonly broken: Broken | null};
  /** How it stands at a time. */
  readonly status: (state: S, now: number) => CheckState;
}

/** A check about many events of one stream, compiled. */
export interface StreamCheck {
  readonly check: string;
  readonly kind: CheckKind;
  readonly action: 'warn' | 'stop';
  /** What these events would break. Changes nothing. */
  judge(batch: EventBatch): Broken | null;
  /** Takes events that are in the log, whose positions end before `end`, and says what they broke. */
  take(batch: EventBatch, end: number): Broken | null;
  status(now: number): CheckState;
  /** What a checkpoint keeps. */
  save(): JsonValue;
  /**
   * Goes on from a checkpoint at a log position; `saved` is absent if the check is newer than that. Returns the
   * position from which `refill` must see the events again.
   */
  load(saved: JsonValue | undefined, position: number): number;
  /** Remembers events from before the checkpoint. */
  refill(batch: EventBatch, end: number): void;
  /** The same check in the same state, for a rehearsal. */
  copy(): StreamCheck;
}

export class FoldedCheck<S extends JsonValue> implements StreamCheck {
  readonly check: string;
  readonly kind: CheckKind;
  readonly action: 'warn' | 'stop';
  readonly #fold: Fold<S>;
  #state: S;

  constructor({check, kind, action}: Pick<StreamCheck, 'check' | 'kind' | 'action'>, fold: Fold<S>, state: S) {
    this.check = check;
    this.kind = kind;
    this.action = action;
    this.#fold = fold;
    this.#state = state;
  }

  judge(batch: EventBatch): Broken | null {
    return this.#fold.step(this.#state, batch).broken;
  }

  take(batch: EventBatch): Broken | null {
    const {state, broken} = this.#fold.step(this.#state, batch);
    this.#state = state;
    return broken;
  }

  status(now: number): CheckState {
    return this.#fold.status(this.#state, now);
  }

  save(): JsonValue {
    return this.#state;
  }

  load(saved: JsonValue | undefined): number {
    if (saved !== undefined) this.#state = saved as S;
    return Number.POSITIVE_INFINITY;
  }

  refill(): void {
    // A fold's state is whole in the checkpoint.
  }

  copy(): StreamCheck {
    return new FoldedCheck(this, this.#fold, this.#state);
  }
}

/** One past the position of the last event of a batch of at least one. */
export const endOf = (batch: Parameters<typeof positionAt>[0]): number => positionAt(batch, batch.count - 1) + 1;
