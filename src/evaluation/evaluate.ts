/** The trial of a training: models against baselines and the incumbent, on data that none of them was fitted on. */

import {logLoss} from '../math/index.ts';
import {
  type CandidateReport,
  type EvaluationReport,
  type GateResult,
  MillraceError,
  type SplitReport,
} from '../protocol/index.ts';
import {type BaselineDefinition, type BaselineRows, fitBaseline} from './baselines.ts';
import type {Gate} from './gates.ts';
import {type Contender, judgeGate} from './judge-gate.ts';
import {calibrationBins, metricsOf} from './metrics.ts';
import {groupRows, type SliceDefinition, type SliceGroups, sliceReports} from './slices.ts';

/** One split: labels (0 or 1) and the spine's columns, row by row; `[from, to)` of the spine's time. */
export type EvaluationSplit = BaselineRows & {readonly from: number; readonly to: number};

/** Probabilities of one model on the rows of two splits. */
export type ScoredModel = {readonly name: string; readonly validation: Float64Array; readonly test: Float64Array};

export type EvaluationInput = {
  readonly splits: {
    readonly train: EvaluationSplit;
    readonly validation: EvaluationSplit;
    readonly test: EvaluationSplit;
  };
  /** Time between one split and the next. */
  readonly gapMs: number;
  readonly models: readonly ScoredModel[];
  /** The version in production, scored on the same test rows; null for a first version. */
  readonly incumbent: {readonly test: Float64Array} | null;
  readonly baselines: readonly BaselineDefinition[];
  /** Models that are there to be compared with, such as one with fewer features: never chosen. */
  readonly references?: readonly {readonly name: string; readonly test: Float64Array}[];
  readonly slices: readonly SliceDefinition[];
  readonly gates: readonly Gate[];
};

/**
 * Chooses the model with the lowest log loss on the validation split, reports every candidate on the test
 * split and puts the chosen one through the gates. `passed` is: all of them passed.
 * Throws DATASET_EMPTY for a split without rows, MODEL_INVALID for scores that are no probabilities,
 * NAME_UNKNOWN for a slice column or a rival that does not exist.
 */
export function evaluate(input: EvaluationInput): EvaluationReport {
  const {train, validation, test} = input.splits;
  for (const [name, split] of Object.entries(input.splits)) checkRows(name, split);
  if (input.models.length === 0) throw new TypeError('evaluate: there is no model to evaluate.');
  for (const model of input.models) {
    checkScores(model.name, 'validation', model.validation, validation);
    checkScores(model.name, 'test', model.test, test);
  }
  if (input.incumbent) checkScores('incumbent', 'test', input.incumbent.test, test);
  const references = input.references ?? [];
  for (const {name, test: scores} of references) checkScores(name, 'test', scores, test);

  const chosen = input.models
    .map(model => ({name: model.name, loss: logLoss(model.validation, validation.labels)}))
    .reduce((best, next) => (next.loss < best.loss ? next : best)).name;

  const entries: {readonly name: string; readonly kind: CandidateReport['kind']; readonly scores: Float64Array}[] = [
    ...input.models.map(({name, test: scores}) => ({name, kind: 'model' as const, scores})),
    ...input.baselines.map(definition => {
      const fitted = fitBaseline(definition, train);
      return {name: fitted.name, kind: 'baseline' as const, scores: fitted.score(test)};
    }),
    ...references.map(({name, test: scores}) => ({name, kind: 'baseline' as const, scores})),
    ...(input.incumbent ? [{name: 'incumbent', kind: 'incumbent' as const, scores: input.incumbent.test}] : []),
  ];
  checkNames(entries.map(({name}) => name));

  const groups = input.slices.map(definition => groupRows(definition, sliceColumn(definition, test)));
  const contenders: Contender[] = [];
  const candidates = entries.map(({name, kind, scores}): CandidateReport => {
    const metrics = metricsOf(scores, test.labels);
    contenders.push({name, scores, metrics});
    return {
      name,
      kind,
      metrics,
      calibration: calibrationBins(scores, test.labels),
      slices: groups.flatMap(group => sliceReports(group, scores, test.labels)),
    };
  });
  const gates = judgeAll(input.gates, chosen, contenders, entries.length - input.models.length, test, groups);

  return {
    splits: (['train', 'validation', 'test'] as const).map(name => splitReport(name, input.splits[name])),
    gapMs: input.gapMs,
    candidates,
    chosen,
    gates,
    passed: gates.every(gate => gate.passed),
  };
}

function judgeAll(
  gates: readonly Gate[],
  chosenName: string,
  contenders: readonly Contender[],
  rivalCount: number,
  test: EvaluationSplit,
  slices: readonly SliceGroups[],
): GateResult[] {
  const chosen = contenders.find(({name}) => name === chosenName)!;
  const rivals = contenders.slice(contenders.length - rivalCount);
  return gates.map(gate => judgeGate(gate, {chosen, rivals, labels: test.labels, slices}));
}

function splitReport(name: SplitReport['name'], {labels, from, to}: EvaluationSplit): SplitReport {
  return {name, from, to, rows: labels.length, positives: labels.reduce((sum, label) => sum + label, 0)};
}

function checkRows(name: string, {labels}: EvaluationSplit): void {
  if (labels.length === 0)
    throw new MillraceError('DATASET_EMPTY', `The ${name} split has no rows.`, {
      fix: 'Take a longer time range, or smaller gaps between the splits.',
    });
}

function checkScores(model: string, split: string, scores: Float64Array, {labels}: EvaluationSplit): void {
  if (scores.length !== labels.length)
    throw new TypeError(`evaluate: ${model} has ${scores.length} scores for ${labels.length} rows of ${split}.`);
  for (let i = 0; i < scores.length; i++)
    if (!(scores[i]! >= 0 && scores[i]! <= 1))
      throw new MillraceError('MODEL_INVALID', `${model} predicts ${scores[i]} for row ${i} of the ${split} split.`, {
        fix: 'A model must predict probabilities between 0 and 1; look for NaN in its parameters.',
      });
}

function checkNames(names: readonly string[]): void {
  const twice = names.find((name, i) => names.indexOf(name) !== i);
  if (twice !== undefined)
    throw new MillraceError('DEFINITION_INVALID', `Two candidates of one evaluation are called '${twice}'.`, {
      fix: 'Give each model and each baseline a name of its own.',
    });
}

function sliceColumn({column}: SliceDefinition, {columns}: EvaluationSplit) {
  const data = columns[column];
  if (data) return data;
  throw new MillraceError('NAME_UNKNOWN', `A slice looks into '${column}', which is no column of the spine.`, {
    fix: `Take one of ${Object.keys(columns).join(', ')}.`,
  });
}
