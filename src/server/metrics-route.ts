import type {FastifyInstance} from 'fastify';
import {Counter, collectDefaultMetrics, Gauge, Registry} from 'prom-client';
import type {Host} from '../app/index.ts';
import type {AdmissionControl} from './admission.ts';
import {incidentMetrics} from './incident-metrics.ts';
import {monitoringMetrics} from './monitoring-metrics.ts';
import type {RequestTimes} from './request-times.ts';
import {servingMetrics} from './serving-metrics.ts';

/** GET /metrics in Prometheus' text format: the process, the HTTP requests, the models and the streams. */
export function metricsRoute(
  server: FastifyInstance,
  host: Host,
  admission: AdmissionControl,
  times: RequestTimes,
): void {
  const registry = new Registry();
  collectDefaultMetrics({register: registry});
  host.onAnswered = ({method, route, status, seconds}) => times.note(method, route, status, seconds);
  const modelCounter = (
    name: string,
    help: string,
    read: (model: NonNullable<Host['platform']>['models'][number]) => number,
  ) =>
    new Counter({
      name,
      help,
      labelNames: ['model'],
      registers: [registry],
      collect() {
        this.reset();
        for (const model of host.platform?.models ?? []) this.inc({model: model.definition.name}, read(model));
      },
    });
  modelCounter('millrace_predictions_total', 'Predictions answered since the process began.', m => m.predictions);
  modelCounter('millrace_prediction_errors_total', 'Requests that could not be answered.', m => m.errors);
  const modelGauge = (
    name: string,
    help: string,
    read: (model: NonNullable<Host['platform']>['models'][number]) => number | null,
  ) =>
    new Gauge({
      name,
      help,
      labelNames: ['model'],
      registers: [registry],
      collect() {
        this.reset();
        for (const model of host.platform?.models ?? []) {
          const value = read(model);
          if (value !== null) this.set({model: model.definition.name}, value);
        }
      },
    });
  modelGauge('millrace_labels_pending', 'Predictions whose label window is open.', m => m.pending);
  modelGauge('millrace_open_alerts', 'Alerts that are not resolved.', m => m.watch.openAlerts.length);
  modelGauge('millrace_champion_version', 'Version in charge.', m => m.service.plan && m.service.champion.version);
  modelGauge(
    'millrace_window_auc',
    'AUC of the newest window with mature labels.',
    m => m.watch.windows.findLast(w => w.performance)?.performance?.overall.auc ?? null,
  );
  new Counter({
    name: 'millrace_events_total',
    help: 'Events in the log.',
    labelNames: ['stream'],
    registers: [registry],
    collect() {
      this.reset();
      for (const {name, events} of host.runtime.gate.reports()) this.inc({stream: name}, events);
    },
  });
  servingMetrics(registry, host, admission);
  monitoringMetrics(registry, host);
  incidentMetrics(registry, host);
  server.get('/metrics', async (_request, reply) =>
    reply.type(registry.contentType).send((await registry.metrics()) + times.text()),
  );
}
