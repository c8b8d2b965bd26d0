/** A uniform sample of rows, by columns: what analyses of whole rows work on. */
export type RowSample = {
  readonly rows: number;
  /** Rows that it was drawn from. */
  readonly of: number;
  /** Names of the features, in the order of `columns`. */
  readonly names: readonly string[];
  /** Categories as codes of the model's encoding; NaN where a value is missing. */
  readonly columns: readonly Float64Array[];
  readonly categorical: readonly boolean[];
  readonly scores: Float64Array;
};

/** Rows of a version's test split: what production is compared with, row by row. */
export type ReferenceRows = RowSample & {
  /** 0 or 1; the value for regression. */
  readonly labels: Float64Array;
};
