/** What every model is put through before it may be registered: the same splits, the same rivals, the same gates. */
import {type RowRange, splitByTime, type TrainingSet} from '../../datasets/index.ts';
import {type EvaluationSplit, evaluate, type ScoredModel} from '../../evaluation/index.ts';
import {type FeatureSpec, type Matrix, type Predictor, sliceRows} from '../../models/index.ts';
import {columnRows, type EvaluationReport} from '../../protocol/index.ts';
import {type TrainedModel, type TrainerDefinition, trainModel} from '../../training/index.ts';
import type {ModelDefinition} from '../definitions/model.ts';
import {encodeMatrix} from './feature-matrix.ts';

export type Labelled = {readonly matrix: Matrix; readonly labels: Float64Array};

export type SplitRows = {
  readonly split: ReturnType<typeof splitByTime>;
  readonly all: Matrix;
  readonly train: Labelled;
  readonly validation: Labelled;
  readonly test: Labelled;
};

export const splitOf = ({split, label}: ModelDefinition, {times}: TrainingSet): SplitRows['split'] =>
  splitByTime(times, {...split, gapMs: label.withinMs});

/** The rows of a training set as a model of these features takes them. Nothing numeric is copied. */
export function splitRows(set: TrainingSet, split: SplitRows['split'], features: readonly FeatureSpec[]): SplitRows {
  const all = encodeMatrix(set.features, features, set.times.length);
  const part = ({from, to}: RowRange) => ({matrix: sliceRows(all, from, to), labels: set.labels.subarray(from, to)});
  return {split, all, train: part(split.train), validation: part(split.validation), test: part(split.test)};
}

export type TrainOn = (trainer: TrainerDefinition, rows: SplitRows, name: string) => Promise<TrainedModel>;

/** How this process trains: threads, progress, and what stops it. */
export function trainingOf(
  {seed}: ModelDefinition,
  {
    threads,
    signal,
    onProgress,
  }: {
    readonly threads: number;
    readonly signal?: AbortSignal;
    readonly onProgress?: (trainer: string, done: number, all: number) => void;
  },
): (...args: [...Parameters<TrainOn>, init?: Uint8Array]) => Promise<TrainedModel> {
  return (trainer, {train, validation}, name, init) => {
    const most = trainer.kind === 'gradientBoostedTrees' ? trainer.parameters.trees : trainer.parameters.maxIterations;
    return trainModel(trainer, {
      train,
      validation,
      seed,
      threads,
      init,
      signal,
      onProgress: onProgress && (({iteration}) => onProgress(name, iteration, most)),
    });
  };
}

export type Reference = {readonly name: string; readonly test: Float64Array; readonly bytes: Uint8Array};

/** The models of fewer features that a definition wants to be compared with. */
export async function trainReferences(
  {reduced, trainers}: ModelDefinition,
  rows: SplitRows,
  trainOn: TrainOn,
): Promise<Reference[]> {
  const references: Reference[] = [];
  for (const {name, inputs} of reduced) {
    const [train, validation, test] = [rows.train, rows.validation, rows.test].map(part => pick(part, inputs));
    const {predictor, bytes} = await trainOn(trainers.at(-1)!, {...rows, train: train!, validation: validation!}, name);
    references.push({name, bytes, test: predictor.predictBatch(test!.matrix)});
  }
  return references;
}

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

/** Puts scored models through the trial that their definition wrote down. */
export function judgeModels(
  definition: ModelDefinition,
  set: TrainingSet,
  split: SplitRows['split'],
  {
    models,
    incumbent,
    references,
  }: {
    readonly models: readonly ScoredModel[];
    readonly incumbent: Predictor | null;
    readonly references: readonly Reference[];
  },
): EvaluationReport {
  const rowsOf = (range: RowRange) => evaluationSplit(definition, set, range);
  const ofIncumbent = incumbent && {
    test: incumbent.predictBatch(splitRows(set, split, incumbent.spec.features).test.matrix),
  };
  return evaluate({
    splits: {train: rowsOf(split.train), validation: rowsOf(split.validation), test: rowsOf(split.test)},
    gapMs: split.gapMs,
    models,
    incumbent: ofIncumbent,
    baselines: definition.baselines,
    references,
    slices: definition.slices,
    gates: definition.gates,
  });
}

/** Labels of a stretch of rows, and the columns that slices and baselines read. */
export function evaluationSplit(definition: ModelDefinition, set: TrainingSet, {from, to}: RowRange): EvaluationSplit {
  const columnsOf = {...set.features, ...set.kept};
  return {
    labels: set.labels.subarray(from, to),
    columns: Object.fromEntries(judgedColumns(definition).map(name => [name, columnRows(columnsOf[name]!, from, to)])),
    from: set.times[from]!,
    to: set.times[to - 1]! + 1,
  };
}

/** Columns that slices and baselines read. */
export function judgedColumns({slices, baselines}: Pick<ModelDefinition, 'slices' | 'baselines'>): string[] {
  return [
    ...new Set([
      ...slices.map(s => s.column),
      ...baselines.flatMap(b => (b.kind === 'historical-rate' ? [b.column] : [])),
    ]),
  ];
}
