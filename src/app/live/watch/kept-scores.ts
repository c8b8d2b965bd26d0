/** What has matured of the version in charge, kept over a restart: what is made of it is then the same as without one. */

import type {MaturedRow} from '../../../logs/index.ts';
import {type ConceptDetection, ConceptWatch, type ConceptWatchState, MaturedScores} from '../../../monitoring/index.ts';
import {MillraceError} from '../../../protocol/index.ts';
import type {ObjectStore} from '../../../stores/index.ts';

type Header = {
  readonly version: number;
  readonly to: number;
  readonly concept: ConceptWatchState;
  readonly detections: readonly ConceptDetection[];
};

/** Detections that are remembered. */
const MOST_DETECTIONS = 20;

/** Rows may come again after a restart, and count once. */
export class KeptScores {
  readonly version: number;
  readonly scores = new MaturedScores();
  readonly #concept = new ConceptWatch();
  #detections: readonly ConceptDetection[] = [];
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

  /** Moments at which outcomes stopped being what scores said, the last ones. */
  get detections(): readonly ConceptDetection[] {
    return this.#detections;
  }

  /** Rows that matured together. */
  add(rows: readonly Pick<MaturedRow, 'at' | 'version' | 'score' | 'label'>[]): void {
    const after = this.#to;
    for (const {at, version, score, label} of rows) {
      if (at <= after) continue;
      this.#to = Math.max(this.#to, at);
      if (version !== this.version || label === null) continue;
      this.scores.add(score, label, at);
      const detection = this.#concept.add({score, label, at, version});
      if (detection) this.#detections = [...this.#detections, detection].slice(-MOST_DETECTIONS);
    }
  }

  /** Length of the header as u32, little endian; the header, JSON padded with spaces; float64 columns of scores, labels, times. */
  async save(objects: ObjectStore, model: string): Promise<void> {
    const {scores, labels, times} = this.scores.columns();
    const concept = this.#concept.snapshot();
    const header: Header = {version: this.version, to: this.#to, concept, detections: this.#detections};
    const text = new TextEncoder().encode(JSON.stringify(header));
    const start = Math.ceil((4 + text.length) / 8) * 8;
    const bytes = new Uint8Array(start + 8 * 3 * scores.length).fill(0x20, 0, start);
    new DataView(bytes.buffer).setUint32(0, start - 4, true);
    bytes.set(text, 4);
    new Float64Array(bytes.buffer, start).set([...scores, ...labels, ...times]);
    await objects.put(nameOf(model), bytes);
  }

  /** Null where none are kept, or those of another version. Throws STORE_CORRUPT for what this release did not write whole. */
  static async load(objects: ObjectStore, model: string, version: number): Promise<KeptScores | null> {
    const bytes = (await objects.get(nameOf(model)))?.slice();
    if (!bytes) return null;
    try {
      return KeptScores.#read(bytes, version);
    } catch (cause) {
      throw new MillraceError('STORE_CORRUPT', `'${nameOf(model)}' cannot be read.`, {
        cause,
        fix: 'Estimates go by the test split until labels have come again.',
      });
    }
  }

  static #read(bytes: Uint8Array, version: number): KeptScores | null {
    const {header, values} = decode(bytes);
    if (header.version !== version) return null;
    const kept = new KeptScores(version, header.to);
    const rows = values.length / 3;
    for (let i = 0; i < rows; i++) kept.scores.add(values[i]!, values[i + rows]!, values[i + 2 * rows]!);
    kept.#concept.restore(header.concept);
    kept.#detections = header.detections;
    return kept;
  }
}

function decode(bytes: Uint8Array): {readonly header: Header; readonly values: Float64Array} {
  const start = 4 + new DataView(bytes.buffer).getUint32(0, true);
  const header = JSON.parse(new TextDecoder().decode(bytes.subarray(4, start))) as Header;
  const values = new Float64Array(bytes.buffer, start);
  if (values.length % 3 !== 0) throw new RangeError(`it holds ${values.length} numbers, which are not three columns`);
  return {header, values};
}

const nameOf = (model: string): string => `monitoring/${model}/matured-scores`;
