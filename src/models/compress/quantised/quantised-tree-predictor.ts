import type {ModelArrays} from '../../artifact.ts';
import type {Matrix} from '../../matrix.ts';
import type {ModelSpec} from '../../model-spec.ts';
import {type Explanation, type FeatureImportance, type Predictor, sigmoid} from '../../predictor.ts';
import type {Forest} from '../../trees/forest.ts';
import {treeShap} from '../../trees/tree-shap.ts';
import {dequantiseForest, splitsPerFeature} from './dequantise-forest.ts';
import {leafValue} from './quantise-leaves.ts';
import {isWide, type QuantisedForest, quantisedForestOf} from './quantised-forest.ts';
import {narrowLeaf, wideLeaf} from './quantised-walk.ts';

/** Rows taken at a time: their values as float32, row by row, stay in the first-level cache. */
const TILE = 128;

/**
 * Answers from the quantised arrays themselves: nothing is unpacked but for explanations and exports. Leaf values are
 * added in tree order, so single rows and batches agree to the bit, and with the dequantised forest too.
 */
export class QuantisedTreePredictor implements Predictor {
  readonly spec: ModelSpec;
  readonly quantised: QuantisedForest;
  /** Of each column. */
  readonly #features: Uint16Array;
  readonly #tile: Float32Array;
  readonly #wide: boolean;
  #forest: Forest | null = null;

  constructor(spec: ModelSpec, arrays: ModelArrays) {
    this.spec = spec;
    this.quantised = quantisedForestOf(arrays, spec.features.length);
    this.#features = Uint16Array.of(...this.quantised.numericFeature, ...this.quantised.setFeature);
    this.#tile = new Float32Array(TILE * this.#features.length);
    this.#wide = isWide(this.quantised);
  }

  /** The same trees as ordinary nodes, for explanations and exports: made when first asked for, and kept. */
  get forest(): Forest {
    this.#forest ??= dequantiseForest(this.quantised);
    return this.#forest;
  }

  marginRow(features: Float64Array): number {
    const {quantised} = this;
    const {base, treeSplits, leaf, leafOffset, leafScale} = quantised;
    const tile = this.#tile;
    for (let c = 0; c < this.#features.length; c++) tile[c] = features[this.#features[c]!]!;
    let margin = base[0]!;
    for (let t = 0, first = 0; t < treeSplits.length; t++) {
      const splits = treeSplits[t]!;
      const reached = this.#wide
        ? wideLeaf(quantised, first, splits, tile, 0)
        : narrowLeaf(quantised, first, splits, tile, 0);
      margin += leafValue(leafOffset[t]!, leafScale[t]!, leaf[first + t + reached]!);
      first += splits;
    }
    return margin;
  }

  marginBatch(matrix: Matrix, out = new Float64Array(matrix.rows)): Float64Array {
    const {quantised} = this;
    const {base, treeSplits, leaf, leafOffset, leafScale} = quantised;
    const wide = this.#wide;
    const tile = this.#tile;
    const width = this.#features.length;
    out.fill(base[0]!, 0, matrix.rows);
    for (let start = 0; start < matrix.rows; start += TILE) {
      const count = Math.min(TILE, matrix.rows - start);
      for (let c = 0; c < width; c++) {
        const column = matrix.columns[this.#features[c]!]!;
        for (let i = 0, at = c; i < count; i++, at += width) tile[at] = column[start + i]!;
      }
      for (let t = 0, first = 0; t < treeSplits.length; t++) {
        const splits = treeSplits[t]!;
        const offset = leafOffset[t]!;
        const scale = leafScale[t]!;
        for (let i = 0; i < count; i++) {
          const at = i * width;
          const reached = wide
            ? wideLeaf(quantised, first, splits, tile, at)
            : narrowLeaf(quantised, first, splits, tile, at);
          out[start + i]! += leafValue(offset, scale, leaf[first + t + reached]!);
        }
        first += splits;
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
    const {gain} = this.quantised;
    const uses = splitsPerFeature(this.quantised);
    const total = gain.reduce((sum, value) => sum + value, 0);
    return this.spec.features.map(({name}, f) => ({name, share: total > 0 ? gain[f]! / total : 0, uses: uses[f]!}));
  }
}
