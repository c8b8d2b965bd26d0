/** Incidents as words, levels, places to look at, and an order. */
import {inWords, signed} from '../format/numbers.ts';
import {listed} from '../format/words.ts';

type Level = 'good' | 'watch' | 'bad' | 'unknown';

/** What is read of an `Incident`. */
type Cause = {readonly kind: 'source' | 'view' | 'request' | 'model' | 'service'; readonly name: string};
type Change = {
  readonly metric: string;
  readonly measured: boolean;
  readonly value: number;
  readonly low: number;
  readonly high: number;
};
type State = {
  readonly resolvedAt: number | null;
  readonly silencedBy: string | null;
  readonly acknowledgedBy: string | null;
  readonly severity: 'page' | 'ticket';
};
type Ranked = State & {
  readonly id: string;
  readonly since: number;
  readonly cost: {readonly amount: number} | null;
  readonly change: Change | null;
};

export const incidentPath = (id: string): string => `/monitoring/incidents/${encodeURIComponent(id)}`;

export const isOpen = ({resolvedAt}: Pick<State, 'resolvedAt'>): boolean => resolvedAt === null;

export function incidentLevel({resolvedAt, silencedBy, severity}: State): Level {
  if (resolvedAt !== null || silencedBy !== null) return 'unknown';
  return severity === 'page' ? 'bad' : 'watch';
}

export function incidentState({resolvedAt, silencedBy, acknowledgedBy, severity}: State): string {
  if (resolvedAt !== null) return 'resolved';
  if (silencedBy !== null) return 'silenced';
  return acknowledgedBy === null ? severity : `${severity}, taken`;
}

/** Where to look for what went wrong. */
export function causeLink({kind, name}: Cause, model: string): {readonly text: string; readonly to: string} {
  const value = encodeURIComponent(name);
  const of = encodeURIComponent(model);
  switch (kind) {
    case 'source':
      return {text: `source ${name}`, to: `/data/${value}`};
    case 'view':
      return {
        text: `view ${name}`,
        to: `/features?q=${encodeURIComponent(`view:${/\s/.test(name) ? `"${name}"` : name}`)}`,
      };
    case 'request':
      return {text: 'what callers send', to: `/monitoring?model=${of}&level=inputs#levels`};
    case 'service':
      return {text: 'the service', to: `/monitoring?model=${of}&level=software#levels`};
    case 'model':
      return {text: `the model ${name}`, to: `/models?model=${value}`};
  }
}

const METRICS: Readonly<Record<string, string>> = {
  auc: 'AUC',
  prAuc: 'PR AUC',
  logLoss: 'log loss',
  brier: 'Brier score',
};

export const metricName = (metric: string): string => METRICS[metric] ?? inWords(metric);

/** `AUC −0.031 [−0.044, −0.018], estimated`. */
export function changeWords({change}: Pick<Ranked, 'change'>): string | null {
  if (change === null) return null;
  const {metric, value, low, high, measured} = change;
  return `${metricName(metric)} ${signed(value, 3)} [${signed(low, 3)}, ${signed(high, 3)}], ${measured ? 'measured' : 'estimated'}`;
}

/** `origin ATL, ORD and DFW; hour 7`, of slices such as `origin = ATL`. */
export function sliceWords(slices: readonly string[]): string {
  const values = new Map<string, string[]>();
  for (const slice of slices) {
    const [feature = '', ...rest] = slice.split(' = ');
    values.set(feature, [...(values.get(feature) ?? []), rest.join(' = ')]);
  }
  return [...values].map(([feature, names]) => `${feature} ${listed(names)}`).join('; ');
}

/** Open ones first; of those what pages, then what is not silenced, then the costlier, then the newer. */
export function ranked<I extends Ranked>(incidents: readonly I[]): readonly I[] {
  const rank = (incident: I): readonly number[] => [
    isOpen(incident) ? 0 : 1,
    incident.silencedBy === null ? 0 : 1,
    isOpen(incident) && incident.severity === 'page' ? 0 : 1,
    isOpen(incident) ? -Math.abs(incident.cost?.amount ?? 0) : 0,
    isOpen(incident) ? -Math.abs(incident.change?.value ?? 0) : 0,
    -incident.since,
  ];
  const ranks = new Map(incidents.map(incident => [incident.id, rank(incident)]));
  return [...incidents].sort((a, b) => {
    const [x, y] = [ranks.get(a.id) ?? [], ranks.get(b.id) ?? []];
    const i = x.findIndex((value, k) => value !== y[k]);
    return i < 0 ? 0 : (x[i] ?? 0) - (y[i] ?? 0);
  });
}
