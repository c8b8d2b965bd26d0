import {randomUUID} from 'node:crypto';
import {buildTrainingSet, type TrainingSet} from '../../datasets/index.ts';
import type {ColumnSpec} from '../../protocol/index.ts';
import type {ModelDefinition} from '../definitions/model.ts';
import type {Runtime} from '../runtime/runtime.ts';
import {monitoredInputs} from './request-inputs.ts';
import {judgedColumns} from './trial.ts';

export type TrainingSetOptions = {
  /** Decisions from this time on (UTC ms). */
  readonly from: number;
  /** What was not known then is not used. */
  readonly asOf: number;
  /** When what is made exists. */
  readonly createdAt: number;
  readonly onStep?: (message: string, done: number, all: number) => void;
};

const AUDIT_ROWS = 200;

/** The training set of a model from all events in the log, with the columns that slices and baselines read. */
export async function trainingSetOf(
  {log, archive, sql}: Runtime,
  definition: ModelDefinition,
  {from, asOf, createdAt, onStep}: TrainingSetOptions,
): Promise<TrainingSet> {
  await archive.update(log.end());
  return buildTrainingSet(
    {
      name: definition.name,
      spine: definition.decisions,
      features: definition.features,
      label: definition.label,
      keep: keptColumns(definition),
    },
    {
      sql,
      relation: stream => archive.relation(stream),
      from,
      to: asOf,
      asOf,
      id: `${definition.name}-${new Date(asOf).toISOString().replaceAll(/\W/g, '')}-${randomUUID().slice(0, 8)}`,
      createdAt,
      auditRows: AUDIT_ROWS,
      seed: definition.seed,
      onView: (view, done, all) => onStep?.(`features of ${view}`, done, all),
    },
  );
}

/** Columns of the decisions that are read beside the features. */
function keptColumns(definition: ModelDefinition): string[] {
  const names = [...judgedColumns(definition), ...monitoredInputs(definition).map(({name}) => name)];
  return [...new Set(names)].filter(name => name in definition.decisions.schema);
}

/** Writes a training set as Parquet: `time`, `label`, then the features in order. Nothing half-written stands at `path`. */
export async function writeTrainingSet(
  {sql}: Runtime,
  {features}: ModelDefinition,
  set: TrainingSet,
  path: string,
): Promise<void> {
  const columns: ColumnSpec[] = [
    {name: 'time', type: 'time', nullable: false},
    {name: 'label', type: 'number', nullable: false},
    ...features.features.map(feature => ({...feature, nullable: true})),
  ];
  const data = {time: set.times, label: set.labels, ...set.features};
  await sql.writeParquet(path, columns, [{count: set.times.length, columns: data}]);
}
