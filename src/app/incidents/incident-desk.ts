import {
  alertPrecision,
  type Channel,
  channelsFor,
  dueNotice,
  fileAlerts,
  type IncidentContext,
  type Notice,
  type Notifications,
  type Told,
  withMessage,
} from '../../monitoring/index.ts';
import {
  type Alert,
  type AlertPrecision,
  type Clock,
  type Delivery,
  type Incident,
  type IncidentDetail,
  MillraceError,
  type Silence,
} from '../../protocol/index.ts';
import type {MetadataStore, MetadataWrite} from '../../stores/index.ts';
import {type AlertChange, type AlertsNow, alertChanges} from './alert-changes.ts';
import {CurrentIncidents} from './current-incidents.ts';
import {deliveryWrite, IncidentRecords, incidentWrite, tellingWrite, toldWrite} from './incident-records.ts';
import {makeNotice} from './make-notice.ts';
import {Outbox} from './outbox.ts';
import {SilenceBook} from './silence-book.ts';
import {testChannel} from './test-channel.ts';

export type IncidentDeskOptions = {
  readonly metadata: MetadataStore;
  readonly models: readonly string[];
  readonly notifications: Notifications;
  /** Opened; none: incidents are kept and shown, and nobody is told. */
  readonly channels: readonly Channel[];
  /** What is known of a model beside its alerts. */
  readonly context: (model: string) => Promise<IncidentContext>;
  /** All alerts of a model, as they are kept. */
  readonly alerts: (model: string) => Promise<readonly Alert[]>;
  readonly clock: Clock;
  readonly random: () => number;
  /** A text that no other process gives. */
  readonly newId: () => string;
};

export type IncidentQuery = {
  readonly state?: 'open' | 'resolved';
  readonly model?: string;
  /** 200 unless told. */
  readonly limit?: number;
};

export type DeliveryQuery = {
  readonly state?: Delivery['state'];
  /** Made at or after this time. */
  readonly from?: number;
  /** 200 unless told. */
  readonly limit?: number;
};

/** What opened so long before anybody was told of anything is no news. */
const NEWS_MS = 86_400_000;

/**
 * Makes incidents of alerts, and tells people. What is to be told is kept in the same write as what people are then taken
 * to know, and sent beside: a process that is killed at any moment goes on where it was. Whoever owns the clock calls `tick`.
 */
export class IncidentDesk {
  readonly #options: IncidentDeskOptions;
  readonly #records: IncidentRecords;
  readonly #current: CurrentIncidents;
  readonly #silences: SilenceBook;
  readonly #outbox: Outbox | null;
  #isOpen = false;
  #precision: readonly AlertPrecision[] | null = null;
  #last: Promise<unknown> = Promise.resolve();

  constructor(options: IncidentDeskOptions) {
    const {channels, clock, random, newId, metadata} = options;
    this.#options = options;
    this.#records = new IncidentRecords(metadata);
    this.#current = new CurrentIncidents(this.#records);
    const records = this.#records;
    this.#silences = new SilenceBook(records, newId);
    this.#outbox =
      channels.length === 0
        ? null
        : new Outbox({
            records,
            channels,
            clock,
            random,
            newId,
            notice: delivery => this.#notice(delivery),
            isPage: id => this.#standing(id)?.severity === 'page',
            isHeld: id => (this.#current.get(id)?.silencedBy ?? null) !== null,
            onGivenUp: delivery => this.#givenUp(delivery),
          });
  }

  /** Who is told, as the project declares it. */
  get notifications(): Notifications {
    return this.#options.notifications;
  }

  /** Those that are open, or were resolved within the hour. */
  get current(): readonly Incident[] {
    return this.#current.all;
  }

  /** Messages that are on their way. */
  get waiting(): readonly Delivery[] {
    return this.#outbox?.waiting ?? [];
  }

  /** Reads what was kept, and files alerts that were saved before the process ended and reached nobody. */
  async open(): Promise<void> {
    const now = this.#options.clock.now();
    await this.#silences.open();
    for (const model of this.#options.models) {
      const alerts = await this.#options.alerts(model);
      await this.#current.load(model, alerts, now);
      const incidents = this.#current.of(model);
      const filed = new Set(incidents.flatMap(incident => incident.alerts));
      const opened = alerts.filter(({id, resolvedAt}) => resolvedAt === null && !filed.has(id));
      const ended = incidents.filter(incident => incident.resolvedAt === null && this.#isOver(incident));
      const resolved = ended.flatMap(incident => this.#current.alertsOf(incident));
      if (opened.length + resolved.length > 0) await this.take({model, opened, resolved}, now);
    }
    if (this.#outbox) await this.#beginTelling(now);
    await this.#outbox?.open();
    this.#isOpen = true;
  }

  /** The first process that tells people finds what a replay left open: what is old by then is no news. */
  async #beginTelling(now: number): Promise<void> {
    if (await this.#records.hasTold()) return;
    const old = this.#current.untold.filter(({openedAt}) => now - openedAt > NEWS_MS);
    const marks = old.map((incident): [Incident, Told] => {
      const {severity} = this.#current.asItSpeaks(incident);
      const alerts = this.#current.speaking(incident).map(({id}) => id);
      return [incident, {at: now, event: 'opened', severity, alerts, channels: []}];
    });
    await this.#records.write([tellingWrite(now), ...marks.map(([{id}, told]) => toldWrite(id, told))]);
    for (const [incident, told] of marks) this.#current.keep(incident, told);
  }

  /** Files what changed. Alerts may come again: nothing changes then. */
  take(change: AlertChange, now: number): Promise<void> {
    return this.#alone(async () => {
      const {model, opened = [], resolved = [], changed = [], window = null} = change;
      if (opened.length + resolved.length + changed.length === 0) return;
      const incidents = this.#current.of(model);
      const alerts = incidents.flatMap(incident => this.#current.alertsOf(incident));
      const context = await this.#options.context(model);
      const newId = () => this.#current.newId(model);
      const filed = fileAlerts({context, incidents, alerts, opened, resolved, changed, window, now, newId});
      await this.#records.write(filed.incidents.map(incidentWrite));
      this.#precision = null;
      this.#current.keepAlerts([...opened, ...changed, ...resolved]);
      for (const incident of filed.incidents) this.#current.keep(incident, null);
    });
  }

  /** Files what has changed since it was last asked, whoever opened or resolved it. */
  async follow(alerts: AlertsNow, now: number): Promise<void> {
    const {model, open} = alerts;
    const ids = new Set(open.map(({id}) => id));
    const filed = this.#current.of(model).flatMap(incident => this.#current.alertsOf(incident));
    const gone = filed.filter(({id, resolvedAt}) => resolvedAt === null && !ids.has(id));
    const kept = gone.length === 0 ? [] : await this.#options.alerts(model);
    const resolved = gone.map(alert => ({
      ...alert,
      resolvedAt: kept.find(({id}) => id === alert.id)?.resolvedAt ?? now,
    }));
    const known = (id: string) => this.#current.alert(id);
    for (const change of alertChanges(alerts, known, resolved, now)) await this.take(change, now);
  }

  /** Notes who is to be told now, and starts to send; it does not wait until that is done. */
  tick(now: number): Promise<void> {
    return this.#alone(async () => {
      const writes: MetadataWrite[] = [];
      const kept: (() => void)[] = [];
      for (const before of this.#current.all) {
        const incident = this.#silences.apply(before, this.#current.speaking(before), now);
        if (incident !== before) writes.push(incidentWrite(incident));
        const told = this.#outbox && this.#tell(this.#outbox, incident, now);
        if (told) writes.push(toldWrite(incident.id, told.told), ...told.deliveries.map(deliveryWrite));
        if (incident === before && !told) continue;
        kept.push(() => {
          this.#current.keep(incident, told?.told ?? null);
          if (told) this.#outbox!.added(told.deliveries);
        });
      }
      await this.#records.write(writes);
      for (const keep of kept) keep();
      this.#current.forget(now);
      this.#outbox?.begin();
    });
  }

  /** Resolves when nothing is being sent. */
  async settled(): Promise<void> {
    await this.#outbox?.settled();
  }

  /** Begins to send nothing more, and waits for what is being sent: a channel's timeout at most. */
  async stop(): Promise<void> {
    await this.#last;
    await this.#outbox?.stop();
  }

  /** Newest first. */
  async list({state, model, limit = 200}: IncidentQuery = {}): Promise<Incident[]> {
    const all = await this.#records.incidents(model === undefined ? {} : {model});
    return all
      .filter(({resolvedAt}) => state === undefined || (resolvedAt === null) === (state === 'open'))
      .slice(0, limit);
  }

  /** Throws RECORD_NOT_FOUND. */
  async get(id: string): Promise<IncidentDetail> {
    const incident = await this.#find(id);
    const known = new Map((await this.#options.alerts(incident.model)).map(alert => [alert.id, alert]));
    const alerts = incident.alerts.map(alert => known.get(alert)).filter(alert => alert !== undefined);
    const deliveries = (await this.#records.deliveries({from: incident.openedAt})).filter(one => one.incident === id);
    return {incident, alerts, deliveries};
  }

  /** Somebody works on it: a page is not repeated. Throws RECORD_NOT_FOUND. */
  acknowledge(id: string, by: string, now: number): Promise<Incident> {
    return this.#change(id, incident => withMessage({...incident, acknowledgedBy: by}, now, `Acknowledged by ${by}.`));
  }

  /** Whether it was worth telling. Throws RECORD_NOT_FOUND. */
  judge(id: string, verdict: 'useful' | 'noise', by: string, now: number): Promise<Incident> {
    return this.#change(id, incident =>
      withMessage({...incident, feedback: {verdict, by, at: now}}, now, `Called ${verdict} by ${by}.`),
    );
  }

  /** Of each model; read again only after something has changed. */
  async precision(): Promise<readonly AlertPrecision[]> {
    if (this.#precision) return this.#precision;
    const incidents = await this.#records.incidents();
    const precision = this.#options.models.map(model => alertPrecision(model, incidents));
    if (this.#isOpen) this.#precision = precision;
    return precision;
  }

  /** Those that begin last first. */
  async silences(): Promise<readonly Silence[]> {
    return this.#records.silences();
  }

  /** Throws REQUEST_INVALID. */
  silence(request: unknown, by: string, now: number): Promise<Silence> {
    return this.#alone(() => this.#silences.add(request, by, now));
  }

  /** Ends a silence now; what is still open and nobody was told of is then told. Throws RECORD_NOT_FOUND. */
  unsilence(id: string, now: number): Promise<Silence> {
    return this.#alone(() => this.#silences.end(id, now));
  }

  /** Newest first. */
  async deliveries({state, from, limit = 200}: DeliveryQuery = {}): Promise<Delivery[]> {
    const all = await this.#records.deliveries(from === undefined ? {} : {from});
    return all.filter(delivery => state === undefined || delivery.state === state).slice(0, limit);
  }

  /** Sends a test message, once, and keeps what came of it. Throws NAME_UNKNOWN. */
  async testChannel(name: string): Promise<Delivery> {
    const {channels, clock, newId, notifications} = this.#options;
    const delivery = await testChannel(name, {channels, clock, id: newId(), console: notifications.console});
    await this.#records.write([deliveryWrite(delivery)]);
    return delivery;
  }

  #isOver(incident: Incident): boolean {
    return this.#current.alertsOf(incident).every(({resolvedAt}) => resolvedAt !== null);
  }

  /** An incident that is open or was just resolved, as people are told of it. */
  #standing(id: string): Incident | undefined {
    const incident = this.#current.get(id);
    return incident && this.#current.asItSpeaks(incident);
  }

  #tell(outbox: Outbox, changed: Incident, now: number): {told: Told; deliveries: Delivery[]} | null {
    const {notifications} = this.#options;
    const incident = this.#current.asItSpeaks(changed);
    const alerts = this.#current.speaking(incident).map(({id}) => id);
    const before = this.#current.toldOf(incident.id);
    const event = dueNotice(incident, alerts, before, now, notifications.timing);
    if (event === null) return null;
    const {severity} = incident;
    const channels = event === 'resolved' ? before!.channels : channelsFor(notifications, incident);
    const known = before !== null && before.event !== 'resolved' ? before.channels : [];
    const repeats =
      event === 'updated' && before!.severity === severity && alerts.every(id => before!.alerts.includes(id));
    return {
      told: {at: now, event, severity, alerts, channels: [...new Set([...known, ...channels])]},
      deliveries: outbox.plan(incident.id, event, channels, {now, repeats}),
    };
  }

  async #notice(delivery: Delivery): Promise<Notice | null> {
    const {notifications, alerts} = this.#options;
    const current = this.#standing(delivery.incident);
    const incident = current ?? (await this.#records.incident(delivery.incident));
    if (!incident) return null;
    const known = current ? this.#current.alertsOf(current) : await alerts(incident.model);
    const own = known.filter(({id}) => incident.alerts.includes(id));
    return makeNotice(delivery, incident, own, notifications.console);
  }

  async #givenUp({channel, incident, problem}: Delivery): Promise<void> {
    const now = this.#options.clock.now();
    const message = `Channel ${channel} was not told: ${problem}`;
    if (await this.#records.incident(incident)) await this.#change(incident, one => withMessage(one, now, message));
  }

  #change(id: string, change: (incident: Incident) => Incident): Promise<Incident> {
    return this.#alone(async () => {
      const incident = change(await this.#find(id));
      await this.#records.write([incidentWrite(incident)]);
      this.#precision = null;
      if (this.#current.get(id)) this.#current.keep(incident, null);
      return incident;
    });
  }

  async #find(id: string): Promise<Incident> {
    const incident = this.#current.get(id) ?? (await this.#records.incident(id));
    if (incident) return incident;
    throw new MillraceError('RECORD_NOT_FOUND', `There is no incident '${id.slice(0, 100)}'.`, {
      fix: 'Run millrace incidents for those that there are.',
    });
  }

  /** What changes incidents does so one after the other. */
  #alone<T>(work: () => Promise<T>): Promise<T> {
    const done = this.#last.then(work);
    this.#last = done.catch(() => {});
    return done;
  }
}
