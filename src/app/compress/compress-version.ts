import type {TrainingSet} from '../../datasets/index.ts';
import {exportOnnx, loadModel, type Predictor} from '../../models/index.ts';
import {MillraceError, type ModelVersion} from '../../protocol/index.ts';
import {championOf} from '../../registry/index.ts';
import {pinsOf} from '../catalogue/pins.ts';
import type {ModelDefinition} from '../definitions/model.ts';
import type {Runtime} from '../runtime/runtime.ts';
import {registerOutcome} from '../train/build-version.ts';
import {requestColumns} from '../train/request-inputs.ts';
import {trainingSetOf} from '../train/training-set.ts';
import {
  evaluationSplit,
  judgeModels,
  type SplitRows,
  splitOf,
  splitRows,
  trainingOf,
  trainReferences,
} from '../train/trial.ts';
import {applyMethods} from './apply-methods.ts';
import {type CompressionReport, compressionReport} from './compression-report.ts';
import {measureLatency} from './latency.ts';
import type {CompressionMethod} from './method.ts';

export type CompressOptions = {
  readonly version: ModelVersion;
  readonly methods: readonly CompressionMethod[];
  /** Put the smaller model through the trial of the definition and register it. */
  readonly register: boolean;
  /** Milliseconds with fractions, to measure latency by. */
  readonly now: () => number;
  readonly signal?: AbortSignal;
  readonly onStep?: (message: string, done: number, all: number) => void;
};

export type Compression = {
  readonly report: CompressionReport;
  readonly artifact: Uint8Array;
  /** Null unless it was to be registered. */
  readonly registered: ModelVersion | null;
};

/**
 * Makes a version smaller, and measures both on the test split of the training set that it came from, which is made again
 * as it was known then. Throws DEFINITION_INVALID if the features have changed since, MODEL_INVALID for a model that a
 * method cannot take.
 */
export async function compressVersion(
  runtime: Runtime,
  definition: ModelDefinition,
  options: CompressOptions,
): Promise<Compression> {
  const {version, methods, register, now, signal, onStep} = options;
  requireSameFeatures(definition, version);
  const artifact = await runtime.registry.artifact(version);
  const before = loadModel(artifact);
  const createdAt = runtime.clock.now();
  const {from, asOf} = version.dataset;
  const set = await trainingSetOf(runtime, definition, {from, asOf, createdAt, ...(onStep ? {onStep} : {})});
  const split = splitOf(definition, set);
  const rows = splitRows(set, split, before.spec.features);

  const started = now();
  const bytes = await applyMethods(
    artifact,
    methods,
    {train: rows.train.matrix, validation: rows.validation},
    {
      seed: definition.seed,
      threads: runtime.threads,
      ...(signal ? {signal} : {}),
      onProgress: (done, all) => onStep?.('distilling', done, all),
    },
  );
  const seconds = (now() - started) / 1_000;
  const after = loadModel(bytes);
  onStep?.('measuring', 0, 1);
  const report = reportOf(definition, version, set, rows, {before, after, bytes, now});
  if (!register) return {report, artifact: bytes, registered: null};
  const made = {bytes, predictor: after, seconds};
  return {report, artifact: bytes, registered: await registerSmaller(runtime, definition, options, set, rows, made)};
}

/** A version is served with the features that it was trained with; others would make another training set. */
function requireSameFeatures(definition: ModelDefinition, {version, featureSet}: ModelVersion): void {
  if (featureSet === undefined || featureSet.version === pinsOf(definition).featureSet.version) return;
  throw new MillraceError(
    'DEFINITION_INVALID',
    `The features of '${definition.name}' have changed since version ${version} was trained: its test split cannot be made again.`,
    {fix: 'Train a new version and compress that one, or bring the old definitions back.'},
  );
}

function reportOf(
  definition: ModelDefinition,
  {version, dataset, artifact}: ModelVersion,
  set: TrainingSet,
  {split, test}: SplitRows,
  sides: {before: Predictor; after: Predictor; bytes: Uint8Array; now: () => number},
): CompressionReport {
  const {before, after, bytes, now} = sides;
  const [was, is] = measureLatency([before, after], test.matrix, now);
  const {labels, columns} = evaluationSplit(definition, set, split.test);
  return compressionReport(
    {
      model: definition.name,
      version,
      steps: after.spec.compression ?? [],
      sameData: set.record.hash === dataset.hash,
    },
    {kind: before.spec.kind, bytes: artifact.bytes, latency: was!, scores: before.predictBatch(test.matrix)},
    {kind: after.spec.kind, bytes: bytes.length, latency: is!, scores: after.predictBatch(test.matrix)},
    {labels, columns, slices: definition.slices},
  );
}

/** The same trial as after any training: rivals, slices, gates; what fails it is registered as rejected. */
async function registerSmaller(
  runtime: Runtime,
  definition: ModelDefinition,
  {version, signal, onStep}: CompressOptions,
  set: TrainingSet,
  rows: SplitRows,
  {bytes, predictor, seconds}: {bytes: Uint8Array; predictor: Predictor; seconds: number},
): Promise<ModelVersion> {
  const {registry, threads, clock, log} = runtime;
  const plan = await registry.plan(definition.name);
  const champion = plan ? championOf(plan) : null;
  const incumbent =
    champion === null ? null : loadModel(await registry.artifact(await registry.version(definition.name, champion)));
  const trainOn = trainingOf(definition, {
    threads,
    ...(signal ? {signal} : {}),
    onProgress: (trainer, done, all) => onStep?.(`training ${trainer}`, done, all),
  });
  const references = await trainReferences(definition, rows, trainOn);
  const name = nameOf(predictor);
  const testScores = predictor.predictBatch(rows.test.matrix);
  const models = [{name, validation: predictor.predictBatch(rows.validation.matrix), test: testScores}];
  const report = judgeModels(definition, set, rows.split, {models, incumbent, references});
  const {labels} = rows.train;
  const outcome = {
    report,
    chosen: {bytes, manifest: predictor.spec, onnx: exportOnnx(predictor), predictor, history: [], seconds},
    companions: await registry.companions(version),
    train: rows.train.matrix,
    test: rows.test.matrix,
    testScores,
    testLabels: rows.test.labels,
    trainBaseRate: labels.reduce((sum, y) => sum + y, 0) / labels.length,
    requests: {
      train: requestColumns(definition, set, rows.split.train),
      test: requestColumns(definition, set, rows.split.test),
    },
    leakage: [],
  };
  return registerOutcome(runtime, definition, outcome, {
    createdAt: clock.now(),
    dataset: set.record.hash === version.dataset.hash ? version.dataset : set.record,
    incumbent: champion,
    parent: version.version,
    retrain: null,
    logPosition: log.end(),
  });
}

/** `gradientBoostedTrees-prune-quantise-8`. */
const nameOf = ({spec}: Predictor): string =>
  [spec.trainer.kind, ...(spec.compression ?? []).map(({method}) => method)].join('-');
