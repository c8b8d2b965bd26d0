// A desk on a real store in a throw-away folder, with channels that go to real servers.
import {mkdtempSync, rmSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {openChannel} from '../../monitoring/channels/index.ts';
import type {IncidentContext, Notifications} from '../../monitoring/index.ts';
import {type Alert, type AlertKind, type JsonValue, ManualClock} from '../../protocol/index.ts';
import type {MetadataStore} from '../../stores/index.ts';
import {openLibsql} from '../../stores/libsql/index.ts';
import {MonitorRecords} from '../runtime/monitor-records.ts';
import {IncidentDesk} from './incident-desk.ts';

export const MINUTE = 60_000;
export const HOUR = 60 * MINUTE;
export const DAY = 24 * HOUR;
export const START = Date.UTC(2026, 3, 1, 14);

const CONTEXT: Omit<IncidentContext, 'model'> = {
  owner: 'dispatch',
  runbook: null,
  origins: new Map([['rain', {stream: 'weather', view: 'sky', request: null}]]),
  importances: new Map([['rain', 0.3]]),
  lastDeploy: null,
  reference: null,
  value: null,
};

/** An alert of model `late`, a page where that is usual; `n` tells those of one kind apart. */
export function alertOf(kind: AlertKind, subject: string, at: number, n = 1): Alert {
  return {
    id: `late:${kind}:${subject}@${n}`,
    model: 'late',
    kind,
    severity: kind === 'performance' ? 'page' : 'ticket',
    subject,
    openedAt: at,
    resolvedAt: null,
    windowId: `late@${n}`,
    measured: 1,
    threshold: 0,
    title: `${kind} of ${subject}`,
    message: `${kind} of ${subject} is bad.`,
    action: null,
  };
}

export type DeskGiven = {
  readonly notifications: Notifications;
  readonly environment?: Record<string, string>;
  readonly timeoutMs?: number;
};

/** The desk of a process; `again` is the next process, after kill -9. */
export class DeskProcess {
  readonly folder = mkdtempSync(join(tmpdir(), 'desk-'));
  readonly clock = new ManualClock(START);
  readonly lines: {incident: string; msg: string; title: string}[] = [];
  readonly #given: DeskGiven;
  #metadata!: MetadataStore;
  #records!: MonitorRecords;
  #count = 0;
  desk!: IncidentDesk;

  private constructor(given: DeskGiven) {
    this.#given = given;
  }

  static async start(given: DeskGiven, tells = true): Promise<DeskProcess> {
    const started = new DeskProcess(given);
    await started.again(tells);
    return started;
  }

  get now(): number {
    return this.clock.now();
  }

  /** What was in memory is gone. `tells`: a replay tells nobody. */
  async again(tells = true): Promise<void> {
    const {notifications, environment = {}, timeoutMs = 1_000} = this.#given;
    await this.#metadata?.close();
    this.#metadata = await openLibsql(join(this.folder, 'metadata.db'));
    this.#records = new MonitorRecords(this.#metadata);
    const write = (line: string) => void this.lines.push(JSON.parse(line));
    this.desk = new IncidentDesk({
      metadata: this.#metadata,
      models: ['late'],
      notifications,
      channels: tells ? notifications.channels.map(one => openChannel(one, {environment, write, timeoutMs})) : [],
      context: async model => ({...CONTEXT, model}),
      alerts: model => this.#records.alerts(model),
      clock: this.clock,
      random: () => 0.5,
      newId: () => `id-${++this.#count}`,
    });
    await this.desk.open();
  }

  async save(...alerts: Alert[]): Promise<void> {
    await this.#records.saveAlerts(alerts);
  }

  async opens(...opened: Alert[]): Promise<void> {
    await this.save(...opened);
    await this.desk.take({model: 'late', opened}, this.now);
  }

  async resolves(...alerts: Alert[]): Promise<void> {
    const resolved = alerts.map(alert => ({...alert, resolvedAt: this.now}));
    await this.save(...resolved);
    await this.desk.take({model: 'late', resolved}, this.now);
  }

  /** Lets time pass, tick by tick, and everything that is due be sent. */
  async pass(ms: number, tickMs = 10_000): Promise<void> {
    for (const end = this.now + ms; this.now < end; ) {
      this.clock.advanceTo(Math.min(end, this.now + tickMs));
      await this.desk.tick(this.now);
      await this.desk.settled();
    }
  }

  /** All that the store holds of a kind, as text. */
  async stored(kind: string): Promise<string> {
    return JSON.stringify((await this.#metadata.list(kind)).map(({value}): JsonValue => value));
  }

  async close(): Promise<void> {
    await this.desk.stop();
    await this.#metadata.close();
    rmSync(this.folder, {recursive: true});
  }
}
