import type {ColumnData, EventBatch, JsonValue} from '../../protocol/index.ts';
import type {Broken, CheckState, StreamCheck} from './fold.ts';

type Saved = {readonly from: number};

export type UniqueOptions = {
  readonly check: string;
  readonly action: 'warn' | 'stop';
  readonly columns: readonly string[];
  readonly withinMs: number;
  readonly maxValues: number;
};

/**
 * Values that stand in two events. They are remembered in two generations; the older is dropped when arrival time
 * has moved on by the horizon, or when the newer holds half of the values that may be held.
 */
export class UniqueCheck implements StreamCheck {
  readonly kind = 'unique';
  readonly check: string;
  readonly action: 'warn' | 'stop';
  readonly #options: UniqueOptions;
  #current = new Set<string | number>();
  #previous = new Set<string | number>();
  /** Arrival time at which the newer generation began. */
  #since = Number.NaN;
  /** Log positions at which the generations began. */
  #currentFrom = 0;
  #previousFrom = 0;

  constructor(options: UniqueOptions) {
    this.#options = options;
    this.check = options.check;
    this.action = options.action;
  }

  judge(batch: EventBatch): Broken | null {
    return this.#repeated(batch, new Set());
  }

  take(batch: EventBatch, end: number): Broken | null {
    const broken = this.#repeated(batch, this.#current);
    if (batch.count > 0) this.#rotate(batch, end);
    return broken;
  }

  refill(batch: EventBatch, end: number): void {
    this.take(batch, end);
  }

  status(): CheckState {
    return {state: null, detail: `${this.#current.size + this.#previous.size} values are remembered`};
  }

  save(): JsonValue {
    return {from: this.#previousFrom};
  }

  load(saved: JsonValue | undefined, position: number): number {
    const {from} = (saved as Saved | undefined) ?? {from: position};
    this.#currentFrom = from;
    this.#previousFrom = from;
    return from;
  }

  copy(): StreamCheck {
    const copy = new UniqueCheck(this.#options);
    copy.#current = new Set(this.#current);
    copy.#previous = new Set(this.#previous);
    copy.#since = this.#since;
    return copy;
  }

  /** Adds the keys of a batch to a set, and says which stood there, or in what is remembered, before. */
  #repeated({count, columns, arrivalTimes}: EventBatch, into: Set<string | number>): Broken | null {
    const keyOf = keys(this.#options.columns.map(name => columns[name]!));
    let events = 0;
    let example = '';
    let at = 0;
    for (let i = 0; i < count; i++) {
      const key = keyOf(i);
      if (key === null) continue;
      if (into.has(key) || this.#previous.has(key) || this.#current.has(key)) {
        if (events++ === 0) example = String(key);
        at = arrivalTimes[i]!;
      } else into.add(key);
    }
    return events === 0 ? null : {count: events, example, at};
  }

  #rotate({arrivalTimes, count}: EventBatch, end: number): void {
    let latest = Number.NEGATIVE_INFINITY;
    for (let i = 0; i < count; i++) latest = Math.max(latest, arrivalTimes[i]!);
    if (Number.isNaN(this.#since)) this.#since = latest;
    const {withinMs, maxValues} = this.#options;
    // Time went back: a replay of older history, or the newest generation began at a time far ahead.
    if (latest < this.#since - withinMs) this.#since = latest;
    if (latest < this.#since + withinMs && this.#current.size < maxValues / 2) return;
    this.#previous = this.#current;
    this.#previousFrom = this.#currentFrom;
    this.#current = new Set();
    this.#currentFrom = end;
    this.#since = latest;
  }
}

/** The key of a row: its value, or all of them as JSON; null if one is null. */
function keys(columns: readonly ColumnData[]): (i: number) => string | number | null {
  const value = (data: ColumnData, i: number) => {
    const v = data[i]!;
    return typeof v === 'number' && Number.isNaN(v) ? null : v;
  };
  const [only] = columns;
  if (columns.length === 1) return i => value(only!, i);
  return i => {
    const values = columns.map(data => value(data, i));
    return values.includes(null) ? null : JSON.stringify(values);
  };
}
