import {loopTrend} from '../loops/loop-trend.ts';
import type {AlertRule} from './rule.ts';

/** A ticket when a model shows less and less of its catalogue; it is over when the trend is. */
export const loopRule: AlertRule = ({windows}) => {
  const current = windows.at(-1)!;
  if (!current.loop) return null;
  const {verdict, message, measures} = loopTrend(
    windows.flatMap(({from, to, loop}) => (loop ? [{from, to, report: loop}] : [])),
  );
  if (verdict === 'insufficient data') return null;
  const [strongest] = [...measures].sort((a, b) => a.pValue - b.pValue);
  return {
    kind: 'feedback-loop',
    severity: 'ticket',
    subject: 'items',
    state: verdict === 'narrowing' ? 'firing' : 'clear',
    measured: strongest!.now,
    threshold: strongest!.before,
    title: 'Shows less and less of its catalogue',
    message: message ?? '',
  };
};
