import {MillraceError, type PositionedBatch, positionAt} from '../../protocol/index.ts';
import {viewKey} from '../definitions/version.ts';
import type {FeatureView} from '../definitions/view.ts';
import {Lookups} from '../joins/lookups.ts';
import type {Meter} from '../windows/arena.ts';
import {type HeldEvent, HeldEvents} from './held-events.ts';
import {type Filling, ViewState} from './view-state.ts';

export type ExecutorOptions = {
  /** Changed keys from which on a checkpoint is due. Writing so many holds up the process for about a tenth of a second. */
  readonly mostDirty?: number;
  /** Bytes of state from which on a checkpoint is due, if what is saved could not be made to leave memory. */
  readonly budgetBytes?: number;
  readonly meter?: Meter;
  /** Rows of other streams, where another executor takes them. */
  readonly lookups?: Lookups;
};

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
  readonly #mostDirty: number;
  readonly #budget: number;
  readonly meter: Meter;
  /** Rows of other streams that views look up; `restoreLookups` brings them back after a start from a checkpoint. */
  readonly lookups: Lookups;
  readonly #takesLookups: boolean;
  /** Executors of views that have not taken as much of the log as this one: `Backfill` lets them catch up. */
  readonly behind: StreamExecutor[] = [];
  /** The checkpoint that is being written: one at a time, whether of this one or of those behind. */
  saves: {last: Promise<unknown>} = {last: Promise.resolve()};
  #clock = Number.NEGATIVE_INFINITY;
  #position = 0;
  #late = 0;

  /** A view given as a definition begins without any event. */
  constructor(views: readonly (FeatureView | ViewState)[], options: ExecutorOptions = {}) {
    this.#mostDirty = options.mostDirty ?? 50_000;
    this.#budget = options.budgetBytes ?? Number.POSITIVE_INFINITY;
    this.meter = options.meter ?? {bytes: 0};
    this.lookups = options.lookups ?? new Lookups();
    this.#takesLookups = options.lookups === undefined;
    for (const view of views) this.#add(view instanceof ViewState ? view : new ViewState(view, {meter: this.meter}));
  }

  #add(state: ViewState): void {
    if (this.#views.has(state.key)) return;
    this.#views.set(state.key, state);
    this.lookups.add(state.view);
    const {name} = state.view.source;
    this.#byStream.set(name, [...(this.#byStream.get(name) ?? []), state]);
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

  /** Whether so much has changed that it should be saved before more is taken. */
  get checkpointDue(): boolean {
    let dirty = 0;
    for (const {states} of this.#views.values()) dirty += states.dirtyCount;
    return dirty >= this.#mostDirty || (dirty > 0 && this.meter.bytes > this.#budget);
  }

  /** The state of this version of a view. */
  view(view: FeatureView): ViewState {
    const key = viewKey(view);
    const state = [this, ...this.behind].map(executor => executor.#views.get(key)).find(found => found !== undefined);
    if (!state) throw new MillraceError('NAME_UNKNOWN', `The view '${view.name}' is not kept live in this version.`);
    return state;
  }

  /** Adds an executor of views that have taken less of the log. */
  addBehind(executor: StreamExecutor): void {
    this.behind.push(executor);
    executor.saves = this.saves;
    for (const {view} of executor.views) this.lookups.add(view);
  }

  /** Takes over the views of an executor that was behind and has come to the same position and clock; it has none then. */
  adopt(executor: StreamExecutor): void {
    if (executor.position !== this.position || executor.clock !== this.clock)
      throw new TypeError(`An executor at position ${executor.position} cannot join one at ${this.position}.`);
    for (const state of executor.views) {
      this.#add(state);
      state.filling = null;
    }
    for (const event of executor.held) this.hold(event);
    executor.#views.clear();
    executor.#byStream.clear();
    this.behind.splice(this.behind.indexOf(executor), 1);
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
    if (this.#takesLookups) this.lookups.take(batch);
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
    if (this.meter.bytes > this.#budget) for (const {states} of this.#views.values()) states.sweep(2 * count);
  }

  /** Features of a key as of `q`, which must not lie before the clock. */
  read(view: ViewState, key: string | null, q: number, out: Float64Array, at: number): void {
    if (q < this.#clock)
      throw new TypeError(`Live values are read as of now: ${new Date(q).toISOString()} lies before the clock.`);
    if (view.filling !== null) throw notReady(view, view.filling);
    this.advanceTo(q);
    view.read(key, q, out, at);
  }
}

function notReady({view}: ViewState, {read, total, failure}: Filling): MillraceError {
  const [of, all] = [read, total].map(n => n.toLocaleString('en-US'));
  const state = `View '${view.name}' is new and not filled yet: ${of} of ${all} events read.`;
  if (failure === null)
    return new MillraceError('NOT_READY', state, {
      fix: 'Ask again when all events were read; other views can be read meanwhile.',
    });
  return new MillraceError('NOT_READY', `${state} It stopped: ${failure}`, {
    fix: 'Remove the cause and start again: it goes on at its last checkpoint.',
  });
}
