import type {ModelArrays} from '../artifact.ts';
import type {Matrix} from '../matrix.ts';
import type {ModelSpec} from '../model-spec.ts';
import {type Explanation, type FeatureImportance, type Predictor, sigmoid} from '../predictor.ts';
import {type Forest, forestOf} from './forest.ts';
import {gainImportance} from './gain-importance.ts';
import {treeShap} from './tree-shap.ts';
import {leafOf, type Walk, walkOf} from './walk.ts';

/** Rows taken at a time: their features as float32, row by row, stay in the first-level cache. */
const TILE = 128;

/** A sum of trees. Every path adds leaf values in tree order, so single rows and batches agree to the bit. */
export class TreePredictor implements Predictor {
  readonly spec: ModelSpec;
  readonly forest: Forest;
  readonly #walk: Walk;
  readonly #tile: Float32Array;

  constructor(spec: ModelSpec, arrays: ModelArrays) {
    this.spec = spec;
    this.forest = forestOf(arrays, spec.features.length);
    this.#walk = walkOf(this.forest);
    this.#tile = new Float32Array(TILE * spec.features.length);
  }

  marginRow(features: Float64Array): number {
    const tile = this.#tile;
    for (let f = 0; f < this.spec.features.length; f++) tile[f] = features[f]!;
    const {base, roots, value} = this.forest;
    let margin = base[0]!;
    for (let t = 0; t < roots.length; t++) margin += value[leafOf(this.#walk, roots[t]!, tile, 0)]!;
    return margin;
  }

  marginBatch(matrix: Matrix, out = new Float64Array(matrix.rows)): Float64Array {
    const {base, roots, value} = this.forest;
    const tile = this.#tile;
    const width = this.spec.features.length;
    out.fill(base[0]!, 0, matrix.rows);
    for (let start = 0; start < matrix.rows; start += TILE) {
      const count = Math.min(TILE, matrix.rows - start);
      for (let f = 0; f < width; f++) {
        const column = matrix.columns[f]!;
        for (let i = 0, at = f; i < count; i++, at += width) tile[at] = column[start + i]!;
      }
      for (let t = 0; t < roots.length; t++) {
        const root = roots[t]!;
        for (let i = 0; i < count; i++) out[start + i]! += value[leafOf(this.#walk, root, tile, i * width)]!;
      }
    }
    return out;
  }

  predictRow(features: Float64Array): number {
    const margin = this.marginRow(features);
    return this.spec.task === 'binary' ? sigmoid(margin) : margin;
  }

  predictBatch(matrix: Matrix, out = new Float64Array(matrix.rows)): Float64Array {
    this.marginBatch(matrix, out);
    if (this.spec.task === 'binary') for (let i = 0; i < matrix.rows; i++) out[i] = sigmoid(out[i]!);
    return out;
  }

  explain(features: Float64Array): Explanation {
    return treeShap(this.forest, Float32Array.from(features.subarray(0, this.spec.features.length)));
  }

  importance(): FeatureImportance[] {
    return gainImportance(this.forest, this.spec.features);
  }
}
