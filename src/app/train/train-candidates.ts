import {type RowRange, splitByTime, type TrainingSet} from '../../datasets/index.ts';
import {type EvaluationSplit, evaluate, singleFeatureLeakage} from '../../evaluation/index.ts';
import {type Matrix, type Predictor, sliceRows} from '../../models/index.ts';
import {columnRows, type EvaluationReport, type LeakageFinding} from '../../protocol/index.ts';
import {type TrainedModel, type TrainerDefinition, trainModel} from '../../training/index.ts';
import type {ModelDefinition} from '../definitions/model.ts';
import {encodeMatrix, learnEncoding} from './feature-matrix.ts';

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
  readonly trainBaseRate: number;
  readonly leakage: readonly LeakageFinding[];
};

type Labelled = {readonly matrix: Matrix; readonly labels: Float64Array};
type Part = {readonly train: Labelled; readonly validation: Labelled};

/** The same rows with these features only. */
function pick({matrix, labels}: Labelled, names: readonly string[]): Labelled {
  const at = names.map(name => matrix.names.indexOf(name));
  const of = <T>(values: readonly T[]): T[] => at.map(i => values[i]!);
  const {vocabularies} = matrix;
  return {
    labels,
    matrix: {
      rows: matrix.rows,
      names: of(matrix.names),
      kinds: of(matrix.kinds),
      columns: of(matrix.columns),
      ...(vocabularies ? {vocabularies: of(vocabularies)} : {}),
    },
  };
}

/** Trains every candidate of a model and puts them through the trial that its definition wrote down. */
export async function trainCandidates(
  definition: ModelDefinition,
  set: TrainingSet,
  options: TrainOptions,
): Promise<TrainOutcome> {
  const {inputs, categorical, trainers, slices, label, seed} = definition;
  const rows = set.times.length;
  const split = splitByTime(set.times, {...definition.split, gapMs: label.withinMs});
  const encoding = learnEncoding(set.features, inputs, categorical, split.train);
  const all = encodeMatrix(set.features, encoding, rows);
  const part = ({from, to}: RowRange) => ({
    matrix: sliceRows(all, from, to),
    labels: set.labels.subarray(from, to),
  });
  const [train, validation, test] = [part(split.train), part(split.validation), part(split.test)];
  const leakage = singleFeatureLeakage(
    {names: all.names, columns: train.matrix.columns, kinds: all.kinds},
    train.labels,
    {seed},
  );

  const trainOn = (trainer: TrainerDefinition, on: Part, name: string, init: Uint8Array | undefined) => {
    const {signal, onProgress, threads} = options;
    const most = trainer.kind === 'gradientBoostedTrees' ? trainer.parameters.trees : trainer.parameters.maxIterations;
    return trainModel(trainer, {
      train: on.train,
      validation: on.validation,
      seed,
      threads,
      init,
      signal,
      onProgress: onProgress && (({iteration}) => onProgress(name, iteration, most)),
    });
  };
  const trained: {readonly trainer: TrainerDefinition; readonly model: TrainedModel}[] = [];
  for (const trainer of trainers) {
    const {warmStart} = options;
    const continues =
      warmStart?.predictor.spec.trainer.kind === trainer.kind && trainer.kind === 'gradientBoostedTrees';
    const model = await trainOn(trainer, {train, validation}, trainer.name, continues ? warmStart.artifact : undefined);
    trained.push({trainer, model});
  }
  const simpler = new Set(definition.serving.fallback.flatMap(step => (step.kind === 'simpler' ? [step.model] : [])));
  const reducedBytes = new Map<string, Uint8Array>();
  const references: {readonly name: string; readonly test: Float64Array}[] = [];
  for (const {name, inputs: fewer} of definition.reduced) {
    const {predictor, bytes} = await trainOn(
      trainers.at(-1)!,
      {train: pick(train, fewer), validation: pick(validation, fewer)},
      name,
      undefined,
    );
    reducedBytes.set(name, bytes);
    references.push({name, test: predictor.predictBatch(pick(test, fewer).matrix)});
  }

  const scores = new Map(
    trained.map(({trainer, model: {predictor}}) => [
      trainer.name,
      {validation: predictor.predictBatch(validation.matrix), test: predictor.predictBatch(test.matrix)},
    ]),
  );
  const incumbent = options.incumbent && {
    test: options.incumbent.predictBatch(
      sliceRows(encodeMatrix(set.features, options.incumbent.spec.features, rows), split.test.from, split.test.to),
    ),
  };
  const columnsOf = {...set.features, ...set.kept};
  const rowsOf = ({from, to}: RowRange): EvaluationSplit => ({
    labels: set.labels.subarray(from, to),
    columns: Object.fromEntries(judgedColumns(definition).map(name => [name, columnRows(columnsOf[name]!, from, to)])),
    from: set.times[from]!,
    to: set.times[to - 1]! + 1,
  });
  const report = evaluate({
    splits: {train: rowsOf(split.train), validation: rowsOf(split.validation), test: rowsOf(split.test)},
    gapMs: split.gapMs,
    models: [...scores].map(([name, s]) => ({name, ...s})),
    incumbent,
    baselines: definition.baselines,
    references,
    slices,
    gates: definition.gates,
  });
  const chosen = trained.find(({trainer}) => trainer.name === report.chosen)!.model;
  const trainBaseRate = train.labels.reduce((sum, y) => sum + y, 0) / train.labels.length;
  const trainedBytes = trained.map(({trainer, model}) => [trainer.name, model.bytes] as const);
  return {
    report,
    chosen,
    companions: new Map([...trainedBytes, ...reducedBytes].filter(([name]) => simpler.has(name))),
    train: train.matrix,
    test: test.matrix,
    testScores: scores.get(report.chosen)!.test,
    trainBaseRate,
    leakage,
  };
}

/** Columns that slices and baselines read. */
export function judgedColumns({slices, baselines}: ModelDefinition): string[] {
  return [
    ...new Set([
      ...slices.map(s => s.column),
      ...baselines.flatMap(b => (b.kind === 'historical-rate' ? [b.column] : [])),
    ]),
  ];
}
