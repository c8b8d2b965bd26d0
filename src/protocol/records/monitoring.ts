import type {Metrics} from './evaluation.ts';

export type DriftVerdict = 'stable' | 'drift' | 'insufficient data';

export type DriftReport = {
  /** Feature name, field of the request, or `prediction`. */
  readonly subject: string;
  readonly method: 'psi';
  /** De-biased effect size: PSI − (B−1)(1/n_r + 1/n_c), at least 0. */
  readonly effect: number;
  /** Chi-square test of homogeneity over the same bins, corrected over all subjects (Benjamini–Hochberg). */
  readonly pValue: number;
  readonly verdict: DriftVerdict;
  readonly rows: number;
  /** Rows that a verdict needs: fewer would miss what matters; null: the reference has too few. Absent in records of earlier releases, as what follows. */
  readonly needed?: number | null;
  /** So large that one window is enough, such as a change of unit or a value that is always null. */
  readonly severe?: boolean;
  readonly nullShare?: {readonly reference: number; readonly current: number};
};

/** A figure with its 95 % interval. */
export type Estimate = {readonly value: number; readonly low: number; readonly high: number};

/** What performance is thought to be, before labels tell. */
export type PerformanceEstimate = {
  /** `cbpe`: from calibrated confidence; `importance-weighted`: the same, calibrated for the inputs of the window; `dle`: a model of the loss. */
  readonly method: 'cbpe' | 'importance-weighted' | 'dle';
  /** Rows that it is made from: all of the window, or a sample. */
  readonly rows: number;
  /** By metric: auc, prAuc, accuracy, precision, recall, f1, logLoss, brier, baseRate, value; mae, rmse for regression. */
  readonly metrics: {readonly [metric: string]: Estimate};
  /** What it rests on and what speaks against it here, in words. */
  readonly notes: readonly string[];
};

/** One part of the traffic, such as `origin = ATL`, in a window. */
export type SliceWindow = {
  readonly feature: string;
  readonly value: string;
  readonly predictions: number;
  readonly meanPrediction: number;
  readonly drift: readonly DriftReport[];
  /** Set when the window is scored. */
  readonly performance: Metrics | null;
};

/** A rule about data, tried on what was served. */
export type QualityResult = {
  /** The rule in words, such as `fare at least 0`. */
  readonly check: string;
  readonly level: 'input' | 'feature' | 'prediction';
  /** What it is about: names of inputs or features, or `prediction`. */
  readonly subjects: readonly string[];
  readonly severity: AlertSeverity;
  readonly verdict: 'kept' | 'broken' | 'insufficient data';
  /** Rows that were looked at, and those of them that break it. */
  readonly rows: number;
  readonly broken: number;
  /** What was measured against what is allowed, in words, with an example. */
  readonly message: string;
  /** The share of rows or the statistic that was compared, and the bound that it was compared with, where there are such. */
  readonly measured?: number;
  readonly limit?: number;
};

/** Whether rows of a window can be told from those of the reference by all features at once. */
export type MultivariateReport = {
  readonly method: 'domain-classifier' | 'mmd' | 'pca';
  /** AUC of the classifier, de-biased MMD², or reconstruction error in units of the reference's. */
  readonly value: number;
  readonly threshold: number;
  readonly pValue: number | null;
  readonly verdict: DriftVerdict;
  readonly rows: number;
  /** What gave it away, by share, largest first. */
  readonly features: readonly {readonly feature: string; readonly share: number}[];
};

/** A change by its name: which distribution moved, and how. */
export type Shift = {
  /** `covariate`: inputs; `label`: base rate; `concept`: outcome for the same inputs; `schema`: values of another type or set. */
  readonly kind: 'covariate' | 'label' | 'concept' | 'schema';
  readonly pattern: 'sudden' | 'gradual' | 'seasonal' | 'unclear';
  readonly subjects: readonly string[];
  /** Start of the first window that shows it (UTC ms). */
  readonly since: number;
  readonly message: string;
};

/** How a model that ranks or recommends spreads attention in a window. */
export type LoopReport = {
  /** Predictions shown. */
  readonly rows: number;
  /** Different items shown, and those that could be. */
  readonly items: number;
  readonly catalogue: number;
  /** Items in `perRows` of the rows, over the catalogue: windows of any traffic compare; null with fewer rows. */
  readonly diversity: number | null;
  readonly perRows: number;
  /** 0 to 1: even to all for one item. */
  readonly gini: number;
  /** Entropy of exposure over that of an even catalogue: 1 to 0. */
  readonly evenness: number;
  /** Share of exposure of items outside the head that had four fifths in the reference: 0.2 there. */
  readonly longTail: number;
  /** What came of what was shown, by popularity in the reference; null without labels. */
  readonly hitRates: readonly {
    readonly bucket: 'head' | 'middle' | 'tail';
    readonly shown: number;
    readonly labelled: number;
    readonly rate: Estimate | null;
  }[];
};

/** How what a model relies on changed from one version to the next. */
export type ImportanceDrift = {
  readonly from: number;
  readonly to: number;
  /** Rank correlation over the features of both, −1 to 1; null if either is the same for all. */
  readonly spearman: number | null;
  /** Share of the importance that went elsewhere, 0 to 1; features that only one version has included. */
  readonly moved: number;
  /** The three features that gained or lost most. */
  readonly features: readonly {readonly feature: string; readonly before: number; readonly now: number}[];
};

/** The same drift over more than one window, ending with this one. */
export type LongerSpan = {
  readonly span: 'sliding' | 'cumulative';
  readonly from: number;
  readonly predictions: number;
  readonly drift: readonly DriftReport[];
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

/** What one version answered in a window. Apart from the count only where more than one did. */
export type VersionWindow = {
  readonly version: number;
  readonly predictions: number;
  readonly meanPrediction?: number;
  readonly latencyUs?: {readonly p50: number; readonly p99: number} | null;
  /** Of features and predictions, against the same reference as the window. */
  readonly drift?: readonly DriftReport[];
};

/** How far the labels of a window had come. Figures before all are in are provisional: early labels are a biased sample. */
export type LabelProgress = {
  /** Time since the window closed (ms). */
  readonly ageMs: number;
  readonly labelled: number;
  readonly pending: number;
  /** Of the version in charge; null where labels are too few, or where only one kind of them comes early. */
  readonly provisional: Metrics | null;
};

/** One stretch of time of one model, as monitored. `[from, to)` of prediction time. */
export type MonitorWindow = {
  readonly id: string;
  readonly model: string;
  readonly from: number;
  readonly to: number;
  readonly predictions: number;
  readonly byVersion: readonly VersionWindow[];
  readonly meanPrediction: number;
  /** Measured in this run, wall clock, microseconds; null when nothing was predicted. */
  readonly latencyUs: {readonly p50: number; readonly p99: number} | null;
  readonly errors: number;
  readonly prediction: DriftReport;
  readonly drift: readonly DriftReport[];
  /** Fields of requests as they came. Absent in records of earlier releases, as all that is optional here. */
  readonly inputs?: readonly DriftReport[];
  /** Version whose training data it was counted and compared with. */
  readonly profile?: number;
  /** Where the reference is the season: windows that it was made of; 0: too few were there, so that it is the training data. */
  readonly reference?: {readonly windows: number};
  /** Predictions counted here though they were stamped for another time, by a clock that is slow or fast. */
  readonly displaced?: number;
  /** At close, and at a quarter, half and all of the label window after it. */
  readonly labels?: readonly LabelProgress[];
  readonly longer?: readonly LongerSpan[];
  readonly slices?: readonly SliceWindow[];
  readonly quality?: readonly QualityResult[];
  readonly multivariate?: readonly MultivariateReport[];
  readonly shifts?: readonly Shift[];
  readonly estimate?: PerformanceEstimate | null;
  /** Where the policy names the item that is shown. */
  readonly loop?: LoopReport | null;
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
  | 'skew'
  | 'quality'
  | 'estimate'
  | 'slo'
  | 'multivariate'
  | 'concept'
  | 'feedback-loop';

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
  /** Features that it is about, the one that matters most first. Absent in records of earlier releases. */
  readonly features?: readonly AlertFeature[];
};

export type AlertFeature = {
  readonly feature: string;
  readonly effect: number;
  /** Share of the model's importance. */
  readonly importance: number;
  /** What it alone changes in the estimated performance; null where that is not estimated. */
  readonly estimatedChange: number | null;
};
