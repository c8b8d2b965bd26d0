const FIRST_MS = 1_000;
const LONGEST_MS = 3_600_000;

/** So long a delivery is tried. */
export const GIVE_UP_MS = 3 * 86_400_000;

/** Pause after so many failed attempts (ms): 1 s, doubled each time up to an hour, less up to half by chance so that many do not come at once. */
export function retryDelayMs(attempts: number, random: () => number): number {
  const most = Math.min(LONGEST_MS, FIRST_MS * 2 ** Math.min(attempts - 1, 30));
  return Math.round(most * (1 - random() / 2));
}
