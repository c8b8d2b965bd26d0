import {createHash} from 'node:crypto';
import {sampleIndices, seededRandom} from '../../math/index.ts';
import {loadModel, type Matrix} from '../../models/index.ts';
import {checkOnnx} from '../../models/onnxruntime/index.ts';
import {
  buildTrainingProfile,
  profileSlices,
  sampleReferenceRows,
  type TrainingProfile,
} from '../../monitoring/index.ts';
import {canonicalJson, type JsonValue, MillraceError, type ModelVersion} from '../../protocol/index.ts';
import {championOf, type OnnxExport} from '../../registry/index.ts';
import {pinsOf} from '../catalogue/pins.ts';
import {recordDefinitions} from '../catalogue/record-definitions.ts';
import type {ModelDefinition} from '../definitions/model.ts';
import type {Runtime} from '../runtime/runtime.ts';
import {saveReferenceRows} from './reference-rows.ts';
import {profiledInputs, profiledRows} from './request-inputs.ts';
import {type TrainOutcome, trainCandidates} from './train-candidates.ts';
import {type TrainingSetOptions, trainingSetOf} from './training-set.ts';

export type BuildVersionOptions = TrainingSetOptions & {
  readonly retrain: string | null;
  readonly warmStart: boolean;
  readonly signal?: AbortSignal;
};

/** Rows on which an exported model is compared with ONNX Runtime before it is registered. */
const ONNX_ROWS = 2_000;

/** The pipeline of a training: training set, candidates, trial, export check, registration. */
export async function buildVersion(
  runtime: Runtime,
  definition: ModelDefinition,
  options: BuildVersionOptions,
): Promise<ModelVersion> {
  const {log, registry, threads} = runtime;
  const {createdAt, onStep} = options;
  await recordDefinitions(runtime.metadata, runtime.project, runtime.clock.now());
  const logPosition = log.end();
  const set = await trainingSetOf(runtime, definition, options);
  const leak = set.record.leakage.find(finding => finding.severity === 'block');
  if (leak) throw new MillraceError('LEAKAGE', `${leak.feature}: ${leak.message}`);

  const plan = await registry.plan(definition.name);
  const champion = plan ? championOf(plan) : null;
  const artifact =
    champion === null ? null : await registry.artifact(await registry.version(definition.name, champion));
  const incumbent = artifact === null ? null : loadModel(artifact);
  const outcome = await trainCandidates(definition, set, {
    threads,
    incumbent,
    warmStart: options.warmStart && artifact !== null && incumbent !== null ? {artifact, predictor: incumbent} : null,
    ...(options.signal ? {signal: options.signal} : {}),
    onProgress: (trainer, done, all) => onStep?.(`training ${trainer}`, done, all),
  });
  onStep?.('checking the ONNX export', 0, 1);
  return registerOutcome(runtime, definition, outcome, {
    createdAt,
    dataset: {...set.record, leakage: [...set.record.leakage, ...outcome.leakage]},
    incumbent: champion,
    parent: outcome.chosen.manifest.training.parent === null ? null : champion,
    retrain: options.retrain,
    logPosition,
  });
}

export type Registration = Pick<ModelVersion, 'createdAt' | 'dataset'> &
  Pick<ModelVersion['lineage'], 'incumbent' | 'parent' | 'retrain' | 'logPosition'>;

/** Checks the ONNX export, registers the chosen model, and keeps what its training data looked like. */
export async function registerOutcome(
  runtime: Pick<Runtime, 'registry' | 'objects'>,
  definition: ModelDefinition,
  outcome: TrainOutcome,
  {createdAt, dataset, incumbent, parent, retrain, logPosition}: Registration,
): Promise<ModelVersion> {
  const {report, chosen} = outcome;
  const {trainer, compression, features} = chosen.manifest;
  const onnx = await checkExport(outcome, definition.seed);
  const importance = chosen.predictor.importance();
  const version = await runtime.registry.register({
    model: definition.name,
    createdAt,
    algorithm: report.chosen,
    parameters: {...trainer.parameters, ...(compression ? {compression: compression as unknown as JsonValue} : {})},
    features: features.map(({name, kind}, i) => ({name, kind, importance: importance[i]!.share})),
    ...pinsOf(definition),
    dataset,
    metrics: report.candidates.find(c => c.name === report.chosen)!.metrics,
    evaluation: report,
    lineage: {
      incumbent,
      parent,
      retrain,
      definitionHash: createHash('sha256').update(canonicalJson(definition)).digest('hex'),
      logPosition,
      seed: definition.seed,
    },
    trainingSeconds: chosen.seconds,
    bytes: chosen.bytes,
    onnx,
    companions: outcome.companions,
  });
  await saveProfile(runtime, profileOf(definition, version, outcome));
  const rows = sampleReferenceRows(outcome.test, outcome.testScores, outcome.testLabels, seededRandom(definition.seed));
  await saveReferenceRows(runtime, definition.name, version.version, rows);
  return version;
}

async function checkExport({chosen, test}: TrainOutcome, seed: number): Promise<OnnxExport> {
  const rows = sampleIndices(test.rows, ONNX_ROWS, seededRandom(seed));
  const sample: Matrix = {
    ...test,
    rows: rows.length,
    columns: test.columns.map(column => Float64Array.from(rows, row => column[row]!)),
  };
  try {
    const {maxDifference} = await checkOnnx(chosen.onnx, sample, chosen.predictor.predictBatch(sample));
    return {bytes: chosen.onnx, maxDifference, rows: sample.rows};
  } catch (error) {
    // Serving needs no ONNX Runtime: without it the export is kept and said to be unchecked.
    if (error instanceof MillraceError && error.code === 'PACKAGE_MISSING')
      return {bytes: chosen.onnx, maxDifference: null, rows: 0};
    throw error;
  }
}

function profileOf(
  definition: ModelDefinition,
  {model, version, features, metrics}: ModelVersion,
  {chosen, train, test, testScores, trainBaseRate, requests}: TrainOutcome,
): TrainingProfile {
  const profile = buildTrainingProfile({
    model,
    version,
    baseRate: trainBaseRate,
    features: features.map(({name, kind, importance}, i) => {
      const vocabulary = chosen.manifest.features[i]!.vocabulary;
      return {name, kind, importance, values: train.columns[i]!, ...(vocabulary ? {vocabulary} : {})};
    }),
    inputs: profiledInputs(definition, requests.train),
    predictions: testScores,
    test: metrics,
  });
  const {slices} = definition.monitor;
  if (slices.length === 0) return profile;
  const trained = profiledRows(definition, train, requests.train);
  const tested = {...profiledRows(definition, test, requests.test), scores: testScores};
  return {...profile, slices: profileSlices(profile, slices, trained, tested)};
}

const profileName = (model: string, version: number): string => `profiles/${model}/${version}.json`;

async function saveProfile({objects}: Pick<Runtime, 'objects'>, profile: TrainingProfile): Promise<void> {
  await objects.put(profileName(profile.model, profile.version), new TextEncoder().encode(JSON.stringify(profile)));
}

/** What the training data of a version looked like. Throws STORE_CORRUPT if it is gone. */
export async function loadProfile(
  {objects}: Pick<Runtime, 'objects'>,
  model: string,
  version: number,
): Promise<TrainingProfile> {
  const bytes = await objects.get(profileName(model, version));
  if (!bytes)
    throw new MillraceError('STORE_CORRUPT', `The training profile of version ${version} of '${model}' is gone.`, {
      fix: 'Restore the data folder, or train again.',
    });
  return JSON.parse(new TextDecoder().decode(bytes)) as TrainingProfile;
}
