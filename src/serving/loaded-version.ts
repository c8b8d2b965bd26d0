import type {FeatureRow} from '../features/index.ts';
import {loadModel, type Predictor} from '../models/index.ts';
import {type RowEncoder, rowEncoder} from './encoder.ts';

/** Calls that let the machine code of a model be made before the first request waits for it. */
const WARM_UPS = 200;

/** A model version in memory, ready to answer. Used by one thread: its vector is reused. */
export class LoadedVersion {
  readonly version: number;
  readonly predictor: Predictor;
  readonly #encode: RowEncoder;
  readonly #vector: Float64Array;
  /** Where each input stands in a row. */
  readonly #places: readonly number[];

  constructor(version: number, artifact: Uint8Array, names: readonly string[]) {
    this.version = version;
    this.predictor = loadModel(artifact);
    const {spec} = this.predictor;
    this.#encode = rowEncoder(spec, names);
    this.#vector = new Float64Array(spec.features.length);
    this.#places = spec.features.map(({name}) => names.indexOf(name));
  }

  /** The numbers of this version for a row; valid until the next call. */
  vector(row: FeatureRow): Float64Array {
    this.#encode(row, this.#vector);
    return this.#vector;
  }

  predict(row: FeatureRow): number {
    return this.predictor.predictRow(this.vector(row));
  }

  /** Whether input `f` has a value in the row, be it one that training never saw. */
  isGiven(row: FeatureRow, f: number): boolean {
    const value = row[this.#places[f]!];
    return value !== null && value !== undefined && !Number.isNaN(value);
  }

  /** Predicts rows of nothing but missing values, so that the first request is answered as fast as the next. */
  warmUp(): void {
    this.#vector.fill(Number.NaN);
    for (let i = 0; i < WARM_UPS; i++) this.predictor.predictRow(this.#vector);
  }
}
