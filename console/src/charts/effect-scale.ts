/** The stretch that effects with their intervals, zero and the margin need, with a little air. */
export type Effect = {
  readonly difference: number;
  readonly low: number | null;
  readonly high: number | null;
  readonly margin: number;
};

export function effectDomain(effects: readonly Effect[]): readonly [number, number] {
  const bounds = effects.flatMap(({difference, low, high, margin}) => [
    difference,
    low ?? difference,
    high ?? difference,
    margin,
  ]);
  const low = Math.min(0, ...bounds);
  const high = Math.max(0, ...bounds);
  const air = (high - low) * 0.08 || 1e-6;
  return [low - air, high + air];
}

/** Below the margin as a whole is good, above it as a whole is bad, across it decides nothing. */
export const effectColour = ({low, high, margin}: Effect): string =>
  high !== null && high < margin ? 'var(--good)' : low !== null && low > margin ? 'var(--bad)' : 'var(--watch)';
