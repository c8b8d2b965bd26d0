/** Alerts of service level objectives: at most one is open for each, a page while its budget burns fast, else a ticket. */

import {type Alert, type AlertSeverity, formatDuration} from '../../protocol/index.ts';
import {figure, percent, wholeNumber} from '../alerts/words.ts';
import {type BurnState, burnRate, burnState, rulesFor} from './burn-rate.ts';
import type {EventCounts} from './event-counts.ts';
import {measureWords, objectiveWords, type ServiceObjective, shareWords} from './objective.ts';

export type SloInputs = {
  readonly model: string;
  readonly objective: ServiceObjective;
  readonly counts: EventCounts;
  /** Share of its rate by which a rule must be below it to be clear. */
  readonly hysteresis: number;
  /** Alerts of this model that are not resolved. */
  readonly open: readonly Alert[];
  /** Now (UTC ms). */
  readonly at: number;
};

/** Which alerts of one objective open and resolve. To be called once a minute; calling it more often changes nothing. */
export function judgeSlo(inputs: SloInputs): {readonly opened: readonly Alert[]; readonly resolved: readonly Alert[]} {
  const {objective, counts, hysteresis, at} = inputs;
  const open = inputs.open.find(({kind, subject}) => kind === 'slo' && subject === objective.name);
  const states = rulesFor(objective).map(rule => burnState(rule, counts, objective.target, hysteresis, at));
  const firing = states.find(({state}) => state === 'firing');
  const wanted = firing?.rule.severity ?? null;
  // A page becomes a ticket only when no rule for pages is near.
  if (open && !isOver(open.severity, wanted, states)) return {opened: [], resolved: []};
  return {
    opened: firing ? [alertOf(inputs, firing)] : [],
    resolved: open ? [{...open, resolvedAt: at}] : [],
  };
}

/** Whether an open alert makes room: for a graver one, or because all rules of its severity are clear. */
function isOver(open: AlertSeverity, wanted: AlertSeverity | null, states: readonly BurnState[]): boolean {
  if (wanted === open) return false;
  if (wanted === 'page') return true;
  return states.every(({rule, state}) => rule.severity !== open || state === 'clear');
}

function alertOf({model, objective, counts, at}: SloInputs, {rule, long}: BurnState): Alert {
  const {name, target, windowMs} = objective;
  const rate = burnRate(long, target)!;
  const since = counts.firstBad(rule.longMs, at) ?? at;
  const whole = counts.over(windowMs, at);
  const left = 1 - (burnRate(whole, target) ?? 0);
  const budget =
    left > 0
      ? `${percent(left)} of the error budget is left: at this rate it is gone in ${roughly((left * windowMs) / rate)}.`
      : 'The error budget is used up.';
  return {
    id: `${model}:slo:${name} ${rule.severity}@${new Date(at).toISOString()}`,
    model,
    kind: 'slo',
    severity: rule.severity,
    subject: name,
    openedAt: at,
    resolvedAt: null,
    windowId: `${model}/slo/${name}`,
    measured: rate,
    threshold: rule.rate,
    title: `The error budget of '${name}' burns ${figure(rate)} times too fast (${model})`,
    message: `${wholeNumber(long.total - long.good)} of ${wholeNumber(long.total)} requests in the last ${formatDuration(rule.longMs)} missed ${measureWords(objective)}: ${percent(1 - long.good / long.total)}, where ${shareWords(1 - target)} may (${objectiveWords(objective)}). The first was at ${new Date(since).toISOString().slice(0, 16)}Z. ${budget} ${ADVICE[objective.of]}`,
    action: null,
  };
}

const ADVICE: Record<ServiceObjective['of'], string> = {
  availability: "Look at the server's log for errors, at its load, and at what was deployed last.",
  latency: 'Look at the load, at the lag of the event loop, and at what was deployed last.',
  fallback: 'Look at which level answers, and why those above it were skipped: GET /api/serving.',
};

/** A stretch in its largest unit, such as `18 h`. */
function roughly(ms: number): string {
  if (ms >= 2 * 86_400_000) return `${Math.round(ms / 86_400_000)} d`;
  if (ms >= 2 * 3_600_000) return `${Math.round(ms / 3_600_000)} h`;
  return `${Math.max(1, Math.round(ms / 60_000))} min`;
}
