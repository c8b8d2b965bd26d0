import {invalid, type ModelArrays} from '../artifact.ts';

/**
 * A linear model with its preprocessing. Its terms, in order, each with a coefficient:
 *   numeric     (x - mean) / scale, where a missing x counts as the mean
 *   indicator   1 if the feature is missing, else 0
 *   category    1 if the feature has this code, else 0
 */
export type LinearModel = {
  readonly intercept: Float64Array;
  readonly numericFeature: Int32Array;
  readonly mean: Float64Array;
  readonly scale: Float64Array;
  readonly indicatorFeature: Int32Array;
  readonly categoryFeature: Int32Array;
  readonly categoryCode: Int32Array;
  readonly coefficient: Float64Array;
  /** Mean of each term over the training rows. */
  readonly center: Float64Array;
};

const ARRAYS = [
  'intercept',
  'numericFeature',
  'mean',
  'scale',
  'indicatorFeature',
  'categoryFeature',
  'categoryCode',
  'coefficient',
  'center',
] as const;

export function linearModelOf(arrays: ModelArrays, features: number): LinearModel {
  for (const name of ARRAYS) if (arrays[name] === undefined) throw invalid(`array '${name}' is missing`);
  const model = arrays as unknown as LinearModel;
  const {numericFeature, indicatorFeature, categoryFeature, categoryCode} = model;
  const terms = numericFeature.length + indicatorFeature.length + categoryFeature.length;
  if (
    model.coefficient.length !== terms ||
    model.center.length !== terms ||
    categoryCode.length !== categoryFeature.length
  )
    throw invalid(`it has ${model.coefficient.length} coefficients for ${terms} terms`);
  for (const list of [numericFeature, indicatorFeature, categoryFeature])
    for (const feature of list) if (feature < 0 || feature >= features) throw invalid(`there is no feature ${feature}`);
  return model;
}

/** Which feature each term belongs to, in the order of the coefficients. */
export function termFeatures(model: LinearModel): Int32Array {
  return Int32Array.from([...model.numericFeature, ...model.indicatorFeature, ...model.categoryFeature]);
}

/** The value of every term for one row of float32 features. */
export function termValues(model: LinearModel, row: Float32Array, terms: Float64Array): Float64Array {
  const {numericFeature, mean, scale, indicatorFeature, categoryFeature, categoryCode} = model;
  let at = 0;
  for (let k = 0; k < numericFeature.length; k++) {
    const x = row[numericFeature[k]!]!;
    terms[at++] = Number.isNaN(x) ? 0 : (x - mean[k]!) / scale[k]!;
  }
  for (const feature of indicatorFeature) terms[at++] = Number.isNaN(row[feature]!) ? 1 : 0;
  for (let k = 0; k < categoryFeature.length; k++) terms[at++] = row[categoryFeature[k]!] === categoryCode[k] ? 1 : 0;
  return terms;
}
