export type DriftSettings = {
  /** Smallest de-biased PSI that is called drift: 0.08 is a shift of the mean by 0.28 standard deviations; .25 is one of 0.5. */
  readonly effect: number;
  /** False discovery rate over all that is compared in a window. */
  readonly alpha: number;
  /** Windows with fewer rows say `insufficient data`; null: as many as it takes to see what matters, by the power of the test. */
  readonly minRows: number | null;
  /** Features that are not compared: those that tell the time, such as the weekday, differ in every window. */
  readonly except: readonly string[];
};

export const DRIFT_DEFAULTS: DriftSettings = {effect: 0.08, alpha: 0.01, minRows: null, except: []};
