import type {ModelArrays} from '../artifact.ts';
import {type Matrix, readRow} from '../matrix.ts';
import type {ModelSpec} from '../model-spec.ts';
import {type Explanation, type FeatureImportance, type Predictor, sigmoid} from '../predictor.ts';
import {type LinearModel, linearModelOf, termFeatures, termValues} from './linear-model.ts';

/** Intercept plus coefficients times terms. Batches go row by row through the same sum as single rows. */
export class LinearPredictor implements Predictor {
  readonly spec: ModelSpec;
  readonly model: LinearModel;
  /** Per numeric term its place; then per feature the coefficient of being missing, and of each code. */
  readonly #missing: Float64Array;
  readonly #categories: readonly (Float64Array | null)[];

  constructor(spec: ModelSpec, arrays: ModelArrays) {
    this.spec = spec;
    this.model = linearModelOf(arrays, spec.features.length);
    const {numericFeature, indicatorFeature, coefficient} = this.model;
    this.#missing = new Float64Array(spec.features.length);
    indicatorFeature.forEach((feature, k) => {
      this.#missing[feature] = coefficient[numericFeature.length + k]!;
    });
    this.#categories = categoryTables(this.model, spec.features.length);
  }

  marginRow(features: Float64Array): number {
    const {intercept, numericFeature, mean, scale, coefficient, indicatorFeature} = this.model;
    let margin = intercept[0]!;
    for (let k = 0; k < numericFeature.length; k++) {
      const x = Math.fround(features[numericFeature[k]!]!);
      if (!Number.isNaN(x)) margin += coefficient[k]! * ((x - mean[k]!) / scale[k]!);
    }
    for (const feature of indicatorFeature) if (Number.isNaN(features[feature]!)) margin += this.#missing[feature]!;
    for (let f = 0; f < this.#categories.length; f++) margin += this.#categories[f]?.[features[f]!] ?? 0;
    return margin;
  }

  marginBatch(matrix: Matrix, out = new Float64Array(matrix.rows)): Float64Array {
    const row = new Float64Array(matrix.columns.length);
    for (let i = 0; i < matrix.rows; i++) out[i] = this.marginRow(readRow(matrix, i, row));
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

  /** Coefficient times (term - its training mean), summed per feature; the base is the margin of the mean row. */
  explain(features: Float64Array): Explanation {
    const {model} = this;
    const terms = termValues(model, Float32Array.from(features), new Float64Array(model.coefficient.length));
    const contributions = new Float64Array(this.spec.features.length);
    let base = model.intercept[0]!;
    termFeatures(model).forEach((feature, k) => {
      base += model.coefficient[k]! * model.center[k]!;
      contributions[feature]! += model.coefficient[k]! * (terms[k]! - model.center[k]!);
    });
    return {base, contributions};
  }

  importance(): FeatureImportance[] {
    const {coefficient, numericFeature, center} = this.model;
    const sizes = new Float64Array(this.spec.features.length);
    const uses = new Float64Array(this.spec.features.length);
    termFeatures(this.model).forEach((feature, k) => {
      // A 0/1 term of mean m has standard deviation sqrt(m (1 - m)); a numeric term has 1.
      const deviation = k < numericFeature.length ? 1 : Math.sqrt(center[k]! * (1 - center[k]!));
      sizes[feature]! += Math.abs(coefficient[k]!) * deviation;
      if (coefficient[k] !== 0) uses[feature]! += 1;
    });
    const total = sizes.reduce((sum, size) => sum + size, 0);
    return this.spec.features.map(({name}, f) => ({name, share: total > 0 ? sizes[f]! / total : 0, uses: uses[f]!}));
  }
}

/** Per categorical feature the coefficient of each code, 0 for codes without a term; null for other features. */
function categoryTables(model: LinearModel, features: number): (Float64Array | null)[] {
  const {categoryFeature, categoryCode, coefficient} = model;
  const first = coefficient.length - categoryFeature.length;
  return Array.from({length: features}, (_, f) => {
    const terms = [...categoryFeature.keys()].filter(k => categoryFeature[k] === f);
    if (terms.length === 0) return null;
    const table = new Float64Array(Math.max(...terms.map(k => categoryCode[k]!)) + 1);
    for (const k of terms) table[categoryCode[k]!] = coefficient[first + k]!;
    return table;
  });
}
