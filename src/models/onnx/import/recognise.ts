import {MillraceError} from '../../../protocol/index.ts';
import {makePredictor} from '../../load-model.ts';
import type {FeatureSpec, ModelSpec} from '../../model-spec.ts';
import type {BuiltIn} from './built-in.ts';
import {type Core, coreOf} from './core.ts';
import {datatypeOf} from './element-type.ts';
import {OutputReader} from './outputs.ts';
import {ownLinear} from './own-linear.ts';
import type {OnnxModel} from './read-onnx.ts';
import {NotTaken} from './tree-table.ts';

/** Either the model as one of our own, or why it is not; `reason` completes "evaluated by ONNX Runtime: …". */
export type Recognised =
  | {readonly builtIn: BuiltIn; readonly reason: null}
  | {readonly builtIn: null; readonly reason: string};

/**
 * Looks whether a model is one that our own evaluators answer exactly as its nodes say: one tree ensemble or linear
 * model with one score, after Cast, Imputer and Scaler, before what converters of LightGBM, XGBoost and scikit-learn
 * write behind it; and our own export. `columns` names its features.
 */
export function recognise(model: OnnxModel, columns?: readonly string[]): Recognised {
  try {
    return {builtIn: take(model, columns), reason: null};
  } catch (error) {
    if (error instanceof NotTaken) return {builtIn: null, reason: error.message};
    if (error instanceof MillraceError && error.code === 'MODEL_INVALID') return {builtIn: null, reason: error.message};
    throw error;
  }
}

const CORES = [
  'TreeEnsemble',
  'TreeEnsembleClassifier',
  'TreeEnsembleRegressor',
  'LinearClassifier',
  'LinearRegressor',
];

function take(model: OnnxModel, columns?: readonly string[]): BuiltIn {
  const {graph} = model;
  const [input, ...more] = graph.inputs;
  if (input === undefined || more.length > 0) throw new NotTaken('it has more than one input');
  const [rows, features] = input.shape ?? [];
  const datatype = datatypeOf(input.element);
  if (rows !== -1 || features === undefined || features < 1 || input.shape!.length !== 2)
    throw new NotTaken(`its input has the shape [${input.shape}]; [-1, features] is taken over`);
  if (datatype !== 'FP32' && datatype !== 'FP64') throw new NotTaken(`its input is ${datatype}`);
  const port = {name: input.name, datatype};
  const linear = ownLinear(graph, features);
  if (linear !== null) {
    const core: Core = {kind: 'linear', arrays: linear, missingIsNaN: false, positive: false};
    const predictor = makePredictor(specOf(model, core, 'binary', features, columns), core.arrays);
    return {predictor, input: port, outputs: OWN_OUTPUTS, missingIsNaN: false};
  }
  const [node, ...others] = graph.nodes.filter(({op, domain}) => domain === 'ai.onnx.ml' && CORES.includes(op));
  if (node === undefined) throw new NotTaken('it holds no tree ensemble and no linear model');
  if (others.length > 0) throw new NotTaken('it holds more than one tree ensemble or linear model');
  const core = coreOf(graph, node, input, features);
  const reader = new OutputReader(graph, node, core);
  const outputs = graph.outputs.map(({name}) => reader.read(name));
  const predictor = makePredictor(specOf(model, core, reader.task, features, columns), core.arrays);
  return {predictor, input: port, outputs, missingIsNaN: core.missingIsNaN};
}

/** See `binaryOutput`, which writes them. */
const OWN_OUTPUTS: BuiltIn['outputs'] = [
  {name: 'label', kind: 'label', labels: [0n, 1n], of: 'probability', above: 0.5},
  {name: 'probabilities', kind: 'probabilities'},
];

function specOf(
  {producer, producerVersion, metadata}: OnnxModel,
  core: Core,
  task: ModelSpec['task'],
  features: number,
  columns?: readonly string[],
): ModelSpec {
  return {
    format: 1,
    kind: core.kind,
    task,
    features: featuresOf(metadata.get('features'), features, columns),
    trainer: {kind: 'onnx', version: 1, parameters: {producer, producerVersion}},
    training: {rows: 0, validationRows: 0, seed: 0, iterations: core.arrays.roots?.length ?? 0, parent: null},
    checks: {rows: [], predictions: []},
  };
}

/** Names as the project gives them, or as our own export wrote them down. */
function featuresOf(written: string | undefined, count: number, columns?: readonly string[]): FeatureSpec[] {
  const own = ownFeatures(written);
  const known = own?.length === count ? own : null;
  return Array.from({length: count}, (_, f) => {
    const feature = known?.[f] ?? {name: `f${f}`, kind: 'numeric'};
    return {...feature, name: columns?.[f] ?? feature.name};
  });
}

function ownFeatures(written: string | undefined): readonly FeatureSpec[] | null {
  try {
    const parsed: unknown = JSON.parse(written ?? 'null');
    const isFeature = (f: Partial<FeatureSpec> | null) =>
      typeof f?.name === 'string' && (f.kind === 'numeric' || f.kind === 'categorical');
    return Array.isArray(parsed) && parsed.every(isFeature) ? parsed : null;
  } catch {
    return null; // metadata that somebody else wrote
  }
}
