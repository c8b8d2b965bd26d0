/** Which features an alert is about: those that it names, or what its window shows. */

import type {Alert, AlertFeature, MonitorWindow} from '../../protocol/index.ts';

/** Importance by feature: shares of the model's. */
export type Importances = ReadonlyMap<string, number>;

/** The heaviest first, as they were named; empty where none is known. */
export function featuresOf(
  alert: Alert,
  window: MonitorWindow | null,
  importances: Importances,
): readonly AlertFeature[] {
  // Rules that know no importances leave them at 0.
  if (alert.features !== undefined && alert.features.length > 0)
    return alert.features.map(one => ({...one, importance: one.importance || (importances.get(one.feature) ?? 0)}));
  const feature = (name: string, effect: number): AlertFeature => ({
    feature: name,
    effect,
    importance: importances.get(name) ?? 0,
    estimatedChange: null,
  });
  if (importances.has(alert.subject)) return [feature(alert.subject, alert.measured)];
  if (window === null) return [];
  if (alert.kind === 'drift')
    return window.drift
      .filter(({verdict, subject}) => verdict === 'drift' && importances.has(subject))
      .map(({subject, effect}) => feature(subject, effect));
  if (alert.kind === 'quality') {
    const check = window.quality?.find(result => result.check === alert.subject);
    const share = check && check.rows > 0 ? check.broken / check.rows : 1;
    return (check?.subjects ?? []).map(subject => feature(subject, share));
  }
  if (alert.kind === 'multivariate')
    return (window.multivariate ?? [])
      .filter(({verdict}) => verdict === 'drift')
      .flatMap(({features}) => features)
      .map(({feature: name, share}) => feature(name, share));
  return [];
}
