import type {Datatype} from '../../../protocol/index.ts';
import type {Predictor} from '../../predictor.ts';

/** An ONNX model as one of our own: it answers without ONNX Runtime, in place, and can be explained. */
export type BuiltIn = {
  readonly predictor: Predictor;
  /** Name of its one input [-1, features]; all numbers of it are rounded to float32. */
  readonly input: {readonly name: string; readonly datatype: Datatype};
  readonly outputs: readonly BuiltInOutput[];
  /** A row with a missing value is answered with NaN, as the ONNX model does. */
  readonly missingIsNaN: boolean;
};

/** How an output is written from the prediction of a row. */
export type BuiltInOutput = {readonly name: string} & (
  | {/** [-1, 1] */ readonly kind: 'value'}
  | {/** [-1, 2]: of the first class, and of the second */ readonly kind: 'probabilities'}
  | {
      /** [-1]: the second label where the margin or the probability, as float32, is above `above`. */
      readonly kind: 'label';
      readonly labels: readonly [bigint, bigint] | readonly [string, string];
      readonly of: 'margin' | 'probability';
      readonly above: number;
    }
);
