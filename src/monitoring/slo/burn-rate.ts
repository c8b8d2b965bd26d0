/**
 * How fast an error budget burns, and when somebody is told: the multi-window, multi-burn-rate alerts of Google's SRE
 * workbook (chapter 5, table 5-8). A burn rate of 1 uses the budget up exactly at the end of the objective's window. The
 * long stretch says that it matters, the short one that it is still going on.
 *
 * A rate says little of few requests, so the failures of the long stretch must also be more than chance gives a service
 * that just keeps its promise: P(X >= bad), X binomial of all requests and the promised share of errors, is below
 * `CHANCE`. At 99.9 % it takes 4 failures of 20 requests to page, and 15 of 1,000, where the rate alone asks for as many.
 */
import {betaLower} from '../../math/index.ts';
import type {AlertSeverity} from '../../protocol/index.ts';
import type {Counted, EventCounts} from './event-counts.ts';
import type {ServiceObjective} from './objective.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

export type BurnRule = {
  readonly severity: AlertSeverity;
  readonly longMs: number;
  readonly shortMs: number;
  /** Burn rate from which it fires. */
  readonly rate: number;
};

/** The most urgent first. */
export const BURN_RULES: readonly BurnRule[] = [
  {severity: 'page', longMs: HOUR, shortMs: 5 * MINUTE, rate: 14.4},
  {severity: 'page', longMs: 6 * HOUR, shortMs: 30 * MINUTE, rate: 6},
  {severity: 'ticket', longMs: 3 * DAY, shortMs: 6 * HOUR, rate: 1},
];

/** Stretches whose burn rates are shown. */
export const BURN_STRETCHES: readonly number[] = [5 * MINUTE, 30 * MINUTE, HOUR, 6 * HOUR, 3 * DAY];

/** How likely a service that just keeps its promise may look like this, at one look: looks are once a minute, for years. */
const CHANCE: Record<AlertSeverity, number> = {page: 1e-6, ticket: 1e-3};

/** Rules that can fire: others look further back than the objective does, or ask for more errors than there are requests. */
export const rulesFor = ({windowMs, target}: Pick<ServiceObjective, 'windowMs' | 'target'>): readonly BurnRule[] =>
  BURN_RULES.filter(({longMs, rate}) => longMs <= windowMs && rate * (1 - target) < 1);

/** Null where nothing was asked. */
export const burnRate = ({good, total}: Counted, target: number): number | null =>
  total === 0 ? null : (total - good) / total / (1 - target);

/** P(X >= bad) for X binomial: how likely as many failures are by chance. */
export const chanceOf = ({good, total}: Counted, share: number): number =>
  good === total ? 1 : betaLower(total - good, good + 1, share);

export type BurnState = {
  readonly rule: BurnRule;
  readonly state: 'firing' | 'clear' | 'between';
  readonly long: Counted;
};

/**
 * A rule now. It is clear again when the burn rate of the last two short stretches is below its own by the share
 * `hysteresis`, or, where nothing was asked in them, that of the long stretch.
 */
export function burnState(
  rule: BurnRule,
  counts: EventCounts,
  target: number,
  hysteresis: number,
  now: number,
): BurnState {
  const long = counts.over(rule.longMs, now);
  const rate = burnRate(long, target) ?? 0;
  const recent = burnRate(counts.over(rule.shortMs, now), target) ?? 0;
  const certain = () => chanceOf(long, 1 - target) <= CHANCE[rule.severity];
  if (rate >= rule.rate && recent >= rule.rate && certain()) return {rule, state: 'firing', long};
  const latest = burnRate(counts.over(2 * rule.shortMs, now), target) ?? rate;
  return {rule, state: latest < rule.rate * (1 - hysteresis) ? 'clear' : 'between', long};
}
