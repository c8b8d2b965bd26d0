import type {DriftReport, MonitorWindow} from '../../protocol/index.ts';

/** Quiet windows without which nothing is learned. */
export const LEAST_WINDOWS = 30;
/** Room above the largest effect of a quiet time. */
const MARGIN = 1.25;

/**
 * The largest effect, and a quarter, that each subject had in the quiet windows: what moves by so much on ordinary days is
 * no drift. Quiet are windows with a verdict in which no alert was open; with fewer than thirty of them for a subject its
 * floor stays what the policy says. To be used as `DriftPair.floor` where it is larger.
 *
 * The largest of n effects is passed by the next one with probability 1 / (n + 1), whatever their distribution, so that
 * thirty windows allow one in thirty, of one window; two of three are asked for, and a quarter more.
 */
export function learnedFloors(quiet: readonly MonitorWindow[]): ReadonlyMap<string, number> {
  const effects = new Map<string, number[]>();
  for (const {drift, prediction} of quiet)
    for (const {subject, effect, verdict} of [...drift, prediction] satisfies DriftReport[]) {
      if (verdict === 'insufficient data') continue;
      const own = effects.get(subject);
      if (own) own.push(effect);
      else effects.set(subject, [effect]);
    }
  return new Map(
    [...effects].flatMap(([subject, own]) =>
      own.length < LEAST_WINDOWS ? [] : [[subject, MARGIN * own.reduce((a, b) => Math.max(a, b))] as const],
    ),
  );
}
