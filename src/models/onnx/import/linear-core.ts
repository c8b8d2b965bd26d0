import type {ModelArrays} from '../../artifact.ts';
import type {OnnxNode} from './onnx-graph.ts';
import {foldIntoLinear, type Step} from './prepare.ts';
import {NotTaken, numbersOf} from './tree-table.ts';

export type LinearCore = {
  readonly arrays: ModelArrays;
  /** A row with a missing value has no answer: nothing before the model imputes it. */
  readonly missingIsNaN: boolean;
};

/**
 * The arrays of a LinearRegressor with one target, or of a LinearClassifier with two classes. Of a classifier the
 * margin is the log odds: by SOFTMAX the difference of its two scores, by LOGISTIC the second, of which the first must
 * be the negative.
 */
export function linearCore(node: OnnxNode, steps: readonly Step[], features: number): LinearCore {
  const weights = numbersOf(node, 'coefficients');
  const intercepts = numbersOf(node, 'intercepts');
  const scores = weights.length / features;
  const bias = (score: number) => intercepts[score] ?? 0;
  let coefficient: Float64Array;
  let intercept: number;
  if (node.op === 'LinearRegressor') {
    if (scores !== 1) throw new NotTaken('it has more than one target');
    coefficient = weights;
    intercept = bias(0);
  } else {
    const transform = node.attributes.get('post_transform')?.text ?? 'NONE';
    if (scores !== 2) throw new NotTaken(`it has ${scores} scores; two classes are taken over`);
    const [first, second] = [weights.subarray(0, features), weights.subarray(features)];
    if (transform === 'SOFTMAX') {
      coefficient = second.map((w, f) => w - first[f]!);
      intercept = bias(1) - bias(0);
    } else if (transform === 'LOGISTIC' && second.every((w, f) => w === -first[f]!) && bias(1) === -bias(0)) {
      coefficient = second;
      intercept = bias(1);
    } else throw new NotTaken(`its scores are transformed by ${transform}`);
  }
  const {offset, scale, missing} = foldIntoLinear(steps, features);
  const imputed = missing.every(value => !Number.isNaN(value));
  const all = Int32Array.from(missing.keys());
  const none = new Int32Array();
  const ofMissing = imputed ? Float64Array.from(coefficient, (c, f) => c * missing[f]!) : new Float64Array();
  return {
    missingIsNaN: !imputed,
    arrays: {
      intercept: Float64Array.of(intercept),
      numericFeature: all,
      mean: offset,
      scale: scale.map(s => 1 / s),
      indicatorFeature: imputed ? all : none,
      categoryFeature: none,
      categoryCode: none,
      coefficient: Float64Array.of(...coefficient, ...ofMissing),
      center: new Float64Array(features + ofMissing.length),
    },
  };
}
