// Incidents that are open or were just resolved, with their alerts and what people were told of them: what the desk works on.
import {SAME_INCIDENT_MS, speakingAmong, type Told} from '../../monitoring/index.ts';
import type {Alert, Incident} from '../../protocol/index.ts';
import type {IncidentRecords} from './incident-records.ts';

/** Of a model, to find those that are open. */
const LOOKED_AT = 10_000;
/** So long people may believe that an incident is open which is over: the process ended before it told them. */
const UNTOLD_MS = 30 * 86_400_000;

export class CurrentIncidents {
  readonly #records: IncidentRecords;
  readonly #incidents = new Map<string, Incident>();
  readonly #alerts = new Map<string, Alert>();
  readonly #told = new Map<string, Told>();
  /** Number of the newest incident by model. */
  readonly #numbers = new Map<string, number>();

  constructor(records: IncidentRecords) {
    this.#records = records;
  }

  /** Reads those of a model that matter at `now`, or whose end nobody was told; `alerts`: all that are known of it. */
  async load(model: string, alerts: readonly Alert[], now: number): Promise<void> {
    const byId = new Map(alerts.map(alert => [alert.id, alert]));
    for (const incident of await this.#records.incidents({model, limit: LOOKED_AT})) {
      const number = Number(incident.id.slice(model.length + 1));
      this.#numbers.set(model, Math.max(number, this.#numbers.get(model) ?? 0));
      if (incident.resolvedAt !== null && now - incident.resolvedAt > UNTOLD_MS) continue;
      const told = await this.#records.told(incident.id);
      if (!isCurrent(incident, now) && !isUntold(told)) continue;
      this.#incidents.set(incident.id, incident);
      if (told) this.#told.set(incident.id, told);
      for (const id of incident.alerts) {
        const alert = byId.get(id);
        if (alert) this.#alerts.set(id, alert);
      }
    }
  }

  get all(): readonly Incident[] {
    return [...this.#incidents.values()];
  }

  /** Those that are open, of which nobody was told. */
  get untold(): Incident[] {
    return this.all.filter(({id, resolvedAt}) => resolvedAt === null && !this.#told.has(id));
  }

  of(model: string): Incident[] {
    return this.all.filter(incident => incident.model === model);
  }

  get(id: string): Incident | undefined {
    return this.#incidents.get(id);
  }

  alertsOf({alerts}: Incident): Alert[] {
    return alerts.map(id => this.#alerts.get(id)).filter(alert => alert !== undefined);
  }

  alert(id: string): Alert | undefined {
    return this.#alerts.get(id);
  }

  /** Alerts that people are told of, the gravest first. */
  speaking(incident: Incident): Alert[] {
    return speakingAmong(this.alertsOf(incident), incident.inhibited);
  }

  /** As grave as what speaks of it now: a page that is over pages nobody for the tickets that are left. */
  asItSpeaks(incident: Incident): Incident {
    const [gravest] = this.speaking(incident);
    return gravest ? {...incident, severity: gravest.severity} : incident;
  }

  toldOf(id: string): Told | null {
    return this.#told.get(id) ?? null;
  }

  newId(model: string): string {
    const number = (this.#numbers.get(model) ?? 0) + 1;
    this.#numbers.set(model, number);
    return `${model}.${number}`;
  }

  keepAlerts(alerts: readonly Alert[]): void {
    for (const alert of alerts) this.#alerts.set(alert.id, alert);
  }

  keep(incident: Incident, told: Told | null): void {
    this.#incidents.set(incident.id, incident);
    if (told) this.#told.set(incident.id, told);
  }

  /** Lets go of what is over and told. */
  forget(now: number): void {
    for (const incident of this.all) {
      if (isCurrent(incident, now) || isUntold(this.toldOf(incident.id))) continue;
      this.#incidents.delete(incident.id);
      this.#told.delete(incident.id);
      for (const id of incident.alerts) this.#alerts.delete(id);
    }
  }
}

const isCurrent = ({resolvedAt}: Incident, now: number): boolean =>
  resolvedAt === null || now - resolvedAt <= SAME_INCIDENT_MS;

/** Whether people still believe it to be open. */
const isUntold = (told: Told | null): boolean => told !== null && told.event !== 'resolved';
