import type {Metrics} from './evaluation.ts';

export type DriftVerdict = 'stable' | 'drift' | 'insufficient data';

export type DriftReport = {
  /** Feature name, or `prediction`. */
  readonly subject: string;
  readonly method: 'psi';
  /** De-biased effect size: PSI − (B−1)(1/n_r + 1/n_c), at least 0. */
  readonly effect: number;
  /** Chi-square test of homogeneity over the same bins, corrected over all subjects (Benjamini–Hochberg). */
  readonly pValue: number;
  readonly verdict: DriftVerdict;
  readonly rows: number;
};

/** Counts over the bins of the training profile, for drawing reference and current on top of each other. */
export type FeatureHistogram = {
  readonly feature: string;
  readonly kind: 'numeric' | 'categorical';
  /** Numeric: upper edges, one fewer than counts. Categorical: empty. */
  readonly edges: readonly number[];
  /** Categorical: name of each bin; numeric: empty. */
  readonly categories: readonly string[];
  readonly reference: readonly number[];
  readonly current: readonly number[];
  readonly referenceNulls: number;
  readonly currentNulls: number;
};

/** One stretch of time of one model, as monitored. `[from, to)` of prediction time. */
export type MonitorWindow = {
  readonly id: string;
  readonly model: string;
  readonly from: number;
  readonly to: number;
  readonly predictions: number;
  readonly byVersion: readonly {readonly version: number; readonly predictions: number}[];
  readonly meanPrediction: number;
  /** Measured in this run, wall clock, microseconds; null when nothing was predicted. */
  readonly latencyUs: {readonly p50: number; readonly p99: number} | null;
  readonly errors: number;
  readonly prediction: DriftReport;
  readonly drift: readonly DriftReport[];
  /** Set when every label window of the window has closed. */
  readonly performance: {
    readonly labelled: number;
    readonly unknown: number;
    readonly overall: Metrics;
    readonly byVersion: readonly {readonly version: number; readonly metrics: Metrics}[];
    readonly scoredAt: number;
  } | null;
};

export type AlertKind =
  | 'performance'
  | 'calibration'
  | 'drift'
  | 'prediction-drift'
  | 'data'
  | 'volume'
  | 'latency'
  | 'skew';

/** `page` only for consequence: measured performance, a broken data contract. Drift is a `ticket`. */
export type AlertSeverity = 'page' | 'ticket';

export type Alert = {
  readonly id: string;
  readonly model: string;
  readonly kind: AlertKind;
  readonly severity: AlertSeverity;
  readonly subject: string;
  readonly openedAt: number;
  readonly resolvedAt: number | null;
  readonly windowId: string;
  readonly measured: number;
  readonly threshold: number;
  readonly title: string;
  readonly message: string;
  /** What was done about it, such as the id of a retrain; null while nothing was. */
  readonly action: string | null;
};
