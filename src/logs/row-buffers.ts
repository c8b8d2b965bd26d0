/** Rows one at a time in, an event batch out. Hot path: a row is copied into columns, nothing is kept of its objects. */
import type {ColumnSpec, EventBatch} from '../protocol/index.ts';
import {FEATURE_PREFIX, type ServedRow, type ShadowRow, servedStream, shadowStream} from './rows.ts';

/** Rows that a buffer has room for at first. It grows: most batches are written long before they are full. */
const FIRST_ROOM = 64;

/** Room for the batch after one of `count` rows. */
const roomAfter = (count: number, capacity: number): number =>
  Math.min(capacity, Math.max(FIRST_ROOM, 2 ** Math.ceil(Math.log2(count + 1))));

function grown(column: Float64Array, room: number): Float64Array {
  const larger = new Float64Array(room);
  larger.set(column);
  return larger;
}

/** The columns that both streams have. */
class Rows {
  ids: string[] = [];
  at: Float64Array;
  versions: Float64Array;
  predictions: Float64Array;
  latenciesUs: Float64Array;

  constructor(room: number) {
    this.at = new Float64Array(room);
    this.versions = new Float64Array(room);
    this.predictions = new Float64Array(room);
    this.latenciesUs = new Float64Array(room);
  }

  grow(room: number): void {
    this.at = grown(this.at, room);
    this.versions = grown(this.versions, room);
    this.predictions = grown(this.predictions, room);
    this.latenciesUs = grown(this.latenciesUs, room);
  }

  add({id, at, version, prediction, latencyUs}: ShadowRow): number {
    const i = this.ids.length;
    this.ids.push(id);
    this.at[i] = at;
    this.versions[i] = version;
    this.predictions[i] = prediction;
    this.latenciesUs[i] = latencyUs;
    return i;
  }

  batch(stream: string, more: EventBatch['columns'] = {}): EventBatch {
    const count = this.ids.length;
    const cut = (column: Float64Array) => column.subarray(0, count);
    const at = cut(this.at);
    return {
      stream,
      count,
      ids: this.ids,
      eventTimes: at,
      arrivalTimes: at,
      columns: {
        version: cut(this.versions),
        prediction: cut(this.predictions),
        latencyUs: cut(this.latenciesUs),
        ...more,
      },
    };
  }
}

/** Answered requests of one model. `take` empties it. */
export class ServedBuffer {
  readonly #model: string;
  readonly #features: readonly ColumnSpec[];
  readonly #capacity: number;
  /** Rows that the columns have room for now. */
  #room: number;
  #rows: Rows;
  #roles: ServedRow['role'][] = [];
  #levels: string[] = [];
  #outside: (string | null)[] = [];
  #propensities: Float64Array;
  #positions: Float64Array;
  #columns: (Float64Array | (string | null)[])[];

  constructor(model: string, features: readonly ColumnSpec[], capacity: number) {
    this.#model = model;
    this.#features = features;
    this.#capacity = capacity;
    this.#room = roomAfter(0, capacity);
    this.#rows = new Rows(this.#room);
    this.#positions = new Float64Array(this.#room);
    this.#propensities = new Float64Array(this.#room);
    this.#columns = this.#empty();
  }

  get count(): number {
    return this.#rows.ids.length;
  }

  add(row: ServedRow): void {
    const values = row.features;
    if (values.length !== this.#columns.length)
      throw new TypeError(
        `A row of '${this.#model}' has ${values.length} features; its log has ${this.#columns.length}.`,
      );
    if (this.count === this.#room) this.#grow();
    const columns = this.#columns;
    const i = this.#rows.add(row);
    this.#roles.push(row.role);
    this.#levels.push(row.level);
    this.#outside.push(row.outside.length === 0 ? null : row.outside.join(','));
    this.#propensities[i] = row.propensity;
    this.#positions[i] = row.position;
    for (let f = 0; f < columns.length; f++) {
      const column = columns[f]!;
      const value = values[f]!;
      if (column instanceof Float64Array) {
        if (typeof value === 'string') throw this.#mistyped(f, value);
        column[i] = value ?? Number.NaN;
      } else {
        if (typeof value === 'number' && !Number.isNaN(value)) throw this.#mistyped(f, value);
        column.push(typeof value === 'string' ? value : null);
      }
    }
  }

  take(): EventBatch {
    const {count} = this;
    const features = Object.fromEntries(
      this.#features.map(({name}, f) => {
        const column = this.#columns[f]!;
        return [FEATURE_PREFIX + name, column instanceof Float64Array ? column.subarray(0, count) : column];
      }),
    );
    const batch = this.#rows.batch(servedStream(this.#model), {
      role: this.#roles,
      propensity: this.#propensities.subarray(0, count),
      level: this.#levels,
      outside: this.#outside,
      position: this.#positions.subarray(0, count),
      ...features,
    });
    this.#room = roomAfter(count, this.#capacity);
    this.#rows = new Rows(this.#room);
    this.#roles = [];
    this.#levels = [];
    this.#outside = [];
    this.#propensities = new Float64Array(this.#room);
    this.#positions = new Float64Array(this.#room);
    this.#columns = this.#empty();
    return batch;
  }

  #grow(): void {
    this.#room = Math.min(this.#capacity, this.#room * 2);
    this.#rows.grow(this.#room);
    this.#propensities = grown(this.#propensities, this.#room);
    this.#positions = grown(this.#positions, this.#room);
    this.#columns = this.#columns.map(column => (column instanceof Float64Array ? grown(column, this.#room) : column));
  }

  #empty(): (Float64Array | (string | null)[])[] {
    return this.#features.map(({type}) => (type === 'string' ? [] : new Float64Array(this.#room)));
  }

  #mistyped(f: number, value: number | string): TypeError {
    const {name, type} = this.#features[f]!;
    return new TypeError(`Feature '${name}' of '${this.#model}' is a ${type}; ${JSON.stringify(value)} is none.`);
  }
}

/** Shadow scores of one model. `take` empties it. */
export class ShadowBuffer {
  readonly #model: string;
  readonly #capacity: number;
  #room: number;
  #rows: Rows;

  constructor(model: string, capacity: number) {
    this.#model = model;
    this.#capacity = capacity;
    this.#room = roomAfter(0, capacity);
    this.#rows = new Rows(this.#room);
  }

  get count(): number {
    return this.#rows.ids.length;
  }

  add(row: ShadowRow): void {
    if (this.count === this.#room) {
      this.#room = Math.min(this.#capacity, this.#room * 2);
      this.#rows.grow(this.#room);
    }
    this.#rows.add(row);
  }

  take(): EventBatch {
    const batch = this.#rows.batch(shadowStream(this.#model));
    this.#room = roomAfter(this.count, this.#capacity);
    this.#rows = new Rows(this.#room);
    return batch;
  }
}
