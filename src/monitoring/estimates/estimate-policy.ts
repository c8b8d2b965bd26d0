/** How performance is estimated before labels come. */
export type EstimatePolicy = {
  /** Weigh the reference by how like the window its rows are, where inputs drift. */
  readonly weighted: boolean;
  /** Score at or above which label 1 is decided: what accuracy, precision, recall, F1 and the value are of. */
  readonly decideAt: number;
};

export const ESTIMATE_DEFAULTS: EstimatePolicy = {weighted: true, decideAt: 0.5};

/** What decisions are worth, for costs in the unit of the business. */
export type ValuePolicy = {
  readonly truePositive: number;
  readonly falsePositive: number;
  readonly falseNegative: number;
  readonly trueNegative: number;
  readonly unit: string;
};
