/** Which ticket a drifting feature belongs to: the open one that names it, or a new one, so that none hides another. */

import type {Alert, AlertFeature} from '../../protocol/index.ts';
import {SEVERE} from '../drift/judge-drift.ts';
import type {AlertState} from './persistence.ts';
import type {Judgement, RuleContext} from './rule.ts';

/** What the newest window says of one feature, or field of requests; `nothing` where it cannot tell. */
export type JudgedFeature = {
  readonly state: AlertState | 'nothing';
  readonly severe: boolean;
  readonly feature: AlertFeature;
};

/** How tickets about one subject read. */
type Wording<T> = {
  readonly subject: string;
  readonly title: (features: readonly AlertFeature[]) => string;
  readonly words: (firing: readonly T[]) => Pick<Judgement, 'measured' | 'threshold' | 'message'>;
};

/**
 * Features that fire and that no open ticket names are one ticket of the newest window; so is one that was named for a
 * milder drift and is severe now. A ticket of another window no longer names what is clear, and resolves when that is
 * all.
 */
export function driftTickets<T extends JudgedFeature>(
  {open, windows}: Pick<RuleContext, 'open' | 'windows'>,
  judged: readonly T[],
  {subject, title, words}: Wording<T>,
): Judgement[] {
  if (judged.every(({state}) => state === 'nothing')) return [];
  const tickets = open.filter(alert => alert.kind === 'drift' && alert.subject === subject);
  const own = tickets.find(({windowId}) => windowId === windows.at(-1)!.id);
  const others = tickets.filter(ticket => ticket !== own);
  const firing = judged.filter(
    one => one.state === 'firing' && ((own && names(own, one)) || !others.some(ticket => covers(ticket, one))),
  );
  const features = firing.map(({feature}) => feature);
  const told: Judgement[] = others.flatMap(ticket => followUp(ticket, judged, title));
  if (firing.length > 0)
    told.push({
      ...{kind: 'drift', severity: 'ticket', subject, state: 'firing', features},
      ...{title: title(features), ...words(firing), about: own ?? null},
    });
  else if (own) told.push({...own, state: 'clear', about: own});
  return told;
}

/** Alerts of earlier releases name nothing: they are about all. */
const names = ({features = []}: Alert, {feature}: JudgedFeature): boolean =>
  features.length === 0 || features.some(named => named.feature === feature.feature);

function covers(ticket: Alert, one: JudgedFeature): boolean {
  const named = ticket.features?.find(({feature}) => feature === one.feature.feature);
  return names(ticket, one) && (!one.severe || !named || named.effect >= SEVERE);
}

/** What becomes of a ticket of another window; what is judged no more is no reason to keep it open. */
function followUp(ticket: Alert, judged: readonly JudgedFeature[], title: Wording<never>['title']): Judgement[] {
  const before = ticket.features ?? [];
  const left = judged.filter(
    one => names(ticket, one) && one.state !== 'clear' && (before.length > 0 || one.state !== 'nothing'),
  );
  if (left.length === 0) return [{...ticket, state: 'clear', about: ticket}];
  const features = before.filter(({feature}) => left.some(one => one.feature.feature === feature));
  return features.length === before.length
    ? []
    : [{...ticket, title: title(features), features, state: 'unchanged', about: ticket}];
}
