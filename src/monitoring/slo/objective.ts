/** What a model promises its users: a share of good answers over a stretch of time, as frozen data. */

import {type Duration, durationMs, formatDuration} from '../../protocol/index.ts';

/**
 * What makes a request good:
 * - `availability`: it was answered, by whatever level; one that was refused for overload was not;
 * - `latency`: its answer took less than `below`, of those that were answered: features, model and log, without the network;
 * - `fallback`: the model answered it itself, now or before, and no step of its fallback chain had to.
 * What the asker did wrong (an invalid request) counts nowhere.
 */
export type SloMeasure = 'availability' | 'latency' | 'fallback';

/** A service level objective. Made by `slo`. */
export type ServiceObjective = {
  readonly name: string;
  readonly of: SloMeasure;
  /** Microseconds; null unless it is about latency. */
  readonly belowUs: number | null;
  /** Share of good requests that is promised, such as 0.999. */
  readonly target: number;
  /** The stretch over which it is promised. */
  readonly windowMs: number;
};

export type SloInput = {
  readonly of: SloMeasure;
  /** For latency, and only there. */
  readonly below?: Duration;
  readonly target: number;
  /** `30d` unless told; whole minutes, up to 90 days. */
  readonly over?: Duration;
};

/** `slo('fast', {of: 'latency', below: '50ms', target: 0.99})`. What is wrong with it is said by `monitorPolicy`. */
export function slo(name: string, {of, below, target, over = '30d'}: SloInput): ServiceObjective {
  const belowUs = below === undefined ? null : durationMs(below) * 1_000;
  return Object.freeze({name, of, belowUs, target, windowMs: durationMs(over)});
}

/** What is counted, whatever the target: counts of the same measure may be continued. */
export const measureWords = ({of, belowUs}: Pick<ServiceObjective, 'of' | 'belowUs'>): string =>
  of === 'latency' ? `latency below ${belowUs! / 1_000} ms` : of;

/** `99.9 % availability over 30 d`. */
export const objectiveWords = (objective: ServiceObjective): string =>
  `${shareWords(objective.target)} ${measureWords(objective)} over ${formatDuration(objective.windowMs)}`;

/** A share in percent, with all of its nines. */
export const shareWords = (share: number): string => `${Number((share * 100).toPrecision(12))} %`;
