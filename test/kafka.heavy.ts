// Kafka as a source, with a real broker that dies, and a real follower that dies.
import {spawn} from 'node:child_process';
import {once} from 'node:events';
import {mkdtempSync, rmSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {setTimeout as pause} from 'node:timers/promises';
import {fileURLToPath} from 'node:url';
import {Producer, stringSerializers} from '@platformatic/kafka';
import {afterAll, afterEach, beforeAll, beforeEach, describe, expect, test, vi} from 'vitest';
import {EventGate, FileQuarantine, type Following, follow} from '../src/events/index.ts';
import {openKafkaFeed} from '../src/events/kafka/index.ts';
import {seededRandom} from '../src/math/index.ts';
import {wallClock} from '../src/protocol/index.ts';
import type {EventLog, MetadataStore} from '../src/stores/index.ts';
import {openLibsql} from '../src/stores/libsql/index.ts';
import {openSegmentLog} from '../src/stores/segments/index.ts';
import {Broker, missing} from './kafka/broker.ts';
import {tripsOf} from './kafka/trips.ts';

if (missing !== null) console.warn(`Tests with Kafka are not run: ${missing}.`);

const FOLLOWER = fileURLToPath(new URL('./kafka/follower.ts', import.meta.url));
const CODECS = ['none', 'gzip', 'snappy', 'lz4'] as const;
const trip = (i: number) => JSON.stringify({id: `t${i}`, at: Date.now(), km: i});
const idsOf = (count: number) => Array.from({length: count}, (_, i) => `t${i}`).sort();

describe.skipIf(missing !== null)('a topic of Kafka', () => {
  let broker: Broker;
  let folder: string;
  let log: EventLog;
  let quarantine: FileQuarantine;
  let checkpoints: MetadataStore;
  let gate: EventGate;
  let controller: AbortController;
  let running: Following | null;
  let topics = 0;
  let topic: string;

  beforeAll(async () => {
    broker = await Broker.create();
  });
  afterAll(() => broker?.remove());
  beforeEach(async () => {
    folder = mkdtempSync(join(tmpdir(), 'millrace-follow-kafka-'));
    topic = `trips-${++topics}`;
    running = null;
    await broker.createTopic(topic, 3);
  });
  afterEach(() => rmSync(folder, {recursive: true, force: true}));

  async function open(gaps: 'stop' | 'skip' = 'stop'): Promise<void> {
    const source = tripsOf(topic, gaps);
    controller = new AbortController();
    log = await openSegmentLog(join(folder, 'log'));
    quarantine = await FileQuarantine.open(join(folder, 'quarantine.jsonl'));
    checkpoints = await openLibsql(join(folder, 'metadata.db'));
    gate = await EventGate.open({log, quarantine, sources: [source], clock: wallClock});
    running = follow({
      source,
      gate,
      log,
      feed: openKafkaFeed({source, connections: {KAFKA: broker.address}}),
      checkpoints,
      clock: wallClock,
      random: seededRandom(1),
      signal: controller.signal,
      backoff: {firstMs: 50, longestMs: 500},
    });
  }

  async function shut(): Promise<void> {
    controller.abort();
    await running!.done;
    await log.close();
    await quarantine.close();
    await checkpoints.close();
  }

  /** Sends values, in batches that take turns with the codecs; again and again while the broker is away. */
  async function send(values: readonly (string | Buffer)[], size = 100): Promise<void> {
    const producer = new Producer({
      clientId: 'test',
      bootstrapBrokers: [broker.address],
      idempotent: true,
      retries: 100,
      retryDelay: 200,
      serializers: {value: (value?: string | Buffer) => Buffer.from(value ?? '')},
    });
    for (let from = 0; from < values.length; from += size) {
      const part = values.slice(from, from + size);
      const compression = CODECS[(from / size) % CODECS.length]!;
      const messages = part.map((value, i) => ({topic, value, partition: (from + i) % 3}));
      await producer.send({messages, compression});
    }
    await producer.close();
  }

  async function logged() {
    const ids: string[] = [];
    for await (const batch of log.read()) ids.push(...batch.ids);
    return ids.sort();
  }

  test('is read from its beginning in every codec, and values that are no events go to quarantine', async () => {
    await send([...Array.from({length: 800}, (_, i) => trip(i)), '{"id": "half', '[]', '{"id":"t1"}', Buffer.of(0xff)]);
    await open();
    await vi.waitFor(() => expect(running!.state()).toMatchObject({accepted: 800, rejected: 4}), {timeout: 20_000});
    await send([trip(800), trip(5)]);
    await vi.waitFor(() => expect(running!.state()).toMatchObject({accepted: 801, duplicates: 1}), {timeout: 20_000});
    expect(await logged()).toEqual(idsOf(801));
    const refused = [];
    for await (const {check, row} of quarantine.read()) refused.push([check, row]);
    expect(new Set(refused)).toEqual(
      new Set([
        ['json', {topic, partition: expect.any(Number), offset: expect.any(String), base64: '/w=='}],
        ['json', {topic, partition: expect.any(Number), offset: expect.any(String), value: '{"id": "half'}],
        ['missing column', {id: 't1'}],
        ['type', []],
      ]),
    );
    await shut();
  });

  test('whose broker is killed in the middle and comes back: nothing is lost, nothing is twice', async () => {
    await open();
    const values = Array.from({length: 6_000}, (_, i) => trip(i));
    await send(values.slice(0, 2_000));
    await vi.waitFor(() => expect(running!.state().accepted).toBeGreaterThan(1_000), {timeout: 20_000});
    await broker.stop();
    await vi.waitFor(() => expect(running!.state().state).toBe('waiting'), {timeout: 20_000});
    expect(running!.state().error).toMatchObject({code: 'SOURCE_UNAVAILABLE'});
    const sending = broker.start().then(() => send(values.slice(2_000)));
    await sending;
    await vi.waitFor(() => expect(running!.state().accepted).toBe(6_000), {timeout: 60_000});
    await pause(1_000);
    expect(running!.state()).toMatchObject({state: 'following', accepted: 6_000, rejected: 0, error: null});
    expect(await logged()).toEqual(idsOf(6_000));
    await shut();
  });

  test('whose follower is killed between log and checkpoint, again and again: each event is in the log once', async () => {
    let sent = 0;
    const sendMore = async (count: number) => {
      const first = sent;
      sent += count;
      await send(
        Array.from({length: count}, (_, i) => trip(first + i)),
        50,
      );
    };
    await sendMore(3_000);
    for (const batches of [1, 1, 3, 2]) {
      const arguments_ = ['--import', 'tsx', FOLLOWER, folder, topic, broker.address, String(batches)];
      const follower = spawn(process.execPath, arguments_, {stdio: ['ignore', 'inherit', 'inherit']});
      const exited = once(follower, 'exit');
      while (follower.signalCode === null && follower.exitCode === null) await sendMore(100);
      expect((await exited)[1]).toBe('SIGKILL');
    }
    await open();
    await vi.waitFor(() => expect(running!.state().caughtUpAt).not.toBeNull(), {timeout: 30_000});
    expect(await logged()).toEqual(idsOf(sent));
    expect(running!.state().duplicates).toBeGreaterThan(0);
    await shut();
  });

  test('that no longer holds what comes next stops the source, or goes on with a note of the gap', async () => {
    await open();
    await send(Array.from({length: 30}, (_, i) => trip(i)));
    await vi.waitFor(() => expect(running!.state().accepted).toBe(30), {timeout: 20_000});
    await shut();
    await send(Array.from({length: 60}, (_, i) => trip(30 + i)));
    const partitions = [0, 1, 2].map(partition => ({partition, offset: 20n}));
    await broker.admin(admin => admin.deleteRecords({topics: [{name: topic, partitions}]}));
    await open();
    await vi.waitFor(() => expect(running!.state().error).toMatchObject({code: 'SOURCE_GAP'}), {timeout: 20_000});
    expect(running!.state().error!.message).toContain(
      `Partition 0 of '${topic}' holds the offsets 20 to 30; 10 comes next.`,
    );
    expect(log.end()).toBe(30);
    await shut();
    await open('skip');
    await vi.waitFor(() => expect(running!.state()).toMatchObject({accepted: 30, rejected: 3}), {timeout: 20_000});
    await shut();
  });

  test('that is not there, and brokers that are not there, are waited for, and no message holds a password', async () => {
    topic = 'nowhere';
    await open();
    await vi.waitFor(() => expect(running!.state().error?.message).toContain('nowhere'), {timeout: 20_000});
    await shut();
    const source = tripsOf(topic);
    const read = async (address: string) => {
      for await (const _ of openKafkaFeed({source, connections: {KAFKA: address}}).stream(
        null,
        new AbortController().signal,
      ))
        expect.fail('It was read.');
    };
    for (const address of [
      'kafka://me:s%2Fcret@127.0.0.1:1',
      `kafka://me:s%2Fcret@127.0.0.1:${broker.port}`,
      'kafka://s%2Fcret',
    ])
      try {
        await read(address);
        expect.fail('It ended.');
      } catch (error) {
        expect(error).toMatchObject({code: 'SOURCE_UNAVAILABLE'});
        const text = JSON.stringify(error) + (error as Error).stack + String((error as Error).cause);
        expect(text).not.toMatch(/s%2Fcret|s\/cret/);
      }
  });

  test('gives nothing of a transaction that was aborted', async () => {
    const producer = new Producer({
      clientId: 'test',
      bootstrapBrokers: [broker.address],
      idempotent: true,
      transactionalId: `transactions-${topic}`,
      serializers: stringSerializers,
    });
    for (const [first, commit] of [
      [0, true],
      [100, false],
      [10, true],
      [200, false],
    ] as const) {
      const transaction = await producer.beginTransaction();
      const messages = Array.from({length: 10}, (_, i) => ({topic, partition: i % 3, value: trip(first + i)}));
      await transaction.send({messages});
      await (commit ? transaction.commit() : transaction.abort());
    }
    await producer.close();
    await open();
    await vi.waitFor(() => expect(running!.state().accepted).toBe(20), {timeout: 20_000});
    await pause(1_000);
    expect(await logged()).toEqual(idsOf(20));
    await shut();
  });
});
