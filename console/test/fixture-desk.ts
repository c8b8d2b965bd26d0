/**
 * Fixture: the product's own incident desk, on a store of its own, told of the invented alerts one after the other as time
 * goes by. One of its channels leads nowhere. What is acknowledged or silenced lasts as long as the server.
 */
import {IncidentDesk} from '../../src/app/incidents/incident-desk.ts';
import {MonitorRecords} from '../../src/app/runtime/monitor-records.ts';
import {openChannel} from '../../src/monitoring/channels/index.ts';
import {
  type IncidentContext,
  logLines,
  type Notifications,
  notifications,
  webhook,
} from '../../src/monitoring/index.ts';
import {type Alert, type AuditAction, type AuditEntry, ManualClock, type SloStatus} from '../../src/protocol/index.ts';
import type {MetadataStore} from '../../src/stores/index.ts';
import {openLibsql} from '../../src/stores/libsql/index.ts';
import type {Answers} from './fixture-answers.ts';
import {CLOCK, DAY, HOUR, MODEL} from './fixture-project.ts';
import {day, PROMOTED_ON} from './fixture-windows.ts';

const MINUTE = 60_000;
/** Nobody listens there. */
const NOWHERE = 'http://127.0.0.1:9/pager';

const TOLD: Notifications = notifications({
  channels: [logLines(), webhook('pager', {url: {env: 'PAGER_URL'}})],
  routes: {page: ['log', 'pager'], ticket: ['log']},
});
const LOG = notifications({channels: [logLines()]});

function contextOf({features, versions}: Answers): IncidentContext {
  const champion = versions.find(({status}) => status === 'champion') ?? versions[0];
  return {
    model: MODEL,
    owner: 'operations',
    runbook: 'https://runbooks.example.com/late',
    origins: new Map(
      features.map(({name, view, source, origin}) => [
        name,
        {view, stream: source, request: origin === 'request' ? name : null},
      ]),
    ),
    importances: new Map(champion?.features.map(({name, importance}) => [name, importance])),
    lastDeploy: champion ? {version: champion.version, at: day(PROMOTED_ON)} : null,
    reference: champion?.metrics ?? null,
    value: null,
  };
}

export class FixtureDesk {
  readonly #clock = new ManualClock(0);
  readonly #answers: Answers;
  readonly #metadata: MetadataStore;
  readonly #records: MonitorRecords;
  readonly #desk: IncidentDesk;
  readonly #told: Notifications;
  #audit: readonly AuditEntry[] = [];
  #count = 0;

  private constructor(answers: Answers, metadata: MetadataStore, told: Notifications) {
    this.#answers = answers;
    this.#metadata = metadata;
    this.#told = told;
    this.#records = new MonitorRecords(metadata);
    const context = contextOf(answers);
    this.#desk = new IncidentDesk({
      metadata,
      models: answers.detail === null ? [] : [MODEL],
      notifications: told,
      channels: told.channels.map(one =>
        openChannel(one, {environment: {PAGER_URL: NOWHERE}, write: () => {}, timeoutMs: 1_000}),
      ),
      context: async () => context,
      alerts: model => this.#records.alerts(model),
      clock: this.#clock,
      random: () => 0.5,
      newId: () => `id-${++this.#count}`,
    });
  }

  static async open(answers: Answers): Promise<FixtureDesk> {
    const metadata = await openLibsql(':memory:');
    const desk = new FixtureDesk(answers, metadata, answers.alerts.length > 0 ? TOLD : LOG);
    await desk.#live();
    return desk;
  }

  /** The alerts open and resolve in their order, and people are told as time goes by. */
  async #live(): Promise<void> {
    const {alerts} = this.#answers;
    const changes = alerts
      .flatMap(alert => [
        {at: alert.openedAt, alert: {...alert, resolvedAt: null}},
        ...(alert.resolvedAt === null ? [] : [{at: alert.resolvedAt, alert}]),
      ])
      .sort((a, b) => a.at - b.at);
    this.#clock.advanceTo(changes[0]?.at ?? CLOCK);
    await this.#desk.open();
    for (const [i, {at, alert}] of changes.entries()) {
      this.#clock.advanceTo(at);
      if (alert.kind === 'volume') await this.#maintain();
      await this.#change(alert);
      await this.#pass(Math.min(changes[i + 1]?.at ?? CLOCK, at + 4 * DAY));
    }
    await this.#judge();
    this.#clock.advanceTo(CLOCK);
    await this.#desk.tick(CLOCK);
    await this.#desk.settled();
  }

  async #maintain(): Promise<void> {
    const now = this.#clock.now();
    const migration = {
      kind: 'maintenance',
      matches: {model: MODEL, kind: 'volume'},
      for: '3d',
      reason: 'Half of the callers move to the new region',
    };
    await this.#desk.silence(migration, 'user ada', now);
    await this.#desk.silence({matches: {kind: 'latency'}, to: now + HOUR, reason: 'A load test'}, 'user grace', now);
  }

  async #change(alert: Alert): Promise<void> {
    const window = this.#answers.windows.find(({id}) => id === alert.windowId) ?? null;
    await this.#records.saveAlerts([alert]);
    const isOpen = alert.resolvedAt === null;
    await this.#desk.take(
      {model: MODEL, window, ...(isOpen ? {opened: [alert]} : {resolved: [alert]})},
      this.#clock.now(),
    );
  }

  async #pass(to: number): Promise<void> {
    const start = this.#clock.now();
    const times = [start + MINUTE, start + 6 * MINUTE];
    for (let at = start + 8 * HOUR; at < to; at += 8 * HOUR) times.push(at);
    for (const at of [...times, to]) {
      this.#clock.advanceTo(Math.max(at, this.#clock.now()));
      await this.#desk.tick(this.#clock.now());
      await this.#desk.settled();
    }
  }

  async #judge(): Promise<void> {
    const resolved = await this.#desk.list({state: 'resolved'});
    for (const [i, {id}] of resolved.entries())
      await this.#desk.judge(id, i === 0 ? 'noise' : 'useful', 'user ada', this.#clock.now());
  }

  get audit(): readonly AuditEntry[] {
    return this.#audit;
  }

  /** What a route about incidents answers; undefined where it is not one. */
  async answer(method: string, url: URL, body: () => Promise<unknown>): Promise<unknown> {
    const [, api, list, given, act] = url.pathname.split('/').map(decodeURIComponent);
    if (api !== 'api') return undefined;
    const id = given ?? '';
    if (method === 'GET') return this.#read(list, id, url.searchParams);
    if (list !== 'incidents' && list !== 'silences' && list !== 'channels') return undefined;
    const asked = ((await (method === 'POST' ? body() : null)) ?? {}) as {by?: string; verdict?: 'useful' | 'noise'};
    const {by = 'anyone at 127.0.0.1', ...rest} = asked;
    const now = this.#clock.now();
    if (list === 'incidents' && act === 'acknowledge') {
      this.#note('incident.acknowledge', id, by);
      return this.#desk.acknowledge(id, by, now);
    }
    if (list === 'incidents' && act === 'feedback') {
      this.#note('incident.judge', `${id} ${asked.verdict}`, by);
      return this.#desk.judge(id, asked.verdict ?? 'useful', by, now);
    }
    if (list === 'channels') {
      this.#note('channel.test', id, by);
      return this.#desk.testChannel(id);
    }
    const changed = method === 'DELETE' ? await this.#desk.unsilence(id, now) : await this.#desk.silence(rest, by, now);
    this.#note(method === 'DELETE' ? 'silence.end' : 'silence.create', method === 'DELETE' ? id : 'silence', by, {
      reason: changed.reason,
    });
    await this.#desk.tick(now);
    return changed;
  }

  async #read(list: string | undefined, id: string, query: URLSearchParams): Promise<unknown> {
    switch (list) {
      case 'overview':
        return {...this.#answers.overview, openIncidents: await this.#desk.list({state: 'open'})};
      case 'incidents':
        return id === '' ? this.#desk.list({limit: Number(query.get('limit') ?? 200)}) : this.#desk.get(id);
      case 'silences':
        return this.#desk.silences();
      case 'deliveries':
        return this.#desk.deliveries();
      case 'channels':
        return this.#told.channels.map(({name, kind}) => ({name, kind}));
      case 'alert-precision':
        return this.#desk.precision();
      case 'slos':
        return this.#answers.alerts.length === 0 ? [] : SLOS;
      default:
        return undefined;
    }
  }

  #note(action: AuditAction, what: string, who: string, detail: AuditEntry['detail'] = {}): void {
    const entry = {id: `desk-${this.#audit.length}`, at: CLOCK, who, action, what, detail, outcome: 'done' as const};
    this.#audit = [entry, ...this.#audit];
  }

  async close(): Promise<void> {
    await this.#desk.stop();
    await this.#metadata.close();
  }
}

const burn = (...rates: (number | null)[]): SloStatus['burn'] =>
  [5 * MINUTE, 30 * MINUTE, HOUR, 6 * HOUR, 3 * DAY].map((overMs, i) => ({overMs, rate: rates[i] ?? null}));

const SLOS: readonly SloStatus[] = [
  {
    name: 'answers',
    model: MODEL,
    objective: '99.9 % availability over 30 d',
    target: 0.999,
    windowMs: 30 * DAY,
    good: 501_204,
    total: 501_390,
    budgetLeft: 0.629,
    burn: burn(0, 0, 0.2, 0.3, 0.4),
  },
  {
    name: 'fast',
    model: MODEL,
    objective: '99 % latency below 50 ms over 7 d',
    target: 0.99,
    windowMs: 7 * DAY,
    good: 114_870,
    total: 116_002,
    budgetLeft: 0.024,
    burn: burn(0.4, 1.1, 6.2, 7.4, 1.2),
  },
];
