/** When a person is told: the written rules of monitoring, as frozen data. */

import {type Duration, durationMs} from '../../protocol/index.ts';
import {DRIFT_DEFAULTS, type DriftSettings} from '../drift/drift-settings.ts';
import {ESTIMATE_DEFAULTS, type EstimatePolicy, type ValuePolicy} from '../estimates/estimate-policy.ts';
import type {LoopPolicy} from '../loops/loop-policy.ts';
import {MULTIVARIATE_DEFAULTS, type MultivariatePolicy} from '../multivariate/multivariate-policy.ts';
import type {QualityCheck, QualityCheckInput} from '../quality/definitions/quality-check.ts';
import {qualityChecks} from '../quality/definitions/quality-checks.ts';
import type {ServiceObjective} from '../slo/objective.ts';
import type {ReferencePolicy} from '../windows/reference-policy.ts';
import {checkMonitorPolicy} from './policy-problems.ts';

/** `k` of the last `n` windows must be bad before an alert opens. */
export type Persistence = {readonly k: number; readonly n: number};

/** Rules without labels are judged when a window closes, `performance` and `calibration` when it is scored. */
export type MonitorPolicy<C extends string = string> = {
  readonly windowMs: number;
  /** IANA zone whose days, weeks and hours windows follow. */
  readonly zone: string;
  readonly reference: ReferencePolicy;
  /** Drift is also looked for over so many windows together; null: it is not. */
  readonly sliding: number | null;
  /** Features or fields of the request by whose values traffic is told apart. */
  readonly slices: readonly string[];
  readonly estimate: EstimatePolicy | null;
  readonly multivariate: MultivariatePolicy | null;
  readonly loop: LoopPolicy | null;
  readonly value: ValuePolicy | null;
  /** Where it is written what to do. */
  readonly runbook: string | null;
  /** What is promised to users, and paged for when it is about to be broken. */
  readonly slos: readonly ServiceObjective[];
  /** Contracts about what is served: they page, or open tickets, when broken. */
  readonly quality: readonly QualityCheck<C>[];
  /** Windows with fewer labelled rows are not judged on performance or calibration. */
  readonly minLabelled: number;
  readonly performance: PerformancePolicy | null;
  readonly calibration: CalibrationPolicy | null;
  readonly drift: DriftPolicy | null;
  readonly predictionDrift: PredictionDriftPolicy | null;
  readonly volume: VolumePolicy | null;
  readonly errors: ErrorPolicy | null;
  readonly latency: LatencyPolicy | null;
  /** An alert resolves only when the measure is better than its threshold by this share of the allowed deviation. */
  readonly hysteresis: number;
};

type Persistent = {readonly for: Persistence};

/** AUC on labelled rows, against that of the test split less `drop`. */
type PerformancePolicy = Persistent & {readonly metric: 'auc'; readonly drop: number; readonly of: 'test'};
/** Bounds of mean prediction / observed rate on labelled rows. */
type CalibrationPolicy = Persistent & {readonly ratio: readonly [low: number, high: number]};
type DriftPolicy = Persistent &
  DriftSettings & {
    /** `important`: the fewest features that hold nine tenths of the model's importance. */
    readonly features: 'important' | 'all';
    /** Raise the floor of each feature to what it did in thirty quiet windows or more: for features that the weather moves. */
    readonly learn: boolean;
  };
type PredictionDriftPolicy = Persistent & {readonly effect: number};
/** Predictions in a window, as a share of the median of those at the same time of the week. */
type VolumePolicy = Persistent & {readonly dropBelow: number};
/** Requests that could not be answered, as a share of all: a broken data contract. */
type ErrorPolicy = Persistent & {readonly share: number};
type LatencyPolicy = Persistent & {readonly p99Us: number};

export type MonitorPolicyInput<K extends readonly QualityCheckInput[] = readonly QualityCheckInput[]> = {
  /** Length of the tumbling windows; `1d` unless told. */
  readonly window?: Duration;
  readonly minLabelled?: number;
  readonly performance?: Partial<PerformancePolicy> | null;
  readonly calibration?: Partial<CalibrationPolicy> | null;
  readonly drift?: Partial<DriftPolicy> | null;
  readonly predictionDrift?: Partial<PredictionDriftPolicy> | null;
  readonly volume?: Partial<VolumePolicy> | null;
  readonly errors?: Partial<ErrorPolicy> | null;
  readonly latency?: {readonly p99Us: number; readonly for?: Persistence} | null;
  /** Persistence of the rules that name none; 2 of 3 unless told (`volume` and `errors`: 1 of 1). */
  readonly for?: Persistence;
  readonly hysteresis?: number;
  readonly zone?: string;
  /** What windows are compared with; the training data unless told. */
  readonly reference?: ReferencePolicy;
  /** 7 windows unless told; null: only single windows. */
  readonly sliding?: number | null;
  readonly slices?: readonly string[];
  readonly estimate?: Partial<EstimatePolicy> | null;
  /** Off unless told: it costs a second or so of another thread for each window. */
  readonly multivariate?: Partial<MultivariatePolicy> | null;
  readonly loop?: LoopPolicy | null;
  readonly value?: ValuePolicy | null;
  readonly runbook?: string | null;
  /** Checks on fields of requests, features and `prediction`; those of event streams too. None unless told. */
  readonly quality?: K;
  readonly slos?: readonly ServiceObjective[];
};

const AT_ONCE: Persistence = {k: 1, n: 1};

/**
 * A policy from the rules that differ from the defaults; `null` switches a rule off. Without any: AUC drop
 * of 0.02, measured or estimated, calibration ratio 0.8 to 1.25, drift of important features and of predictions at an
 * effect of 0.08, volume below half, 1 % errors, no latency rule. Throws DEFINITION_INVALID with all problems at once.
 *
 * Against the training data as a whole, windows shorter than a day would see the time of day as drift.
 */
export function monitorPolicy<const K extends readonly QualityCheckInput[] = readonly []>(
  input: MonitorPolicyInput<K> = {},
): MonitorPolicy<K[number]['columns'][number]> {
  const usual = input.for ?? {k: 2, n: 3};
  const policy: MonitorPolicy<K[number]['columns'][number]> = {
    windowMs: durationMs(input.window ?? '1d'),
    zone: input.zone ?? 'UTC',
    reference: input.reference ?? {kind: 'training'},
    sliding: input.sliding === undefined ? 7 : input.sliding,
    slices: input.slices ?? [],
    estimate: input.estimate === null ? null : {...ESTIMATE_DEFAULTS, ...input.estimate},
    multivariate: input.multivariate ? {...MULTIVARIATE_DEFAULTS, ...input.multivariate} : null,
    loop: input.loop ?? null,
    value: input.value ?? null,
    runbook: input.runbook ?? null,
    quality: qualityChecks(input.quality),
    slos: Object.freeze([...(input.slos ?? [])]),
    minLabelled: input.minLabelled ?? 200,
    performance: rule({metric: 'auc', drop: 0.02, of: 'test', for: usual}, input.performance),
    calibration: rule({ratio: [0.8, 1.25], for: usual}, input.calibration),
    drift: rule({...DRIFT_DEFAULTS, features: 'important', learn: false, for: usual}, input.drift),
    predictionDrift: rule({effect: DRIFT_DEFAULTS.effect, for: usual}, input.predictionDrift),
    volume: rule({dropBelow: 0.5, for: AT_ONCE}, input.volume),
    errors: rule({share: 0.01, for: AT_ONCE}, input.errors),
    latency: input.latency ? Object.freeze({for: usual, ...input.latency}) : null,
    hysteresis: input.hysteresis ?? 0.25,
  };
  checkMonitorPolicy(policy);
  return Object.freeze(policy);
}

/** The defaults, overridden by what was given; null switches the rule off. */
function rule<T extends Persistent>(defaults: T, given: Partial<T> | null | undefined): T | null {
  return given === null ? null : Object.freeze({...defaults, ...given});
}
