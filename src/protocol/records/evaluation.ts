/** Quality of predicted probabilities on labelled rows. `…Score`-like figures (auc, prAuc) up is good; losses down. */
export type Metrics = {
  readonly rows: number;
  readonly positives: number;
  /** Share of positive labels. */
  readonly baseRate: number;
  readonly meanPrediction: number;
  /** Area under the ROC curve with its 95 % DeLong interval; null where only one class is present. */
  readonly auc: number | null;
  readonly aucLow: number | null;
  readonly aucHigh: number | null;
  readonly logLoss: number;
  /** Average precision. */
  readonly prAuc: number | null;
  readonly brier: number;
  /** Expected calibration error over equal-mass bins. */
  readonly ece: number;
};

export type CalibrationBin = {
  readonly low: number;
  readonly high: number;
  readonly count: number;
  readonly meanPrediction: number;
  readonly rate: number;
};

export type SliceReport = {readonly feature: string; readonly value: string; readonly metrics: Metrics};

/** One thing that predicts, evaluated on the test split. */
export type CandidateReport = {
  readonly name: string;
  readonly kind: 'model' | 'baseline' | 'incumbent';
  readonly metrics: Metrics;
  readonly calibration: readonly CalibrationBin[];
  readonly slices: readonly SliceReport[];
};

export type GateResult = {
  readonly gate: string;
  readonly passed: boolean;
  readonly measured: number | null;
  readonly required: number | null;
  /** The comparison in words, with its figures. */
  readonly message: string;
};

/** Bounds in time are [from, to), UTC ms, of the spine's time. */
export type SplitReport = {
  readonly name: 'train' | 'validation' | 'test';
  readonly from: number;
  readonly to: number;
  readonly rows: number;
  readonly positives: number;
};

export type EvaluationReport = {
  readonly splits: readonly SplitReport[];
  readonly gapMs: number;
  readonly candidates: readonly CandidateReport[];
  /** Name of the best model on the validation split, whether or not it passed. */
  readonly chosen: string;
  readonly gates: readonly GateResult[];
  readonly passed: boolean;
};

/** What a training set says of itself. */
export type DatasetRecord = {
  readonly id: string;
  readonly model: string;
  readonly createdAt: number;
  /** Labels and events known by then only (UTC ms). */
  readonly asOf: number;
  readonly from: number;
  readonly to: number;
  readonly rows: number;
  readonly positives: number;
  /** Spine rows left out because their label window had not closed, or no label came. */
  readonly pending: number;
  readonly unknown: number;
  readonly features: readonly string[];
  /** SHA-256 over definitions, features and labels, in canonical order. */
  readonly hash: string;
  readonly leakage: readonly LeakageFinding[];
  readonly seconds: number;
};

export type LeakageFinding = {
  readonly check: string;
  readonly feature: string | null;
  readonly severity: 'ok' | 'warn' | 'block';
  readonly measured: number;
  readonly message: string;
};
