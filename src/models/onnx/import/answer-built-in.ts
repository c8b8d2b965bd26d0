import type {Tensor, TensorData, TensorSpec} from '../../../protocol/index.ts';
import {type Predictor, sigmoid} from '../../predictor.ts';
import {TreePredictor} from '../../trees/tree-predictor.ts';
import type {BuiltIn, BuiltInOutput} from './built-in.ts';

const TEXT = new TextEncoder();

/** What a built-in model takes. */
export const builtInInputs = ({input, predictor}: BuiltIn): TensorSpec[] => [
  {...input, shape: [-1, predictor.spec.features.length]},
];

/** What it gives, in the order of the ONNX model's outputs. */
export const builtInOutputs = ({outputs}: BuiltIn): TensorSpec[] =>
  outputs.map(output => {
    if (output.kind === 'value') return {name: output.name, datatype: 'FP32', shape: [-1, 1]};
    if (output.kind === 'probabilities') return {name: output.name, datatype: 'FP32', shape: [-1, 2]};
    return {name: output.name, datatype: typeof output.labels[0] === 'bigint' ? 'INT64' : 'BYTES', shape: [-1]};
  });

/**
 * Answers `rows` rows that lie one behind the other. The same bits for a row whatever its company: rows are summed one
 * by one in tree order. Runs on the calling thread.
 */
export function answerBuiltIn(builtIn: BuiltIn, features: Float32Array | Float64Array, rows: number): Tensor[] {
  const {predictor, missingIsNaN} = builtIn;
  const margins = marginsOf(predictor, features, rows);
  if (missingIsNaN) spoilMissing(features, predictor.spec.features.length, margins);
  const answers = predictor.spec.task === 'binary' ? margins.map(sigmoid) : margins;
  const specs = builtInOutputs(builtIn);
  return builtIn.outputs.map((output, k) => {
    const {name, datatype, shape} = specs[k]!;
    return {name, datatype, shape: [rows, ...shape.slice(1)], data: write(output, margins, answers)};
  });
}

function marginsOf(predictor: Predictor, features: Float32Array | Float64Array, rows: number): Float64Array {
  if (predictor instanceof TreePredictor)
    return predictor.marginRows(features instanceof Float32Array ? features : Float32Array.from(features), rows);
  const width = predictor.spec.features.length;
  const row = new Float64Array(width);
  return Float64Array.from({length: rows}, (_, i) => {
    row.set(features.subarray(i * width, (i + 1) * width));
    return predictor.marginRow(row);
  });
}

function spoilMissing(features: Float32Array | Float64Array, width: number, margins: Float64Array): void {
  for (let i = 0; i < margins.length; i++)
    for (let f = 0; f < width; f++) if (Number.isNaN(features[i * width + f]!)) margins[i] = Number.NaN;
}

function write(output: BuiltInOutput, margins: Float64Array, answers: Float64Array): TensorData {
  if (output.kind === 'value') return Float32Array.from(answers);
  if (output.kind === 'probabilities') {
    const pairs = new Float32Array(answers.length * 2);
    answers.forEach((p, i) => {
      pairs[2 * i] = 1 - p;
      pairs[2 * i + 1] = p;
    });
    return pairs;
  }
  const {labels, of, above} = output;
  const from = of === 'margin' ? margins : answers;
  const isSecond = (i: number) => Math.fround(from[i]!) > above;
  if (typeof labels[0] === 'bigint') {
    const [first, second] = labels as readonly [bigint, bigint];
    return BigInt64Array.from({length: margins.length}, (_, i) => (isSecond(i) ? second : first));
  }
  const [first, second] = labels.map(label => TEXT.encode(String(label)));
  return Array.from({length: margins.length}, (_, i) => (isSecond(i) ? second! : first!));
}
