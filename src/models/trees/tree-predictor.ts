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
  /** Sums are rounded to float32 after each tree. */
  readonly #single: boolean;

  constructor(spec: ModelSpec, arrays: ModelArrays) {
    this.spec = spec;
    this.forest = forestOf(arrays, spec.features.length);
    this.#walk = walkOf(this.forest);
    this.#tile = new Float32Array(TILE * spec.features.length);
    this.#single = this.forest.base instanceof Float32Array;
  }

  marginRow(features: Float64Array): number {
    const tile = this.#tile;
    for (let f = 0; f < this.spec.features.length; f++) tile[f] = features[f]!;
    if (this.#single) return this.#singleMargin(tile);
    const {base, roots, value} = this.forest;
    let margin = base[0]!;
    for (let t = 0; t < roots.length; t++) margin += value[leafOf(this.#walk, roots[t]!, tile, 0)]!;
    return margin;
  }

  #singleMargin(row: Float32Array): number {
    const {base, roots, value} = this.forest;
    let margin = 0;
    for (let t = 0; t < roots.length; t++) margin = Math.fround(margin + value[leafOf(this.#walk, roots[t]!, row, 0)]!);
    return Math.fround(margin + base[0]!);
  }

  marginBatch(matrix: Matrix, out = new Float64Array(matrix.rows)): Float64Array {
    const tile = this.#tile;
    const width = this.spec.features.length;
    for (let start = 0; start < matrix.rows; start += TILE) {
      const count = Math.min(TILE, matrix.rows - start);
      for (let f = 0; f < width; f++) {
        const column = matrix.columns[f]!;
        for (let i = 0, at = f; i < count; i++, at += width) tile[at] = column[start + i]!;
      }
      this.#marginTile(tile, 0, count, out, start);
    }
    return out;
  }

  /** The same for `rows` rows that lie one behind the other as float32: nothing is copied. */
  marginRows(features: Float32Array, rows: number, out = new Float64Array(rows)): Float64Array {
    for (let start = 0; start < rows; start += TILE)
      this.#marginTile(features, start * this.spec.features.length, Math.min(TILE, rows - start), out, start);
    return out;
  }

  /** Margins of `count` rows from `row[at]` on, into `out` from `start` on: trees outside, rows inside. */
  #marginTile(row: Float32Array, at: number, count: number, out: Float64Array, start: number): void {
    const {base, roots, value} = this.forest;
    const width = this.spec.features.length;
    out.fill(this.#single ? 0 : base[0]!, start, start + count);
    for (let t = 0; t < roots.length; t++) {
      const root = roots[t]!;
      if (this.#single)
        for (let i = 0; i < count; i++)
          out[start + i] = Math.fround(out[start + i]! + value[leafOf(this.#walk, root, row, at + i * width)]!);
      else for (let i = 0; i < count; i++) out[start + i]! += value[leafOf(this.#walk, root, row, at + i * width)]!;
    }
    if (this.#single) for (let i = start; i < start + count; i++) out[i] = Math.fround(out[i]! + base[0]!);
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
