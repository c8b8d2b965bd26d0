import {type Summary, variance} from './summary.ts';

export type ConfidenceSequence = {
  /** Mean of `treatment` minus mean of `control`, with limits that hold at every look at once. */
  readonly difference: number;
  readonly low: number;
  readonly high: number;
  /** Always valid, two-sided: may be compared with alpha after every row. */
  readonly pValue: number;
};

export type ConfidenceSequenceOptions = {
  /** Probability that the limits ever miss the truth. */
  readonly alpha?: number;
  /** The total number of rows at which the limits are tightest; elsewhere they are a little wider. */
  readonly tunedFor?: number;
};

/**
 * An asymptotic confidence sequence for a difference of means: Waudby-Smith, Arbour, Sinha, Kennedy
 * and Ramdas, "Time-uniform central limit theory and asymptotic confidence sequences" (2021,
 * arXiv 2103.06476), with rho chosen by their closed form to be tightest at `tunedFor`.
 *
 * The experiment may be read after every row and stopped at any time. Asymptotic: begin to read once
 * each side has some tens of rows. Without two values on each side the limits are infinite and p is 1.
 */
export function confidenceSequence(
  control: Pick<Summary, 'count' | 'mean' | 'm2'>,
  treatment: Pick<Summary, 'count' | 'mean' | 'm2'>,
  {alpha = 0.05, tunedFor = 5000}: ConfidenceSequenceOptions = {},
): ConfidenceSequence {
  if (!(alpha > 0 && alpha < 1)) throw new RangeError(`alpha must be between 0 and 1, got ${alpha}`);
  const difference = treatment.mean - control.mean;
  if (control.count < 2 || treatment.count < 2) return {difference, low: -Infinity, high: Infinity, pValue: 1};

  const count = control.count + treatment.count;
  const squaredError = variance(control) / control.count + variance(treatment) / treatment.count;
  // Intrinsic time: count × rho², with rho from the tuning equation.
  const time = (count * (Math.log1p(-2 * Math.log(alpha)) - 2 * Math.log(alpha))) / tunedFor;
  const reach = Math.sqrt(squaredError * 2 * (1 + 1 / time) * (Math.log1p(time) / 2 - Math.log(alpha)));
  const z2 = difference === 0 ? 0 : difference ** 2 / squaredError;
  const logEvidence = (z2 * time) / (2 * (1 + time)) - Math.log1p(time) / 2;
  return {difference, low: difference - reach, high: difference + reach, pValue: Math.min(1, Math.exp(-logEvidence))};
}
