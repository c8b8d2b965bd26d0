import {gammaUpper} from '../../math/index.ts';
import type {AlertSeverity, Estimate} from '../../protocol/index.ts';
import type {PolicyReplay} from './replay-policy.ts';

const WEEK = 7 * 86_400_000;

/** Alerts a week, with the 95 % interval that so many of them allow. */
export type ExpectedAlerts = {
  readonly severity: AlertSeverity;
  readonly kind: string;
  readonly count: number;
  readonly perWeek: Estimate;
};

/** By severity and kind; the sum of each severity first, under the kind `all`. */
export function expectedAlerts({alerts, from, to}: PolicyReplay): ExpectedAlerts[] {
  const weeks = (to - from) / WEEK;
  return (['page', 'ticket'] as const).flatMap(severity => {
    const own = alerts.filter(alert => alert.severity === severity);
    const kinds = [...new Set(own.map(({kind}) => kind))].sort();
    const line = (kind: string, count: number): ExpectedAlerts => ({
      severity,
      kind,
      count,
      perWeek: rateOf(count, weeks),
    });
    return [line('all', own.length), ...kinds.map(kind => line(kind, own.filter(a => a.kind === kind).length))];
  });
}

/** Events per week as a Poisson rate with its exact interval (Garwood, "Fiducial limits for the Poisson distribution", 1936). */
export function rateOf(count: number, weeks: number): Estimate {
  const bound = (shape: number, above: number): number => {
    if (shape === 0) return 0;
    let [low, high] = [0, 2 * shape + 20];
    for (let i = 0; i < 60; i++) {
      const middle = (low + high) / 2;
      if (gammaUpper(shape, middle) > above) low = middle;
      else high = middle;
    }
    return (low + high) / 2;
  };
  return {value: count / weeks, low: bound(count, 0.975) / weeks, high: bound(count + 1, 0.025) / weeks};
}
