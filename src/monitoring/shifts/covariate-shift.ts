/** Inputs that look otherwise than those of the reference. */

import type {MonitorWindow, Shift} from '../../protocol/index.ts';
import {figure, listWords, windowWords} from '../alerts/words.ts';
import {shiftRun, type Windows} from './shift-run.ts';

const NAMED = 3;

/** One shift for all features that drift, those left out whose `excluded` names; null if none does. */
export function covariateShift(windows: Windows, excluded: ReadonlySet<string>): Shift | null {
  const window = windows.at(-1)!;
  const alone = drifting(window).filter(({subject}) => !excluded.has(subject));
  if (alone.length === 0) return together(windows);
  const subjects = alone.sort((a, b) => b.effect - a.effect).map(({subject}) => subject);
  const own = new Set(subjects);
  const effectsOf = ({drift}: MonitorWindow): number[] =>
    drift.filter(({subject, rows}) => own.has(subject) && rows > 0).map(({effect}) => effect);
  const {first, since, pattern} = shiftRun(
    windows,
    other => {
      if (drifting(other).some(({subject}) => own.has(subject))) return true;
      return other.drift.some(({subject, verdict}) => own.has(subject) && verdict === 'stable') ? false : null;
    },
    // PSI grows with the square of a shift.
    other => (effectsOf(other).length === 0 ? null : Math.sqrt(Math.max(...effectsOf(other)))),
  );
  const named = alone.slice(0, NAMED).map(({subject, effect}) => `${subject} (${figure(effect)})`);
  const more = alone.length > NAMED ? ` and ${alone.length - NAMED} more` : '';
  const verb = alone.length === 1 ? 'is' : 'are';
  const message = `${more ? named.join(', ') : listWords(named)}${more} ${verb} not distributed as in the reference since ${windowWords(first)}.${estimated(window)}`;
  return {kind: 'covariate', pattern, subjects, since, message};
}

/** Features of which none drifts by itself, but all together do. */
function together(windows: Windows): Shift | null {
  const report = windows.at(-1)!.multivariate?.find(({verdict}) => verdict === 'drift');
  if (!report) return null;
  const told = ({multivariate}: MonitorWindow) => multivariate?.find(({method}) => method === report.method);
  const {first, since, pattern} = shiftRun(
    windows,
    other => {
      const verdict = told(other)?.verdict;
      return verdict === undefined || verdict === 'insufficient data' ? null : verdict === 'drift';
    },
    other => (told(other) ? Math.abs(told(other)!.value - (report.method === 'domain-classifier' ? 0.5 : 0)) : null),
  );
  const subjects = report.features.map(({feature}) => feature);
  const named = subjects.length === 0 ? '' : `, told by ${listWords(subjects.slice(0, NAMED))}`;
  const message = `Features together are not as in the reference since ${windowWords(first)}, though none is by itself${named}.${estimated(windows.at(-1)!)}`;
  return {kind: 'covariate', pattern, subjects, since, message};
}

const drifting = ({drift}: MonitorWindow) => drift.filter(({verdict}) => verdict === 'drift');

function estimated({estimate, performance}: MonitorWindow): string {
  const auc = estimate?.metrics.auc;
  const real = performance?.overall.auc ?? null;
  if (auc === undefined && real === null) return '';
  const thought =
    auc === undefined ? null : `estimated AUC ${figure(auc.value)} [${figure(auc.low)}, ${figure(auc.high)}]`;
  const measured = real === null ? null : `measured AUC ${figure(real)}`;
  const words = [thought, measured].filter(text => text !== null).join(', ');
  return ` ${words[0]!.toUpperCase()}${words.slice(1)}.`;
}
