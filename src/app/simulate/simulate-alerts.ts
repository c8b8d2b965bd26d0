/** Which alerts the written policy of a model leads to: on windows that have been, or on ones in which nothing changes. */

import {
  type AlertBudget,
  cleanWindows,
  type ExpectedAlerts,
  expectedAlerts,
  type MonitorPolicy,
  type PolicyReplay,
  replayPolicy,
  solveBudget,
  type TrainingProfile,
} from '../../monitoring/index.ts';
import {MillraceError, type ModelVersion, type MonitorWindow} from '../../protocol/index.ts';
import {championOf} from '../../registry/index.ts';
import type {ModelDefinition} from '../definitions/model.ts';
import type {Runtime} from '../runtime/runtime.ts';
import {loadProfile} from '../train/build-version.ts';
import {loadReferenceRows} from '../train/reference-rows.ts';

export type AlertSimulation = {
  /** `history`: windows as they were monitored, troubles included. `clean`: rows of the test split, drawn anew. */
  readonly source: 'history' | 'clean';
  readonly replay: PolicyReplay;
  readonly expected: readonly ExpectedAlerts[];
  /** The policy that keeps to the budget that was given; null without one. */
  readonly solved: {
    readonly policy: MonitorPolicy;
    readonly kept: boolean;
    readonly expected: readonly ExpectedAlerts[];
  } | null;
};

/** Windows without which a history says nothing about weeks. */
export const LEAST_HISTORY = 8;

export function simulateHistory(
  {monitor}: ModelDefinition,
  windows: readonly MonitorWindow[],
  version: ModelVersion,
  budget: AlertBudget | null,
): AlertSimulation {
  return simulationOf('history', monitor, windows, profileOf(version), budget);
}

export type CleanOptions = {
  readonly version: number | undefined;
  /** Predictions in a window. */
  readonly rows: number;
  readonly windows: number;
  readonly budget: AlertBudget | null;
};

/** Throws VERSION_NOT_FOUND, and RECORD_NOT_FOUND for versions whose test split was not kept. */
export async function simulateClean(
  runtime: Runtime,
  definition: ModelDefinition,
  {version: wanted, rows, windows: count, budget}: CleanOptions,
): Promise<AlertSimulation> {
  const {registry} = runtime;
  const {name, monitor, seed} = definition;
  const plan = await registry.plan(name);
  const number = wanted ?? (plan ? championOf(plan) : (await registry.versions(name))[0]?.version);
  if (number === undefined)
    throw new MillraceError('VERSION_NOT_FOUND', `'${name}' has no version yet.`, {fix: 'Run millrace train first.'});
  const profile = await loadProfile(runtime, name, number);
  const reference = await loadReferenceRows(runtime, name, number);
  if (reference === null)
    throw new MillraceError(
      'RECORD_NOT_FOUND',
      `Version ${number} of '${name}' was trained before its rows were kept.`,
      {
        fix: 'Train a version with this release.',
      },
    );
  const windows = cleanWindows(monitor, profile, reference, {count, rows, seed});
  return simulationOf('clean', monitor, windows, profile, budget);
}

function simulationOf(
  source: AlertSimulation['source'],
  policy: MonitorPolicy,
  windows: readonly MonitorWindow[],
  profile: TrainingProfile,
  budget: AlertBudget | null,
): AlertSimulation {
  const replay = replayPolicy(policy, windows, profile);
  const solved = budget && solveBudget(policy, budget, windows, profile);
  return {
    source,
    replay,
    expected: expectedAlerts(replay),
    solved: solved && {policy: solved.policy, kept: solved.kept, expected: expectedAlerts(solved.replay)},
  };
}

/** What rules read of a profile, from the record of the version: its bins are in the windows already. */
function profileOf({model, version, dataset, metrics, features}: ModelVersion): TrainingProfile {
  const bins = {edges: [], counts: []};
  return {
    model,
    version,
    rows: dataset.rows,
    baseRate: metrics.baseRate,
    features: features.map(({name, importance}) => ({kind: 'numeric', name, importance, nulls: 0, ...bins})),
    prediction: bins,
    test: metrics,
  };
}
