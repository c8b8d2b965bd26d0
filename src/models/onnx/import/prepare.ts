// The preparation of numbers that converters put before a model: ai.onnx.ml Imputer and Scaler.
import type {ModelArrays} from '../../artifact.ts';
import {inSet} from '../../trees/forest.ts';
import {largestFloat} from './float32.ts';
import type {OnnxNode} from './onnx-graph.ts';
import {NotTaken, numbersOf} from './tree-table.ts';

/** One per feature: what a missing value becomes, or `(x - offset) * scale`, in float32. */
export type Step =
  | {readonly kind: 'impute'; readonly value: Float64Array}
  | {readonly kind: 'scale'; readonly offset: Float64Array; readonly scale: Float64Array};

export function stepOf(node: OnnxNode, features: number): Step {
  const list = (name: string): Float64Array => {
    const given = numbersOf(node, name);
    if (given.length !== 1 && given.length !== features)
      throw new NotTaken(`'${name}' has ${given.length} numbers for ${features} features`);
    return given.length === features ? given : new Float64Array(features).fill(given[0]!);
  };
  if (node.op === 'Scaler') return {kind: 'scale', offset: list('offset'), scale: list('scale')};
  if (!Number.isNaN(node.attributes.get('replaced_value_float')?.float ?? 0))
    throw new NotTaken('its Imputer replaces a number');
  return {kind: 'impute', value: list('imputed_value_floats')};
}

/** Steps and forest as one forest: imputed values are written into the branches of the missing, scales into thresholds. */
export function foldIntoForest(steps: readonly Step[], arrays: ModelArrays): ModelArrays {
  const feature = arrays.feature as Int32Array;
  const threshold = (arrays.threshold as Float32Array).slice();
  const missingLeft = (arrays.missingLeft as Uint8Array).slice();
  const left = (arrays.left as Int32Array).slice();
  const right = (arrays.right as Int32Array).slice();
  const set = arrays.set as Int32Array;
  const turn = (n: number) => {
    [left[n], right[n]] = [right[n]!, left[n]!];
    missingLeft[n] = 1 - missingLeft[n]!;
  };
  for (const step of steps.toReversed())
    feature.forEach((f, n) => {
      if (f === -1) return;
      if (step.kind === 'impute') {
        const value = Math.fround(step.value[f]!);
        const goesLeft = set[n]! < 0 ? value <= threshold[n]! : inSet(arrays.sets as Uint32Array, set[n]!, value);
        if (!Number.isNaN(value)) missingLeft[n] = goesLeft ? 1 : 0;
        return;
      }
      const offset = step.offset[f]!;
      const scale = step.scale[f]!;
      const limit = threshold[n]!;
      const atMost = (x: number) => Math.fround(Math.fround(x - offset) * scale) <= limit;
      if (set[n]! >= 0 || scale === 0 || !Number.isFinite(scale) || !Number.isFinite(offset))
        throw new NotTaken('its Scaler cannot be written into the trees');
      if (scale > 0) threshold[n] = largestFloat(atMost);
      else {
        threshold[n] = largestFloat(x => !atMost(x));
        turn(n);
      }
    });
  return {...arrays, threshold, missingLeft, left, right};
}

/** A linear model over prepared features as one over features: `scale * (x - offset)`, `missing` where x is. */
export function foldIntoLinear(
  steps: readonly Step[],
  features: number,
): {readonly offset: Float64Array; readonly scale: Float64Array; readonly missing: Float64Array} {
  const offset = new Float64Array(features);
  const scale = new Float64Array(features).fill(1);
  const missing = new Float64Array(features).fill(Number.NaN);
  for (const step of steps)
    for (let f = 0; f < features; f++) {
      if (step.kind === 'impute') {
        if (Number.isNaN(missing[f]!)) missing[f] = step.value[f]!;
        continue;
      }
      if (step.scale[f] === 0) throw new NotTaken('its Scaler multiplies by 0');
      offset[f]! += step.offset[f]! / scale[f]!;
      scale[f]! *= step.scale[f]!;
      missing[f] = (missing[f]! - step.offset[f]!) * step.scale[f]!;
    }
  return {offset, scale, missing};
}
