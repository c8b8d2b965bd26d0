import {createHash} from 'node:crypto';
import {
  encodeArtifact,
  exportOnnx,
  loadModel,
  type ModelArrays,
  type ModelSpec,
  makePredictor,
  type Predictor,
} from '../models/index.ts';
import type {JsonValue} from '../protocol/index.ts';
import {MillraceError} from '../protocol/index.ts';
import {checkRows} from './check-rows.ts';
import type {TrainerDefinition} from './definition.ts';
import {trainLinear} from './linear/train-linear.ts';
import {checkTrainingSets, type TrainingSet} from './training-set.ts';
import {trainTrees} from './trees/train-trees.ts';

export type TrainingProgress = {
  /** Trees or optimiser steps so far. */
  readonly iteration: number;
  /** Mean weighted losses. */
  readonly trainLoss: number;
  readonly validationLoss: number | null;
};

export type TrainOptions = {
  readonly train: TrainingSet;
  /** For early stopping and for the losses in the history; nothing else is learned from it. */
  readonly validation?: TrainingSet | undefined;
  readonly seed: number;
  /** Labels of a binary task are probabilities from 0 to 1, such as those of another model that is to be imitated. */
  readonly softLabels?: boolean | undefined;
  /** Worker threads. The model does not depend on it. */
  readonly threads?: number;
  /** Artifact of an earlier model of the same features, to which trees are added. */
  readonly init?: Uint8Array | undefined;
  readonly signal?: AbortSignal | undefined;
  readonly onProgress?: ((progress: TrainingProgress) => void) | undefined;
};

export type TrainedModel = {
  /** The artifact that `loadModel` reads. The same definition, data and seed give the same bytes. */
  readonly bytes: Uint8Array;
  readonly manifest: ModelSpec;
  readonly onnx: Uint8Array;
  readonly predictor: Predictor;
  readonly history: readonly TrainingProgress[];
  readonly seconds: number;
};

/** What a trainer gives back: the model's arrays and how they came about. */
export type Fitted = {
  readonly kind: ModelSpec['kind'];
  readonly task: ModelSpec['task'];
  readonly arrays: ModelArrays;
  readonly iterations: number;
  readonly history: readonly TrainingProgress[];
};

/** Changes when a trainer would make another model of the same data. */
const TRAINER_VERSION = 1;

/**
 * Trains on worker threads; the calling thread only copies the features once and stays responsive.
 * Throws TRAINING_FAILED for data that cannot be learned from or a thread that died, MODEL_INVALID for an
 * `init` that does not fit, and the signal's reason when aborted.
 */
export async function trainModel(definition: TrainerDefinition, options: TrainOptions): Promise<TrainedModel> {
  const {train, validation, seed, init} = options;
  const started = performance.now();
  const binary = definition.kind === 'logisticRegression' || definition.parameters.loss === 'logLoss';
  checkTrainingSets(train, validation, !binary ? 'number' : options.softLabels ? 'probability' : 'class');
  const parent = init === undefined ? null : checkInit(init, definition, train, binary);
  const fitted =
    definition.kind === 'logisticRegression'
      ? await trainLinear(definition.parameters, options)
      : await trainTrees(definition.parameters, options);
  const draft: ModelSpec = {
    format: 1,
    kind: fitted.kind,
    task: fitted.task,
    features: featureSpecs(train),
    trainer: {
      kind: definition.kind,
      version: TRAINER_VERSION,
      parameters: definition.parameters as unknown as {readonly [name: string]: JsonValue},
    },
    training: {
      rows: train.matrix.rows,
      validationRows: validation?.matrix.rows ?? 0,
      seed,
      iterations: fitted.iterations,
      parent,
    },
    checks: {rows: [], predictions: []},
  };
  const rows = checkRows(train.matrix);
  const draftPredictor = makePredictor(draft, fitted.arrays);
  const predictions = rows.map(row => draftPredictor.predictRow(Float64Array.from(row, x => x ?? Number.NaN)));
  const manifest: ModelSpec = {...draft, checks: {rows, predictions}};
  const bytes = encodeArtifact(manifest, fitted.arrays);
  const predictor = loadModel(bytes);
  const seconds = (performance.now() - started) / 1_000;
  return {bytes, manifest, onnx: exportOnnx(predictor), predictor, history: fitted.history, seconds};
}

function featureSpecs({matrix}: TrainingSet): ModelSpec['features'] {
  return matrix.names.map((name, f) =>
    matrix.kinds[f] === 'numeric'
      ? {name, kind: 'numeric'}
      : {name, kind: 'categorical', vocabulary: matrix.vocabularies?.[f] ?? []},
  );
}

/** An earlier model must speak of the same features, and its codes must mean the same categories. */
function checkInit(
  init: Uint8Array,
  definition: TrainerDefinition,
  train: TrainingSet,
  binary: boolean,
): ModelSpec['training']['parent'] {
  const {spec} = loadModel(init);
  const fail = (reason: string) =>
    new MillraceError('MODEL_INVALID', `Training cannot continue from this model: ${reason}.`, {
      fix: 'Train from scratch, or continue from a model of the same features, vocabularies and task.',
    });
  if (definition.kind === 'logisticRegression')
    throw fail('a logistic regression reaches the same optimum from anywhere, so it takes no earlier model');
  if (spec.kind !== 'trees') throw fail(`it is of kind '${spec.kind}', not 'trees'`);
  if (spec.task !== (binary ? 'binary' : 'regression')) throw fail(`its task is '${spec.task}'`);
  const now = featureSpecs(train);
  if (spec.features.length !== now.length)
    throw fail(`it has ${spec.features.length} features, the data ${now.length}`);
  spec.features.forEach(({name, kind, vocabulary = []}, f) => {
    const {name: given, kind: givenKind, vocabulary: longer = []} = now[f]!;
    if (name !== given || kind !== givenKind)
      throw fail(`its feature ${f} is ${kind} '${name}', that of the data ${givenKind} '${given}'`);
    if (vocabulary.some((category, code) => longer[code] !== category))
      throw fail(`the vocabulary of '${name}' is not an extension of the earlier one`);
  });
  return {iterations: spec.training.iterations, sha256: createHash('sha256').update(init).digest('hex')};
}
