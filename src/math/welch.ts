import {studentTQuantile, studentTTwoSided} from './distributions/student-t.ts';
import {type Summary, variance} from './summary.ts';

export type WelchTest = {
  /** Mean of `treatment` minus mean of `control`, with its limits. */
  readonly difference: number;
  readonly standardError: number;
  readonly low: number;
  readonly high: number;
  readonly t: number;
  readonly degreesOfFreedom: number;
  /** Two-sided. Valid for one look at the data: to look as it grows, use `confidenceSequence`. */
  readonly pValue: number;
};

/**
 * Welch's t test (1947) of two means with unequal variances, from their summaries. NaN with fewer
 * than two values on a side; two constant samples differ surely or not at all.
 */
export function welchTest(
  control: Pick<Summary, 'count' | 'mean' | 'm2'>,
  treatment: Pick<Summary, 'count' | 'mean' | 'm2'>,
  confidence = 0.95,
): WelchTest {
  const a = variance(control) / control.count;
  const b = variance(treatment) / treatment.count;
  const difference = treatment.mean - control.mean;
  const standardError = Math.sqrt(a + b);
  const degreesOfFreedom =
    a + b === 0
      ? control.count + treatment.count - 2
      : (a + b) ** 2 / (a ** 2 / (control.count - 1) + b ** 2 / (treatment.count - 1));
  const t = difference === 0 && standardError === 0 ? 0 : difference / standardError;
  const reach = standardError === 0 ? 0 : studentTQuantile((1 + confidence) / 2, degreesOfFreedom) * standardError;
  return {
    difference,
    standardError,
    low: difference - reach,
    high: difference + reach,
    t,
    degreesOfFreedom,
    pValue: studentTTwoSided(t, degreesOfFreedom),
  };
}
