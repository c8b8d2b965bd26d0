/** Matured scores of the version in charge, kept over a restart: estimates are then the same as without one. */

import type {MaturedRow} from '../../../logs/index.ts';
import {MaturedScores} from '../../../monitoring/index.ts';
import type {ObjectStore} from '../../../stores/index.ts';

/** Rows may come again after a restart, and count once. */
export class KeptScores {
  readonly version: number;
  readonly scores = new MaturedScores();
  #to: number;

  /** `after`: rows of predictions made until then are passed over (UTC ms). */
  constructor(version: number, after: number) {
    this.version = version;
    this.#to = after;
  }

  /** Time of the newest prediction that was taken, or passed over (UTC ms). */
  get to(): number {
    return this.#to;
  }

  /** Rows that matured together. */
  add(rows: readonly Pick<MaturedRow, 'at' | 'version' | 'score' | 'label'>[]): void {
    const after = this.#to;
    for (const {at, version, score, label} of rows) {
      if (at <= after) continue;
      this.#to = Math.max(this.#to, at);
      if (version === this.version && label !== null) this.scores.add(score, label, at);
    }
  }

  /** Float64: version, `to`, then the columns of scores, labels and times. */
  async save(objects: ObjectStore, model: string): Promise<void> {
    const {scores, labels, times} = this.scores.columns();
    const values = Float64Array.from([this.version, this.#to, ...scores, ...labels, ...times]);
    await objects.put(nameOf(model), new Uint8Array(values.buffer));
  }

  /** Null where none are kept, or those of another version. */
  static async load(objects: ObjectStore, model: string, version: number): Promise<KeptScores | null> {
    const bytes = await objects.get(nameOf(model));
    if (!bytes || bytes.length < 16 || bytes.length % 8 !== 0) return null;
    const values = new Float64Array(bytes.slice().buffer);
    const rows = (values.length - 2) / 3;
    if (values[0] !== version || !Number.isInteger(rows)) return null;
    const kept = new KeptScores(version, values[1]!);
    for (let i = 2; i < 2 + rows; i++) kept.scores.add(values[i]!, values[i + rows]!, values[i + 2 * rows]!);
    return kept;
  }
}

const nameOf = (model: string): string => `monitoring/${model}/matured-scores`;
