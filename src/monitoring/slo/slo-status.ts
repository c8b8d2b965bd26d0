import type {SloStatus} from '../../protocol/index.ts';
import {BURN_STRETCHES, burnRate} from './burn-rate.ts';
import type {EventCounts} from './event-counts.ts';
import {objectiveWords, type ServiceObjective} from './objective.ts';

/** How much of the budget of an objective is left, and how fast it burns. */
export function sloStatus(model: string, objective: ServiceObjective, counts: EventCounts, now: number): SloStatus {
  const {name, target, windowMs} = objective;
  const {good, total} = counts.over(windowMs, now);
  const spent = burnRate({good, total}, target);
  return {
    name,
    model,
    objective: objectiveWords(objective),
    target,
    windowMs,
    good,
    total,
    budgetLeft: spent === null ? null : 1 - spent,
    burn: BURN_STRETCHES.filter(overMs => overMs <= windowMs).map(overMs => ({
      overMs,
      rate: burnRate(counts.over(overMs, now), target),
    })),
  };
}
