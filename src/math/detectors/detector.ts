/** What every streaming detector of drift has in common: one value in, one verdict out, in constant or logarithmic memory. */

export type DriftVerdict = 'drift' | 'warning' | 'none';

/**
 * After `drift` the detector has forgotten everything: the next value is the first of the new regime, so that
 * one change is told once. `State` is plain JSON. A restored detector goes on as if it had never stopped,
 * provided that it was made with the same settings.
 */
export type DriftDetector<State> = {
  /** Takes the next value; a RangeError for one that the detector is not made for. */
  update(value: number): DriftVerdict;
  reset(): void;
  snapshot(): State;
  restore(state: State): void;
};

export function requireFinite(value: number): void {
  if (!Number.isFinite(value)) throw new RangeError(`a detector takes finite numbers, got ${value}`);
}

export function requireError(value: number): void {
  if (value !== 0 && value !== 1)
    throw new RangeError(`a detector of errors takes 1 (wrong) or 0 (right), got ${value}`);
}

export function requireShare(value: number): void {
  if (!(value >= 0 && value <= 1)) throw new RangeError(`a detector of bounded values takes 0 to 1, got ${value}`);
}
