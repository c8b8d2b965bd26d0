/** A model with features from two streams and from requests, and alerts about it, for the tests of incidents. */

import type {Alert, AlertKind, Incident} from '../../protocol/index.ts';
import type {FeatureOrigin} from './feature-origin.ts';
import {type Filed, type FilingInput, fileAlerts} from './file-alerts.ts';
import type {IncidentContext} from './incident-context.ts';

export const MINUTE = 60_000;
export const HOUR = 60 * MINUTE;
export const DAY = 24 * HOUR;
/** 14:05 UTC. */
export const START = Date.UTC(2026, 3, 1, 14, 5);

const from = (stream: string, view: string): FeatureOrigin => ({stream, view, request: null});

/** Features: 5, of `orders` by two views, of `weather` by one, of the request, and unknown ones. */
export const CONTEXT: IncidentContext = {
  model: 'late',
  owner: 'dispatch',
  runbook: 'https://wiki.example/late',
  origins: new Map<string, FeatureOrigin>([
    ['orders_1h', from('orders', 'recent')],
    ['orders_1d', from('orders', 'daily')],
    ['rain', from('weather', 'sky')],
    ['distance', {stream: null, view: null, request: 'distance'}],
  ]),
  importances: new Map([
    ['orders_1h', 0.4],
    ['orders_1d', 0.2],
    ['rain', 0.3],
    ['distance', 0.1],
    ['hour', 0],
  ]),
  lastDeploy: {version: 7, at: START - 7 * MINUTE},
  reference: {
    rows: 5_000,
    positives: 1_000,
    baseRate: 0.2,
    meanPrediction: 0.2,
    auc: 0.74,
    aucLow: 0.73,
    aucHigh: 0.75,
    logLoss: 0.4,
    prAuc: 0.4,
    brier: 0.14,
    ece: 0.01,
  },
  value: {mean: 1.5, unit: 'EUR'},
};

/** `kind:subject`, opened at START unless told. Its id holds `n`, so that the same may open again. */
export function alertOf(kind: AlertKind, subject: string, given: Partial<Alert> = {}, n = 1): Alert {
  const severity = kind === 'performance' || kind === 'calibration' || kind === 'quality' ? 'page' : 'ticket';
  return {
    id: `late:${kind}:${subject}@${n}`,
    model: 'late',
    kind,
    severity,
    subject,
    openedAt: START,
    resolvedAt: null,
    windowId: `late@${n}`,
    measured: 0.5,
    threshold: 0.2,
    title: `${kind} of ${subject}`,
    message: `${kind} of ${subject} is bad.`,
    action: null,
    ...given,
  };
}

/** A ticket that these features drift: name, effect, and the change of the estimate if known. */
export const driftOf = (
  features: readonly (readonly [name: string, effect: number, change?: number])[],
  given: Partial<Alert> = {},
  n = 1,
): Alert =>
  alertOf(
    'drift',
    features.map(([name]) => name).join(),
    {
      features: features.map(([feature, effect, estimatedChange = null]) => ({
        feature,
        effect,
        importance: CONTEXT.importances.get(feature) ?? 0,
        estimatedChange,
      })),
      ...given,
    },
    n,
  );

/** Files step after step, as whoever keeps the records does. */
export class Desk {
  incidents: Incident[] = [];
  readonly alerts = new Map<string, Alert>();
  now = START + MINUTE;
  #made = 0;

  file(input: Partial<Omit<FilingInput, 'incidents' | 'alerts'>>): Filed {
    const filed = fileAlerts({
      context: CONTEXT,
      window: null,
      now: this.now,
      ...input,
      incidents: this.incidents.filter(({resolvedAt}) => resolvedAt === null || this.now - resolvedAt <= HOUR),
      alerts: [...this.alerts.values()],
      newId: () => `late.${++this.#made}`,
    });
    for (const alert of [...(input.opened ?? []), ...(input.changed ?? []), ...(input.resolved ?? [])])
      this.alerts.set(alert.id, alert);
    for (const incident of filed.incidents) {
      const index = this.incidents.findIndex(({id}) => id === incident.id);
      if (index < 0) this.incidents.push(incident);
      else this.incidents[index] = incident;
    }
    return filed;
  }

  open(...opened: Alert[]): Filed {
    return this.file({opened});
  }

  resolve(...alerts: Alert[]): Filed {
    return this.file({resolved: alerts.map(alert => ({...alert, resolvedAt: this.now}))});
  }

  /** `source:orders drift:rain …` of each incident, resolved ones in brackets, inhibited alerts with a minus. */
  story(): string[] {
    return this.incidents.map(({cause, alerts, inhibited, resolvedAt}) => {
      const named = alerts.map(id => {
        const {kind, subject} = this.alerts.get(id)!;
        return `${inhibited.some(({alert}) => alert === id) ? '-' : ''}${kind}:${subject}`;
      });
      const text = [`${cause.kind}:${cause.name}`, ...named].join(' ');
      return resolvedAt === null ? text : `[${text}]`;
    });
  }
}
