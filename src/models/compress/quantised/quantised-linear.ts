/**
 * A linear model whose coefficients are whole numbers of 8 or 16 bits: those of the numeric terms share a scale, those
 * of the indicators another, and those of each categorical feature one of their own, so that a feature with small
 * coefficients keeps its bits. Read back, it is an ordinary linear model with rounded coefficients.
 */
import {invalid, type ModelArrays} from '../../artifact.ts';
import {type LinearModel, linearModelOf} from '../../linear/linear-model.ts';
import type {Bits} from './quantise-forest.ts';

export function quantiseLinear(model: LinearModel, bits: Bits): ModelArrays {
  const most = 2 ** (bits - 1) - 1;
  const groups = groupsOf(model);
  const scale = new Float32Array(Math.max(-1, ...groups) + 1);
  groups.forEach((group, k) => {
    scale[group] = Math.max(scale[group]!, Math.fround(Math.abs(model.coefficient[k]!) / most));
  });
  const steps = Array.from(groups, (group, k) =>
    scale[group]! > 0 ? clamp(Math.round(model.coefficient[k]! / scale[group]!), most) : 0,
  );
  return {
    intercept: model.intercept,
    numericFeature: Uint16Array.from(model.numericFeature),
    mean: model.mean,
    scale: model.scale,
    indicatorFeature: Uint16Array.from(model.indicatorFeature),
    categoryFeature: Uint16Array.from(model.categoryFeature),
    categoryCode: Uint16Array.from(model.categoryCode),
    coefficientStep: bits === 8 ? Int8Array.from(steps) : Int16Array.from(steps),
    coefficientScale: scale,
    center: Float32Array.from(model.center),
  };
}

/** The arrays of the ordinary linear model. Throws MODEL_INVALID for arrays that are no quantised one. */
export function dequantiseLinear(arrays: ModelArrays, features: number): LinearModel {
  const {coefficientStep, coefficientScale, center, ...others} = arrays;
  for (const name of ['numericFeature', 'indicatorFeature', 'categoryFeature', 'categoryCode'])
    if (arrays[name] === undefined) throw invalid(`array '${name}' is missing`);
  if (coefficientStep === undefined || coefficientScale === undefined || center === undefined)
    throw invalid(`it is no quantised linear model`);
  const wide = Object.fromEntries(
    Object.entries(others).map(([name, array]) => [
      name,
      array instanceof Uint16Array ? Int32Array.from(array) : array,
    ]),
  ) as unknown as LinearModel;
  const groups = groupsOf(wide);
  if (coefficientScale.length !== Math.max(-1, ...groups) + 1) throw invalid(`'coefficientScale' has a wrong length`);
  const coefficient = Float64Array.from(coefficientStep, (step, k) => step * (coefficientScale[groups[k]!] ?? 0));
  return linearModelOf({...wide, coefficient, center: Float64Array.from(center)} as unknown as ModelArrays, features);
}

/** Which scale each coefficient has. */
function groupsOf({numericFeature, indicatorFeature, categoryFeature}: LinearModel): Int32Array {
  const ofFeature = new Map<number, number>();
  for (const feature of categoryFeature) if (!ofFeature.has(feature)) ofFeature.set(feature, 2 + ofFeature.size);
  return Int32Array.from([
    ...Array.from(numericFeature, () => 0),
    ...Array.from(indicatorFeature, () => 1),
    ...Array.from(categoryFeature, feature => ofFeature.get(feature)!),
  ]);
}

const clamp = (step: number, most: number): number => Math.max(-most, Math.min(most, step));
