import type {MonitorWindow, QualityResult} from '../../protocol/index.ts';
import type {Reading} from './persistence.ts';
import {type AlertRules, persisted} from './rule.ts';
import {windowWords} from './words.ts';

const AT_ONCE = {k: 1, n: 1};

/** Each check by itself: a broken contract says so in the first window that shows it, and is over in the first that keeps it. */
export const qualityRules: AlertRules = ({windows}) => {
  const current = windows.at(-1)!;
  return (current.quality ?? []).flatMap(result => {
    if (result.verdict === 'insufficient data') return [];
    const read = (window: MonitorWindow): Reading =>
      readingOf(window.quality?.find(({check}) => check === result.check));
    const {state} = persisted(windows, AT_ONCE, read);
    return [
      {
        kind: 'quality' as const,
        severity: result.severity,
        subject: result.check,
        state,
        measured: result.measured ?? shareOf(result),
        threshold: result.limit ?? 0,
        title: `Broken: ${result.check}`,
        message: `${result.message.replace(/\.?$/, '')}, on ${windowWords(current)}.`,
        features: result.subjects.map(feature => ({
          feature,
          effect: shareOf(result),
          importance: 0,
          estimatedChange: null,
        })),
      },
    ];
  });
};

const shareOf = ({broken, rows}: QualityResult): number => (rows === 0 ? 0 : broken / rows);

function readingOf(result: QualityResult | undefined): Reading {
  if (!result || result.verdict === 'insufficient data') return 'nothing';
  return result.verdict === 'broken' ? 'bad' : 'good';
}
