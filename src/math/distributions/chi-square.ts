import {gammaUpper} from './gamma.ts';

/** P(X > x) for a chi-square variable (Abramowitz & Stegun 26.4.19). */
export function chiSquareSurvival(x: number, degreesOfFreedom: number): number {
  return gammaUpper(degreesOfFreedom / 2, x / 2);
}
