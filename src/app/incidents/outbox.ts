// Deliveries on their way: kept until they are taken, tried again after growing pauses, given up after three days.
import {type Channel, GIVE_UP_MS, type Notice, type NoticeEvent, retryDelayMs} from '../../monitoring/index.ts';
import type {Clock, Delivery} from '../../protocol/index.ts';
import {deliveryWrite, type IncidentRecords} from './incident-records.ts';
import {problemOf} from './test-channel.ts';

export type OutboxOptions = {
  readonly records: IncidentRecords;
  readonly channels: readonly Channel[];
  readonly clock: Clock;
  readonly random: () => number;
  readonly newId: () => string;
  /** What a delivery says now; null: nothing any more. */
  readonly notice: (delivery: Delivery) => Promise<Notice | null>;
  /** Whether an incident is sent before others. */
  readonly isPage: (incident: string) => boolean;
  /** Whether what waits for an incident goes on waiting, because it is silenced. */
  readonly isHeld: (incident: string) => boolean;
  /** Told of deliveries that are given up. */
  readonly onGivenUp: (delivery: Delivery) => Promise<void>;
};

/** Messages that a channel takes in any hour, at most: a storm waits, pages first. Those that it failed to take do not count. */
export const MOST_AN_HOUR = 60;
const HOUR_MS = 3_600_000;

/**
 * At most one delivery of an incident waits for each channel: what happens meanwhile goes into it, since it says how the
 * incident stands when it is sent. Channels are sent to side by side, each one notice at a time. A receiver
 * may get a notice twice: a process may end between sending and keeping that it was sent.
 */
export class Outbox {
  readonly #options: OutboxOptions;
  readonly #waiting = new Map<string, Delivery>();
  readonly #sending = new Map<string, Promise<void>>();
  readonly #inFlight = new Set<string>();
  /** When messages of the last hour were taken, by channel. */
  readonly #taken = new Map<string, number[]>();
  #failure: unknown = null;
  #stopped = false;

  constructor(options: OutboxOptions) {
    this.#options = options;
  }

  get waiting(): readonly Delivery[] {
    return [...this.#waiting.values()];
  }

  /** Takes up what was waiting when the process ended, however long ago: it is tried once more at least. */
  async open(): Promise<void> {
    const kept = await this.#options.records.deliveries();
    for (const delivery of kept.reverse()) if (delivery.state === 'waiting') this.#waiting.set(delivery.id, delivery);
  }

  /**
   * Deliveries that an event makes, to be written together with what it changes; then they are `added`. News that goes
   * into a delivery on its way has the whole time to arrive; what is only said again (`repeats`) has what is left of it.
   */
  plan(
    incident: string,
    event: NoticeEvent,
    channels: readonly string[],
    {now, repeats}: {readonly now: number; readonly repeats: boolean},
  ): Delivery[] {
    return channels.map((channel): Delivery => {
      const waiting = this.waiting.find(
        one => one.channel === channel && one.incident === incident && !this.#inFlight.has(one.id),
      );
      // Who has not heard of the beginning is told of it, unless it is over.
      if (waiting) {
        const said = waiting.event === 'opened' && event !== 'resolved' ? 'opened' : event;
        return {...waiting, event: said, ...(repeats ? {} : {attempts: 0, createdAt: now, nextAt: now})};
      }
      return {
        id: this.#options.newId(),
        channel,
        incident,
        event,
        state: 'waiting',
        attempts: 0,
        createdAt: now,
        nextAt: now,
        deliveredAt: null,
        problem: null,
      };
    });
  }

  added(deliveries: readonly Delivery[]): void {
    for (const delivery of deliveries) this.#waiting.set(delivery.id, delivery);
  }

  /** Starts to send what is due, and does not wait for it. Throws what the sending before it could not survive. */
  begin(): void {
    if (this.#failure !== null) {
      const failure = this.#failure;
      this.#failure = null;
      throw failure;
    }
    const names = new Set(this.waiting.map(({channel}) => channel));
    for (const name of names) {
      if (this.#stopped || this.#sending.has(name)) continue;
      const sending = this.#send(name)
        .catch((error: unknown) => {
          this.#failure = error;
        })
        .finally(() => this.#sending.delete(name));
      this.#sending.set(name, sending);
    }
  }

  /** Resolves when nothing is being sent. */
  async settled(): Promise<void> {
    await Promise.all(this.#sending.values());
  }

  /** Begins nothing more, and waits for what is being sent. */
  async stop(): Promise<void> {
    this.#stopped = true;
    await this.settled();
  }

  async #send(name: string): Promise<void> {
    const {channels, clock} = this.#options;
    const channel = channels.find(one => one.name === name);
    for (let next = this.#next(name); next && !this.#stopped; next = this.#next(name)) {
      this.#inFlight.add(next.id);
      try {
        await this.#keep(await this.#attempt(next, channel, clock.now()));
      } finally {
        this.#inFlight.delete(next.id);
      }
    }
  }

  /** Of what is due a page, then what waits longest; none if the channel had enough for an hour. */
  #next(channel: string): Delivery | undefined {
    const {clock, isPage, isHeld} = this.#options;
    const now = clock.now();
    const recent = (this.#taken.get(channel) ?? []).filter(at => at > now - HOUR_MS);
    this.#taken.set(channel, recent);
    if (recent.length >= MOST_AN_HOUR) return undefined;
    return this.waiting
      .filter(one => one.channel === channel && one.nextAt !== null && one.nextAt <= now && !isHeld(one.incident))
      .sort((a, b) => Number(isPage(b.incident)) - Number(isPage(a.incident)) || a.nextAt! - b.nextAt!)[0];
  }

  /** The delivery as it is after one attempt. */
  async #attempt(delivery: Delivery, channel: Channel | undefined, now: number): Promise<Delivery> {
    const attempts = delivery.attempts + 1;
    const failed = (problem: string): Delivery => ({...delivery, attempts, state: 'failed', nextAt: null, problem});
    if (!channel) return failed(`There is no channel '${delivery.channel}' any more.`);
    const notice = await this.#options.notice(delivery);
    if (notice === null) return failed('Its incident is gone.');
    try {
      await channel.send(notice);
      const deliveredAt = this.#options.clock.now();
      this.#taken.get(channel.name)!.push(deliveredAt);
      return {...delivery, attempts, state: 'delivered', nextAt: null, deliveredAt, problem: null};
    } catch (error) {
      const problem = problemOf(channel.name, error);
      if (now - delivery.createdAt >= GIVE_UP_MS) return failed(problem);
      const nextAt = this.#options.clock.now() + retryDelayMs(attempts, this.#options.random);
      return {...delivery, attempts, nextAt, problem};
    }
  }

  async #keep(delivery: Delivery): Promise<void> {
    await this.#options.records.write([deliveryWrite(delivery)]);
    if (delivery.state === 'waiting') this.#waiting.set(delivery.id, delivery);
    else this.#waiting.delete(delivery.id);
    if (delivery.state === 'failed') await this.#options.onGivenUp(delivery);
  }
}
