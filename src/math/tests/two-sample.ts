/** What every two-sample test answers: could one distribution have given both samples? */

export type TwoSampleTest = {
  /** How far apart the samples are, in the test's own measure. */
  readonly statistic: number;
  /** The chance of a statistic at least as far out if both samples had one distribution. */
  readonly pValue: number;
};
