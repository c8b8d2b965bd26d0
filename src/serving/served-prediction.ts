import type {FeatureRow} from '../features/index.ts';
import type {Skip} from './chain/fallback-chain.ts';
import type {RequestFields} from './request.ts';

/** One answered request with all that was used for it. */
export type ServedPrediction = {
  readonly id: string;
  /** Query time of the features (UTC ms). */
  readonly at: number;
  /** Log position that the live state had taken. */
  readonly position: number;
  readonly version: number;
  readonly role: 'champion' | 'canary';
  /** Probability with which the id was given to this version. */
  readonly propensity: number;
  readonly prediction: number;
  /** Which level answered: `model`, `sticky`, `cached`, `precomputed`, or a step of the fallback chain. */
  readonly level: string;
  /** Why the levels above did not; empty when the model answered. */
  readonly skipped: readonly Skip[];
  /** Inputs outside what training saw. */
  readonly outside: readonly string[];
  /** Too unsure: people are to decide. */
  readonly abstained: boolean;
  readonly request: RequestFields;
  /** What was read for it; missing where nothing was. */
  readonly features: FeatureRow;
};

/** Levels whose answers are the model's own, given now or before. */
export const fromModel = (level: string): boolean =>
  level === 'model' || level === 'sticky' || level === 'cached' || level === 'precomputed';

/** Whether an answer tells something of its version: the version gave it, and was drawn to. It then waits for its label. */
export const isEvidence = (level: string, propensity: number): boolean => fromModel(level) && propensity !== 0;

/** Whether its inputs and its time are those of the moment too, so that a monitor may count it. */
export const isObserved = (level: string, propensity: number): boolean =>
  isEvidence(level, propensity) && level !== 'precomputed';

/** Levels whose answers people wrote down: a rule, a fixed value. They are as sure as they were meant to be. */
export const isWritten = (level: string, rules: ReadonlySet<string>): boolean => level === 'value' || rules.has(level);

/** Levels for which features were read as of the query time: what consistency can compare. */
export const readFeaturesNow = (level: string): boolean => level === 'model' || level === 'sticky';
