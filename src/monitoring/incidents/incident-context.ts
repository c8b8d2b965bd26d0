/** What is known of a model beside its alerts: what an incident tells people. */

import type {Metrics} from '../../protocol/index.ts';
import type {Importances} from './alert-features.ts';
import type {Origins} from './feature-origin.ts';

export type IncidentContext = {
  readonly model: string;
  readonly owner: string;
  /** Where it is written what to do. */
  readonly runbook: string | null;
  readonly origins: Origins;
  /** Of all features that the version in charge reads. */
  readonly importances: Importances;
  readonly lastDeploy: {readonly version: number; readonly at: number} | null;
  /** Of the version in charge, on its test split: what changes are measured from. */
  readonly reference: Metrics | null;
  /** Mean value of a decision on the test split; null where the model has no value policy, or it is not known. */
  readonly value: {readonly mean: number; readonly unit: string} | null;
};
