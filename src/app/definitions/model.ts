import type {RetrainPolicy} from '../../continual/index.ts';
import type {BaselineDefinition, Gate, SliceDefinition} from '../../evaluation/index.ts';
import type {Source} from '../../events/index.ts';
import type {RolloutPolicy} from '../../experiments/index.ts';
import type {FeatureSet} from '../../features/index.ts';
import type {FeedbackSchema, Label} from '../../labels/index.ts';
import {columnProblems, type MonitorPolicy} from '../../monitoring/index.ts';
import {type Problem, requireValid, type Schema} from '../../protocol/index.ts';
import {type ServingPolicy, servingPolicy} from '../../serving/index.ts';
import type {TrainerDefinition} from '../../training/index.ts';
import {type ConsistencyPolicy, consistencyPolicy} from '../consistency/policy.ts';
import {servedColumns} from '../quality/served-columns.ts';

/** A supervised model: what is decided, from what, how it is trained, judged, watched, renewed and released. Frozen data. */
export interface ModelDefinition {
  readonly kind: 'model';
  readonly name: string;
  readonly description: string;
  readonly owner: string;
  /** Each event of this stream is a decision; its id is the prediction's. */
  readonly decisions: Source;
  readonly features: FeatureSet;
  /** The features it reads, in order. */
  readonly inputs: readonly string[];
  /** Features taken as categories; strings always are. */
  readonly categorical: readonly string[];
  readonly label: Label;
  readonly trainers: readonly TrainerDefinition[];
  readonly baselines: readonly BaselineDefinition[];
  /** The same trainer on fewer features, to show what the others add. Rivals by name in gates; never deployed. */
  readonly reduced: readonly ReducedModel[];
  readonly slices: readonly SliceDefinition[];
  readonly gates: readonly Gate[];
  readonly monitor: MonitorPolicy;
  readonly consistency: ConsistencyPolicy;
  readonly retrain: RetrainPolicy | null;
  readonly rollout: RolloutPolicy;
  readonly serving: ServingPolicy;
  /** Where what people say of a prediction goes, if it is asked for. */
  readonly feedback: Source | null;
  /** Shares of the rows in time; what is left is the test split. */
  readonly split: {readonly train: number; readonly validation: number};
  readonly seed: number;
}

export type ReducedModel<F extends string = string> = {readonly name: string; readonly inputs: readonly F[]};

export type ModelOptions<Q extends Schema, F, S extends Schema> = {
  readonly description?: string;
  readonly owner?: string;
  readonly decisions: Source<string, S>;
  readonly features: FeatureSet<Q, F>;
  /** All features of the set unless told. */
  readonly inputs?: readonly (keyof F & string)[];
  readonly categorical?: readonly (keyof F & string)[];
  readonly label: Label;
  readonly trainers: readonly TrainerDefinition[];
  readonly baselines: readonly BaselineDefinition[];
  readonly reduced?: readonly ReducedModel<keyof F & string>[];
  readonly slices?: readonly SliceDefinition[];
  readonly gates: readonly Gate[];
  /** Its checks of quality name features, fields of the request, or `prediction`. */
  readonly monitor: MonitorPolicy<NoInfer<(keyof F | keyof Q | 'prediction') & string>>;
  /** How served features are compared with what the event log gives; daily unless told. */
  readonly consistency?: ConsistencyPolicy;
  readonly retrain?: RetrainPolicy;
  readonly rollout: RolloutPolicy;
  /** How it answers, and what it does when it cannot; without fallback unless told. */
  readonly serving?: ServingPolicy;
  /** A stream declared with `feedback`. */
  readonly feedback?: Source<string, FeedbackSchema>;
  readonly split?: {readonly train: number; readonly validation: number};
  readonly seed?: number;
};

/** Names of models are parts of addresses and of the names of files. */
const NAME = /^[A-Za-z0-9][A-Za-z0-9._-]{0,62}$/;

/** What has no default. Project files are run as they are written, whatever a compiler would say of them. */
const REQUIRED = ['decisions', 'features', 'label', 'trainers', 'baselines', 'gates', 'monitor', 'rollout'] as const;

/** Declares a model. Throws DEFINITION_INVALID naming every problem at once; what is left out first. */
export function model<const N extends string, Q extends Schema, F, S extends Schema>(
  name: N,
  options: ModelOptions<Q, F, S>,
): ModelDefinition {
  const left = REQUIRED.filter(key => options[key] === undefined);
  requireValid(
    `Model '${name}'`,
    left.map(key => ({path: key, message: `It has no ${key}.`, fix: `Give it ${key}: it has no default.`})),
  );
  const {decisions, features, label, trainers, slices = [], baselines} = options;
  const known = features.features.map(feature => feature.name);
  const inputs: readonly string[] = options.inputs ?? known;
  const {train, validation} = options.split ?? {train: 0.7, validation: 0.15};
  const problems: Problem[] = [];
  const problem = (path: string, message: string) => problems.push({path, message});
  if (!NAME.test(name))
    problem('name', `'${name}' is no name: letters, digits, '.', '_' and '-' make one, 63 at most.`);
  for (const input of inputs)
    if (!known.includes(input)) problem('inputs', `'${input}' is no feature of '${features.name}'.`);
  for (const {name: reduced, inputs: fewer} of options.reduced ?? [])
    for (const input of fewer)
      if (!inputs.includes(input)) problem(`reduced.${reduced}`, `'${input}' is no input of the model.`);
  for (const name of options.categorical ?? [])
    if (!known.includes(name)) problem('categorical', `'${name}' is no feature of '${features.name}'.`);
  if ('id' in features.request)
    problem('features', "A request cannot carry a field 'id': that is the id of the prediction.");
  for (const [field, {type}] of Object.entries(features.request))
    if (decisions.schema[field]?.type !== type)
      problem('decisions', `'${decisions.name}' has no ${type} column '${field}', which a request carries.`);
  for (const {column} of slices)
    if (!(column in decisions.schema) && !known.includes(column))
      problem('slices', `'${column}' is neither a column of '${decisions.name}' nor a feature.`);
  for (const baseline of baselines)
    if (baseline.kind === 'historical-rate' && !(baseline.column in decisions.schema))
      problem('baselines', `'${baseline.column}' is no column of '${decisions.name}'.`);
  const {loop} = options.monitor;
  if (loop && !(loop.item in features.request)) problem('monitor.loop', `'${loop.item}' is no field of the request.`);
  for (const name of options.monitor.slices)
    if (!inputs.includes(name) && (features.request[name]?.type ?? 'time') === 'time')
      problem(
        'monitor.slices',
        `'${name}' is neither a feature that the model reads nor a field of the request${name in features.request ? ' other than a time' : ''}.`,
      );
  problems.push(...columnProblems(options.monitor.quality, servedColumns(features as FeatureSet)));
  const serving = options.serving ?? servingPolicy();
  const beside = [...trainers.map(trainer => trainer.name), ...(options.reduced ?? []).map(reduced => reduced.name)];
  for (const step of serving.fallback)
    if (step.kind === 'simpler' && !beside.includes(step.model))
      problem(
        'serving.fallback',
        `'${step.model}' is neither a trainer nor a reduced model; there are ${beside.join(', ')}.`,
      );
  if (serving.sticky && !(serving.sticky.by in features.request))
    problem('serving.sticky', `'${serving.sticky.by}' is no field of the request.`);
  if (trainers.length === 0) problem('trainers', 'There is no trainer.');
  if (new Set(trainers.map(t => t.name)).size < trainers.length) problem('trainers', 'Two trainers share a name.');
  if (!(train > 0 && validation > 0 && train + validation < 1))
    problem('split', 'Shares must be above 0 and leave something for the test.');
  requireValid(`Model '${name}'`, problems);
  return Object.freeze({
    kind: 'model',
    name,
    description: options.description ?? '',
    owner: options.owner ?? '',
    decisions,
    features: features as FeatureSet,
    inputs,
    categorical: options.categorical ?? [],
    label,
    trainers,
    baselines,
    reduced: options.reduced ?? [],
    slices,
    gates: options.gates,
    monitor: options.monitor,
    consistency: options.consistency ?? consistencyPolicy(),
    retrain: options.retrain ?? null,
    rollout: options.rollout,
    serving,
    feedback: (options.feedback as Source | undefined) ?? null,
    split: {train, validation},
    seed: options.seed ?? 1,
  });
}
