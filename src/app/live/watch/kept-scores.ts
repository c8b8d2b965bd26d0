/** Matured scores of the version in charge, kept over a restart: estimates are then the same as without one. */

import type {MaturedRow} from '../../../logs/index.ts';
import {hash53, seededRandom} from '../../../math/index.ts';
import {MaturedScores} from '../../../monitoring/index.ts';
import type {ObjectStore} from '../../../stores/index.ts';

/** `hash`: of the id, by which rows are drawn. */
type Row = {readonly hash: number; readonly at: number; readonly score: number; readonly label: number};

const DAY_MS = 86_400_000;
const DAYS = 28;
const ROWS_A_DAY = 500;

/**
 * At most 500 rows of each of the last 28 days with rows: those whose ids have the smallest hashes, a uniform sample that
 * does not depend on when rows come, so that it can be made again. A row that comes again after a restart counts once.
 */
export class KeptScores {
  readonly version: number;
  readonly #days = new Map<number, Row[]>();
  #to: number;
  #newest: number | null = null;

  /** `after`: rows of predictions made until then are passed over (UTC ms). */
  constructor(version: number, after: number) {
    this.version = version;
    this.#to = after;
  }

  /** Time of the newest prediction that was taken, or passed over (UTC ms). */
  get to(): number {
    return this.#to;
  }

  /** When the newest row was predicted (UTC ms); null without any. */
  get newest(): number | null {
    return this.#newest;
  }

  /** Rows that matured together. */
  add(rows: readonly Pick<MaturedRow, 'id' | 'at' | 'version' | 'score' | 'label'>[]): void {
    const after = this.#to;
    for (const {id, at, version, score, label} of rows) {
      if (at <= after) continue;
      this.#to = Math.max(this.#to, at);
      if (version === this.version && label !== null) this.#push({hash: hash53(id), at, score, label});
    }
  }

  #push(row: Row): void {
    const day = Math.floor(row.at / DAY_MS);
    const rows = this.#days.get(day) ?? [];
    this.#days.set(day, rows);
    rows.push(row);
    if (rows.length >= 2 * ROWS_A_DAY) this.#days.set(day, smallest(rows));
    if (this.#days.size > DAYS) this.#days.delete(Math.min(...this.#days.keys()));
    this.#newest = Math.max(this.#newest ?? row.at, row.at);
  }

  #rows(): Row[] {
    return [...this.#days.keys()].sort((a, b) => a - b).flatMap(day => smallest(this.#days.get(day)!));
  }

  /** What a calibration is made from. */
  matured(): MaturedScores {
    const scores = new MaturedScores(seededRandom(0));
    for (const {score, label, at} of this.#rows()) scores.add(score, label, at);
    return scores;
  }

  /** Float64: version, `to`, newest, then hash, time, score and label of each row. */
  async save(objects: ObjectStore, model: string): Promise<void> {
    const rows = this.#rows().flatMap(({hash, at, score, label}) => [hash, at, score, label]);
    const values = Float64Array.from([this.version, this.#to, this.#newest ?? Number.NaN, ...rows]);
    await objects.put(nameOf(model), new Uint8Array(values.buffer));
  }

  /** Null where none are kept, or those of another version. */
  static async load(objects: ObjectStore, model: string, version: number): Promise<KeptScores | null> {
    const bytes = await objects.get(nameOf(model));
    if (!bytes || bytes.length < 24 || bytes.length % 8 !== 0) return null;
    const values = new Float64Array(bytes.slice().buffer);
    if (values[0] !== version || (values.length - 3) % 4 !== 0) return null;
    const kept = new KeptScores(version, values[1]!);
    for (let i = 3; i < values.length; i += 4)
      kept.#push({hash: values[i]!, at: values[i + 1]!, score: values[i + 2]!, label: values[i + 3]!});
    kept.#newest = Number.isNaN(values[2]) ? null : values[2]!;
    return kept;
  }
}

const nameOf = (model: string): string => `monitoring/${model}/matured-scores`;

const smallest = (rows: readonly Row[]): Row[] =>
  [...rows].sort((a, b) => a.hash - b.hash || a.at - b.at).slice(0, ROWS_A_DAY);
