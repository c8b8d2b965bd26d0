import type {MonitorWindow} from '../../protocol/index.ts';
import type {Reading} from './persistence.ts';
import {type AlertRule, persisted} from './rule.ts';
import {windowWords} from './words.ts';

/** Where performance has no rule of its own. */
const USUALLY = {k: 2, n: 3};

/** A ticket when labels show, k of n times, that the same inputs lead to other outcomes: what no drift of inputs explains. */
export const conceptRule: AlertRule = ({policy, windows}) => {
  const current = windows.at(-1)!;
  if (!current.shifts || !current.performance) return null;
  const read = ({shifts, performance}: MonitorWindow): Reading => {
    if (!shifts || !performance) return 'nothing';
    return shifts.some(({kind}) => kind === 'concept') ? 'bad' : 'good';
  };
  const persistence = policy.performance?.for ?? USUALLY;
  const {state, often} = persisted(windows, persistence, read);
  const bad = windows.slice(-persistence.n).filter(window => read(window) === 'bad').length;
  const shift = current.shifts.find(({kind}) => kind === 'concept');
  return {
    kind: 'concept',
    severity: 'ticket',
    subject: 'outcomes',
    state,
    measured: bad,
    threshold: persistence.k,
    title: 'The same inputs lead to other outcomes',
    message: `${shift?.message ?? 'Outcomes changed for the same inputs.'} Seen on ${windowWords(current, policy.zone)}${often}. Train again on rows from after the change.`,
  };
};
