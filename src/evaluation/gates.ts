/** What a model must prove before it may be registered. A gate is frozen data: `judgeGate` runs it, `describeGate` prints it. */

import {MillraceError} from '../protocol/index.ts';
import {METRIC_NAMES, type MetricName} from './metrics.ts';

/** Something to compare with: a baseline by its name, or the version in production. */
export type Rival = 'zero-rule' | 'random' | 'historical-rate' | 'incumbent' | (string & {});

export type Gate =
  | {readonly kind: 'beats'; readonly rival: Rival; readonly metric: MetricName; readonly by: number}
  | {readonly kind: 'not-worse'; readonly rival: Rival; readonly metric: MetricName; readonly within: number}
  | {readonly kind: 'at-least'; readonly metric: MetricName; readonly value: number}
  | {readonly kind: 'at-most'; readonly metric: MetricName; readonly value: number}
  | {readonly kind: 'calibrated'; readonly ece: number; readonly ratio: readonly [low: number, high: number] | null}
  | {
      readonly kind: 'slices';
      readonly rival: Rival;
      readonly metric: PairedMetric;
      readonly by: number;
      readonly minRows: number;
    };

/** Metrics whose difference between two scores of the same rows has an interval. */
export type PairedMetric = 'auc' | 'logLoss' | 'brier';

const PAIRED: readonly MetricName[] = ['auc', 'logLoss', 'brier'];
/** Up is good. */
const SCORES: readonly MetricName[] = ['auc', 'prAuc'];

export const isScore = (metric: MetricName): boolean => SCORES.includes(metric);
export const isPaired = (metric: MetricName): metric is PairedMetric => PAIRED.includes(metric);

/**
 * Better than the rival by at least `by` (0 unless told), and for `auc`, `logLoss` and `brier` also
 * beyond chance: the 95 % interval of the paired difference lies above 0.
 */
export function beats(rival: Rival, {metric, by = 0}: {readonly metric: MetricName; readonly by?: number}): Gate {
  return gate({kind: 'beats', rival, metric: known(metric), by: amount('by', by)});
}

/** At most `within` worse than the rival. The measured difference decides; its interval is in the message. */
export function notWorseThan(
  rival: Rival,
  {metric, within = 0}: {readonly metric: MetricName; readonly within?: number},
): Gate {
  return gate({kind: 'not-worse', rival, metric: known(metric), within: amount('within', within)});
}

/** `atLeast('auc', 0.65)` for metrics where up is good; losses take `atMost`. */
export function atLeast(metric: MetricName, value: number): Gate {
  if (!isScore(known(metric)))
    throw new MillraceError('DEFINITION_INVALID', `atLeast('${metric}', …): of ${metric}, less is better.`, {
      fix: `Write atMost('${metric}', ${value}), or atLeast with ${SCORES.join(' or ')}.`,
    });
  return gate({kind: 'at-least', metric, value: amount('value', value)});
}

/** `atMost('logLoss', 0.5)` for losses; `auc` and `prAuc` take `atLeast`. */
export function atMost(metric: MetricName, value: number): Gate {
  if (isScore(known(metric)))
    throw new MillraceError('DEFINITION_INVALID', `atMost('${metric}', …): of ${metric}, more is better.`, {
      fix: `Write atLeast('${metric}', ${value}).`,
    });
  return gate({kind: 'at-most', metric, value: amount('value', value)});
}

/** Expected calibration error at most `ece`; with `ratio` also mean prediction / base rate within those bounds. */
export function calibratedWithin(ece: number, {ratio}: {readonly ratio?: readonly [number, number]} = {}): Gate {
  if (ratio && !(ratio[0] > 0 && ratio[0] <= 1 && ratio[1] >= 1))
    throw new MillraceError('DEFINITION_INVALID', `calibratedWithin: ratio [${ratio.join(', ')}] does not contain 1.`, {
      fix: 'Give bounds of mean prediction / base rate such as [0.8, 1.25].',
    });
  return gate({kind: 'calibrated', ece: amount('ece', ece), ratio: ratio ? Object.freeze([...ratio] as const) : null});
}

/**
 * No slice of at least `minRows` rows is worse than the rival on the same rows by more than `by`, beyond
 * chance: one-sided tests over all slices, false discovery rate 5 %.
 */
export function sliceNotWorse({
  than = 'incumbent',
  metric = 'auc',
  by = 0.02,
  minRows = 1_000,
}: {
  readonly than?: Rival;
  readonly metric?: PairedMetric;
  readonly by?: number;
  readonly minRows?: number;
} = {}): Gate {
  if (!isPaired(known(metric)))
    throw new MillraceError('DEFINITION_INVALID', `sliceNotWorse: '${metric}' has no paired test.`, {
      fix: `Take one of ${PAIRED.join(', ')}.`,
    });
  return gate({kind: 'slices', rival: than, metric, by: amount('by', by), minRows: amount('minRows', minRows)});
}

/** The gate as a rule in words, without figures of any model. */
export function describeGate(gate: Gate): string {
  switch (gate.kind) {
    case 'beats':
      return `${gate.metric} beats ${gate.rival}${gate.by === 0 ? '' : ` by ${gate.by}`}`;
    case 'not-worse':
      return `${gate.metric} at most ${gate.within} worse than ${gate.rival}`;
    case 'at-least':
      return `${gate.metric} at least ${gate.value}`;
    case 'at-most':
      return `${gate.metric} at most ${gate.value}`;
    case 'calibrated':
      return `calibration error at most ${gate.ece}${gate.ratio ? `, mean prediction / base rate in [${gate.ratio.join(', ')}]` : ''}`;
    case 'slices':
      return `no slice of ${gate.minRows} rows or more worse than ${gate.rival} in ${gate.metric} by more than ${gate.by}`;
  }
}

const gate = <G extends Gate>(value: G): G => Object.freeze(value);

function known(metric: MetricName): MetricName {
  if (METRIC_NAMES.includes(metric)) return metric;
  throw new MillraceError('DEFINITION_INVALID', `'${metric}' is not a metric.`, {
    fix: `Take one of ${METRIC_NAMES.join(', ')}.`,
  });
}

function amount(name: string, value: number): number {
  if (Number.isFinite(value) && value >= 0) return value;
  throw new MillraceError('DEFINITION_INVALID', `Gate: ${name} is ${value}.`, {fix: 'Give a number of at least 0.'});
}
