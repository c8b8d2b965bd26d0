import type {Registry} from 'prom-client';
import type {Host} from '../app/index.ts';
import {counterOf, gaugeOf, type Sample} from './metrics/gauge-of.ts';

const MINUTE_MS = 60_000;
const SPANS: readonly (readonly [ms: number, name: string])[] = [
  [24 * 60 * MINUTE_MS, 'd'],
  [60 * MINUTE_MS, 'h'],
  [MINUTE_MS, 'm'],
];

/** What Prometheus is told of objectives, alerts, incidents and of the messages about them. */
export function incidentMetrics(registry: Registry, host: Host): void {
  const models = () => host.platform?.models ?? [];
  const statuses = oncePerTurn(() => models().flatMap(({slos}) => slos.statuses(host.runtime.clock.now())));
  const desk = () => host.platform?.incidents ?? null;

  counterOf(
    registry,
    {
      name: 'millrace_slo_events_total',
      help: 'Requests that count for an objective, since the process began.',
      labels: ['model', 'slo', 'result'],
    },
    () =>
      models().flatMap(({definition: {name: model}, slos}) =>
        slos.totals().flatMap(({objective: {name: slo}, good, bad}): Sample[] => [
          [{model, slo, result: 'good'}, good],
          [{model, slo, result: 'bad'}, bad],
        ]),
      ),
  );
  gaugeOf(
    registry,
    {name: 'millrace_slo_target', help: 'Share of good requests that is promised.', labels: ['model', 'slo']},
    () => statuses().map(({model, name: slo, target}): Sample => [{model, slo}, target]),
  );
  gaugeOf(
    registry,
    {
      name: 'millrace_slo_budget_left',
      help: 'Share of the error budget that is left; below 0 the promise is broken.',
      labels: ['model', 'slo'],
    },
    () => statuses().map(({model, name: slo, budgetLeft}): Sample => [{model, slo}, budgetLeft ?? Number.NaN]),
  );
  gaugeOf(
    registry,
    {
      name: 'millrace_slo_burn_rate',
      help: 'How fast the error budget burns: 1 uses it up at the end of its window.',
      labels: ['model', 'slo', 'over'],
    },
    () =>
      statuses().flatMap(({model, name: slo, burn}) =>
        burn.map(({overMs, rate}): Sample => [{model, slo, over: spanName(overMs)}, rate ?? Number.NaN]),
      ),
  );
  gaugeOf(
    registry,
    {name: 'millrace_alerts_open', help: 'Alerts that are not resolved.', labels: ['model', 'kind', 'severity']},
    () =>
      counted(
        models().flatMap(({watch}) => watch.openAlerts.map(({model, kind, severity}) => ({model, kind, severity}))),
      ),
  );
  gaugeOf(
    registry,
    {name: 'millrace_incidents_open', help: 'Incidents that are not resolved.', labels: ['model', 'severity']},
    () => {
      const open = (desk()?.current ?? []).filter(({resolvedAt}) => resolvedAt === null);
      return counted(open.map(({model, severity}) => ({model, severity})));
    },
  );
  gaugeOf(
    registry,
    {name: 'millrace_deliveries_waiting', help: 'Messages on their way to people.', labels: ['channel', 'tried']},
    () =>
      counted((desk()?.waiting ?? []).map(({channel, attempts}) => ({channel, tried: attempts > 0 ? 'yes' : 'no'}))),
  );
  gaugeOf(
    registry,
    {
      name: 'millrace_deliveries_failed',
      help: 'Messages of the last seven days that were given up.',
      labels: ['channel'],
    },
    async () => {
      const from = host.runtime.clock.now() - 7 * 24 * 60 * MINUTE_MS;
      const failed = (await desk()?.deliveries({state: 'failed', from, limit: 1_000})) ?? [];
      return counted(failed.map(({channel}) => ({channel})));
    },
  );
  gaugeOf(
    registry,
    {
      name: 'millrace_alert_precision',
      help: 'Share of the judged incidents that were useful; NaN before any was judged.',
      labels: ['model'],
    },
    async () => {
      const all = (await desk()?.precision()) ?? [];
      return all.map(({model, precision}): Sample => [{model}, precision?.value ?? Number.NaN]);
    },
  );
}

/** The same answer for all that ask in one turn of the event loop: three metrics are read from it. */
function oncePerTurn<T>(read: () => T): () => T {
  let known: {readonly value: T} | null = null;
  return () => {
    if (known === null) {
      known = {value: read()};
      setImmediate(() => {
        known = null;
      });
    }
    return known.value;
  };
}

/** How often each combination of labels occurs. */
function counted(series: readonly Readonly<Record<string, string>>[]): Sample[] {
  const counts = new Map<string, [Readonly<Record<string, string>>, number]>();
  for (const labels of series) {
    const key = JSON.stringify(labels);
    const entry = counts.get(key);
    if (entry) entry[1]++;
    else counts.set(key, [labels, 1]);
  }
  return [...counts.values()];
}

/** `5m`, `1h`, `3d`, as Prometheus writes them. */
function spanName(ms: number): string {
  const [unit, letter] = SPANS.find(([each]) => ms % each === 0)!;
  return `${ms / unit}${letter}`;
}
