import {MillraceError, type PositionedBatch, positionAt} from '../../protocol/index.ts';
import {viewKey} from '../definitions/version.ts';
import type {FeatureView} from '../definitions/view.ts';
import {Lookups} from '../joins/lookups.ts';
import {type HeldEvent, HeldEvents} from './held-events.ts';
import {ViewState} from './view-state.ts';

/**
 * The incremental executor: takes the events of the log in order of position and keeps, per view and key,
 * what the windows can still see. One per process; everything is synchronous.
 *
 * `clock` never goes back. An event whose arrival time is after the clock is held until the clock has
 * reached it, so that a read at `q = clock` sees exactly the events with `arrivalTime <= q`.
 */
export class StreamExecutor {
  readonly #views = new Map<string, ViewState>();
  readonly #byStream = new Map<string, ViewState[]>();
  readonly #held = new HeldEvents();
  /** Rows of other streams that views look up. After a start from a checkpoint they are read from the log again. */
  readonly lookups = new Lookups();
  #clock = Number.NEGATIVE_INFINITY;
  #position = 0;
  #late = 0;

  constructor(views: readonly FeatureView[], strings: Readonly<Record<string, readonly string[]>> = {}) {
    for (const view of views) {
      const key = viewKey(view);
      if (this.#views.has(key)) continue;
      const state = new ViewState(view, strings[key]);
      this.#views.set(key, state);
      this.lookups.add(view);
      const {name} = view.source;
      this.#byStream.set(name, [...(this.#byStream.get(name) ?? []), state]);
    }
  }

  /** All events with a smaller log position were taken. */
  get position(): number {
    return this.#position;
  }

  set position(position: number) {
    this.#position = position;
  }

  get clock(): number {
    return this.#clock;
  }

  /** Events that came later than their source's lateness and were used by no feature. */
  get late(): number {
    return this.#late;
  }

  get views(): readonly ViewState[] {
    return [...this.#views.values()];
  }

  /** The state of this version of a view. */
  view(view: FeatureView): ViewState {
    const state = this.#views.get(viewKey(view));
    if (!state) throw new MillraceError('NAME_UNKNOWN', `The view '${view.name}' is not kept live in this version.`);
    return state;
  }

  /** Moves the clock forward and shows what has arrived by then. */
  advanceTo(clock: number): void {
    if (clock <= this.#clock) return;
    this.#clock = clock;
    if (this.#held.size > 0)
      this.#held.releaseUntil(clock, ({view, key, time, arrival, id, inputs}) =>
        this.#views.get(view)?.push(key, time, arrival, id, inputs, 0),
      );
  }

  /** Events that wait for their arrival time. */
  get held(): readonly HeldEvent[] {
    return this.#held.all();
  }

  hold(event: HeldEvent): void {
    this.#held.add(event);
  }

  /** Takes a batch of the log. Batches come in order of position. */
  apply(batch: PositionedBatch): void {
    const {count, eventTimes, arrivalTimes, ids} = batch;
    this.lookups.take(batch);
    for (const state of this.#byStream.get(batch.stream) ?? []) {
      const {key, inputs} = state.bind(this.lookups.join(state.view, batch));
      const width = state.layout.inputs.length;
      const {latenessMs} = state.view.source;
      let buffer = new Float64Array(width);
      for (let i = 0; i < count; i++) {
        const time = eventTimes[i]!;
        const arrival = arrivalTimes[i]!;
        if (arrival - time > latenessMs) {
          this.#late++;
          continue;
        }
        const of = key(i);
        if (of === null) continue;
        inputs(i, buffer, 0);
        const id = ids[i]!;
        if (arrival <= this.#clock) state.push(of, time, arrival, id, buffer, 0);
        else {
          this.hold({view: state.key, key: of, time, arrival, id, inputs: buffer});
          buffer = new Float64Array(width);
        }
      }
    }
    if (count > 0) this.#position = Math.max(this.#position, positionAt(batch, count - 1) + 1);
  }

  /** Features of a key as of `q`, which must not lie before the clock. */
  read(view: ViewState, key: string | null, q: number, out: Float64Array, at: number): void {
    if (q < this.#clock)
      throw new TypeError(`Live values are read as of now: ${new Date(q).toISOString()} lies before the clock.`);
    this.advanceTo(q);
    view.read(key, q, out, at);
  }
}
