import type {TrainingSet} from '../../datasets/index.ts';
import {singleFeatureLeakage} from '../../evaluation/index.ts';
import type {Matrix, Predictor} from '../../models/index.ts';
import type {EvaluationReport, LeakageFinding} from '../../protocol/index.ts';
import type {TrainedModel, TrainerDefinition} from '../../training/index.ts';
import type {ModelDefinition} from '../definitions/model.ts';
import {learnEncoding} from './feature-matrix.ts';
import {type RequestColumns, requestColumns} from './request-inputs.ts';
import {judgeModels, splitOf, splitRows, trainingOf, trainReferences} from './trial.ts';

export type TrainOptions = {
  readonly threads: number;
  /** The version in production, to be compared with; null for a first version. */
  readonly incumbent: Predictor | null;
  /** Continue from this model instead of starting anew; only trainers of the same kind do. */
  readonly warmStart: {readonly predictor: Predictor; readonly artifact: Uint8Array} | null;
  readonly signal?: AbortSignal;
  readonly onProgress?: (trainer: string, done: number, all: number) => void;
};

/** All that came of one training: every candidate judged, the best one ready to be registered. */
export type TrainOutcome = {
  readonly report: EvaluationReport;
  readonly chosen: TrainedModel;
  /** Artifacts of the simpler models that the serving policy names, by name. */
  readonly companions: ReadonlyMap<string, Uint8Array>;
  /** The whole training set as the chosen model takes it, and its splits. */
  readonly train: Matrix;
  readonly test: Matrix;
  readonly testScores: Float64Array;
  readonly testLabels: Float64Array;
  readonly trainBaseRate: number;
  /** Fields of requests, of the training and of the test split. */
  readonly requests: {readonly train: RequestColumns; readonly test: RequestColumns};
  readonly leakage: readonly LeakageFinding[];
};

/** Trains every candidate of a model and puts them through the trial that its definition wrote down. */
export async function trainCandidates(
  definition: ModelDefinition,
  set: TrainingSet,
  options: TrainOptions,
): Promise<TrainOutcome> {
  const {inputs, categorical, trainers, seed} = definition;
  const split = splitOf(definition, set);
  const rows = splitRows(set, split, learnEncoding(set.features, inputs, categorical, split.train));
  const {all, train, validation, test} = rows;
  const leakage = singleFeatureLeakage(
    {names: all.names, columns: train.matrix.columns, kinds: all.kinds},
    train.labels,
    {seed},
  );

  const trainOn = trainingOf(definition, options);
  const trained: {readonly trainer: TrainerDefinition; readonly model: TrainedModel}[] = [];
  for (const trainer of trainers) {
    const init = continues(trainer, options.warmStart) ? options.warmStart?.artifact : undefined;
    trained.push({trainer, model: await trainOn(trainer, rows, trainer.name, init)});
  }
  const references = await trainReferences(definition, rows, trainOn);

  const models = trained.map(({trainer: {name}, model: {predictor}}) => ({
    name,
    validation: predictor.predictBatch(validation.matrix),
    test: predictor.predictBatch(test.matrix),
  }));
  const report = judgeModels(definition, set, split, {models, incumbent: options.incumbent, references});
  const simpler = new Set(definition.serving.fallback.flatMap(step => (step.kind === 'simpler' ? [step.model] : [])));
  const bytesOf = [
    ...trained.map(({trainer, model}) => [trainer.name, model.bytes] as const),
    ...references.map(({name, bytes}) => [name, bytes] as const),
  ];
  return {
    report,
    chosen: trained.find(({trainer}) => trainer.name === report.chosen)!.model,
    companions: new Map(bytesOf.filter(([name]) => simpler.has(name))),
    train: train.matrix,
    test: test.matrix,
    testScores: models.find(({name}) => name === report.chosen)!.test,
    testLabels: test.labels,
    trainBaseRate: train.labels.reduce((sum, y) => sum + y, 0) / train.labels.length,
    requests: {
      train: requestColumns(definition, set, split.train),
      test: requestColumns(definition, set, split.test),
    },
    leakage,
  };
}

/** Quantised trees cannot be added to. */
function continues(trainer: TrainerDefinition, warmStart: TrainOptions['warmStart']): boolean {
  return trainer.kind === 'gradientBoostedTrees' && warmStart?.predictor.spec.kind === 'trees';
}
