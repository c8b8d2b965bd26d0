import {wilsonInterval} from '../../math/index.ts';
import type {AlertPrecision, Incident} from '../../protocol/index.ts';

/** Of the incidents of a model that somebody judged, the share that was useful, with Wilson's 95 % interval. */
export function alertPrecision(model: string, incidents: readonly Incident[]): AlertPrecision {
  const own = incidents.filter(incident => incident.model === model);
  const said = (verdict: string): number => own.filter(({feedback}) => feedback?.verdict === verdict).length;
  const useful = said('useful');
  const noise = said('noise');
  const judged = useful + noise;
  const {estimate, low, high} = wilsonInterval(useful, judged);
  return {
    model,
    incidents: own.length,
    useful,
    noise,
    precision: judged === 0 ? null : {value: estimate, low, high},
  };
}
