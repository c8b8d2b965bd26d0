import type {FeatureRow} from '../features/index.ts';
import {loadModel, type Predictor} from '../models/index.ts';
import {type RowEncoder, rowEncoder} from './encoder.ts';

/** A model version in memory, ready to answer. Used by one thread: its vector is reused. */
export class LoadedVersion {
  readonly version: number;
  readonly predictor: Predictor;
  readonly #encode: RowEncoder;
  readonly #vector: Float64Array;

  constructor(version: number, artifact: Uint8Array, names: readonly string[]) {
    this.version = version;
    this.predictor = loadModel(artifact);
    this.#encode = rowEncoder(this.predictor.spec, names);
    this.#vector = new Float64Array(this.predictor.spec.features.length);
  }

  /** The numbers of this version for a row; valid until the next call. */
  vector(row: FeatureRow): Float64Array {
    this.#encode(row, this.#vector);
    return this.#vector;
  }

  predict(row: FeatureRow): number {
    return this.predictor.predictRow(this.vector(row));
  }
}
