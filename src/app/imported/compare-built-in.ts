import {normal, type Random, seededRandom} from '../../math/index.ts';
import {answerBuiltIn, type BuiltIn, TreePredictor} from '../../models/index.ts';
import {OnnxSession} from '../../models/onnxruntime/index.ts';
import type {Tensor} from '../../protocol/index.ts';

const ROWS = 1_000;
const SEED = 1;
const TOLERANCE = 1e-6;

/**
 * Answers the same random rows here and in ONNX Runtime: numbers around and exactly on the thresholds, missing values.
 * Null if they agree: scores within 1e-6 (relative above 1), labels wherever the score is not on the edge.
 */
export async function differenceFromRuntime(builtIn: BuiltIn, bytes: Uint8Array): Promise<string | null> {
  const session = await OnnxSession.open(bytes, {threads: 1, batching: 'off'});
  try {
    const {features} = builtIn.predictor.spec;
    const data = randomRows(builtIn, seededRandom(SEED));
    const ours = answerBuiltIn(builtIn, data, ROWS);
    const {name, datatype} = builtIn.input;
    const theirs = await session.run([{name, datatype, shape: [ROWS, features.length], data}]);
    for (const answer of ours) {
      const other = theirs.find(tensor => tensor.name === answer.name);
      if (other?.datatype !== answer.datatype)
        return `output '${answer.name}' is ${answer.datatype} here and ${other?.datatype} there`;
      if (other.data.length !== answer.data.length) return `output '${answer.name}' has another size`;
      const at = answer.datatype === 'FP32' ? unequalScore(answer, other) : unequalLabel(builtIn, ours, answer, other);
      if (at >= 0)
        return `output '${answer.name}' of random row ${Math.floor((at * ROWS) / answer.data.length)} is ${show(answer, at)} here and ${show(other, at)} there`;
    }
    return null;
  } finally {
    await session.close();
  }
}

function unequalScore({data}: Tensor, other: Tensor): number {
  return (data as Float32Array).findIndex((ours, i) => {
    const theirs = (other.data as Float32Array)[i]!;
    if (Number.isNaN(ours) && Number.isNaN(theirs)) return false;
    return ours !== theirs && !(Math.abs(ours - theirs) <= TOLERANCE * Math.max(1, Math.abs(theirs)));
  });
}

/** A score of one half, or nearly, may round to either side. */
function unequalLabel(builtIn: BuiltIn, ours: readonly Tensor[], {data}: Tensor, other: Tensor): number {
  const scores = ours.find((_, k) => builtIn.outputs[k]!.kind === 'probabilities')?.data as Float32Array | undefined;
  for (let i = 0; i < data.length; i++) {
    const onEdge = scores !== undefined && Math.abs(scores[2 * i + 1]! - 0.5) <= TOLERANCE;
    if (!onEdge && text(data[i]!) !== text(other.data[i]!)) return i;
  }
  return -1;
}

const text = (value: Tensor['data'][number]): string =>
  typeof value === 'object' ? Buffer.from(value).toString() : String(value);
const show = ({data}: Tensor, i: number): string => text(data[i]!);

function randomRows(builtIn: BuiltIn, random: Random): Float32Array | Float64Array {
  const {predictor, input} = builtIn;
  const width = predictor.spec.features.length;
  const limits = limitsOf(builtIn);
  const data = input.datatype === 'FP64' ? new Float64Array(ROWS * width) : new Float32Array(ROWS * width);
  for (let i = 0; i < ROWS; i++) {
    const missing = i % 2 === 0 ? 0 : random() < 0.3 ? 1 / width : 0.1;
    for (let f = 0; f < width; f++) data[i * width + f] = random() < missing ? Number.NaN : number(limits[f]!, random);
  }
  return data;
}

/** Exactly on a limit, one float32 beside it, or anywhere. */
function number(limits: readonly number[], random: Random): number {
  const limit = limits[Math.floor(random() * limits.length)] ?? 0;
  const kind = random();
  if (kind < 0.3) return limit;
  if (kind < 0.5) return limit + (random() < 0.5 ? -1 : 1) * Math.max(Math.abs(limit), 2 ** -126) * 2 ** -23;
  return limit + normal(random) * (kind < 0.75 ? 1 : Math.max(1, Math.abs(limit)));
}

/** Per feature the numbers where its branches part. */
function limitsOf({predictor}: BuiltIn): number[][] {
  const limits: number[][] = predictor.spec.features.map(() => []);
  if (!(predictor instanceof TreePredictor)) return limits;
  const {feature, threshold, set, sets} = predictor.forest;
  feature.forEach((f, n) => {
    if (f < 0) return;
    if (set[n]! < 0) {
      if (Number.isFinite(threshold[n])) limits[f]!.push(threshold[n]!);
    } else limits[f]!.push(sets[set[n]!]! * 32, 0, 1, 2, 3);
  });
  return limits;
}
