import type {MonitorWindow, MultivariateReport} from '../../protocol/index.ts';
import type {Reading} from './persistence.ts';
import {type AlertRule, persisted} from './rule.ts';
import {figure, listWords, percent, windowWords} from './words.ts';

const NAMED = 3;
/** Where drift has no rule of its own. */
const USUALLY = {k: 2, n: 3};

const WORDS: Readonly<Record<MultivariateReport['method'], (value: string) => string>> = {
  'domain-classifier': value => `a classifier tells them apart with an AUC of ${value}`,
  mmd: value => `their kernel means differ by ${value}`,
  pca: value => `they fit the main directions of the reference ${value} times as badly`,
};

/** A ticket when any method can tell rows of the window from those of the reference, k of n times. */
export const multivariateRule: AlertRule = ({policy, profile, windows}) => {
  const current = windows.at(-1)!;
  const reports = (current.multivariate ?? []).filter(({verdict}) => verdict !== 'insufficient data');
  if (!policy.multivariate || reports.length === 0) return null;
  const read = ({multivariate}: MonitorWindow): Reading => {
    const told = (multivariate ?? []).filter(({verdict}) => verdict !== 'insufficient data');
    if (told.length === 0) return 'nothing';
    return told.some(({verdict}) => verdict === 'drift') ? 'bad' : 'good';
  };
  const {state, often} = persisted(windows, policy.drift?.for ?? USUALLY, read);
  const report = reports.find(({verdict}) => verdict === 'drift') ?? reports[0]!;
  const importanceOf = new Map(profile.features.map(({name, importance}) => [name, importance]));
  const named = report.features.slice(0, NAMED).map(({feature, share}) => `${feature} (${percent(share)})`);
  const because = named.length === 0 ? '' : ` Given away by ${listWords(named)}.`;
  return {
    kind: 'multivariate',
    severity: 'ticket',
    subject: 'features together',
    state,
    measured: report.value,
    threshold: report.threshold,
    title: 'Features drift together',
    message: `Rows of ${windowWords(current, policy.zone)} are not like those of the test split: ${WORDS[report.method](figure(report.value))}, ${figure(report.threshold)} is the limit${often}.${because}`,
    features: report.features.map(({feature, share}) => ({
      feature,
      effect: share,
      importance: importanceOf.get(feature) ?? 0,
      estimatedChange: null,
    })),
  };
};
