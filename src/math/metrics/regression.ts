/** How near numbers are to numbers: root mean squared error, mean absolute error, R². NaN without rows. */

/** Root of the mean squared error, in the unit of the target. */
export function rmse(predictions: ArrayLike<number>, targets: ArrayLike<number>): number {
  return Math.sqrt(meanOf(predictions, targets, (p, y) => (p - y) ** 2));
}

/** Mean absolute error, in the unit of the target. */
export function mae(predictions: ArrayLike<number>, targets: ArrayLike<number>): number {
  return meanOf(predictions, targets, (p, y) => Math.abs(p - y));
}

/** Share of the targets' variance explained: 1 is perfect, 0 is the mean; NaN if the targets are constant. */
export function r2(predictions: ArrayLike<number>, targets: ArrayLike<number>): number {
  const residual = meanOf(predictions, targets, (p, y) => (p - y) ** 2);
  const mean = meanOf(targets, targets, y => y);
  const total = meanOf(targets, targets, y => (y - mean) ** 2);
  return total === 0 ? Number.NaN : 1 - residual / total;
}

function meanOf(
  predictions: ArrayLike<number>,
  targets: ArrayLike<number>,
  term: (prediction: number, target: number) => number,
): number {
  if (predictions.length !== targets.length)
    throw new RangeError(
      `predictions and targets must have the same length, got ${predictions.length} and ${targets.length}`,
    );
  let sum = 0;
  for (let i = 0; i < targets.length; i++) sum += term(predictions[i]!, targets[i]!);
  return sum / targets.length;
}
