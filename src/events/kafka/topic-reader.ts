// One connection to a Kafka cluster that reads a topic by explicit offsets. It joins no group: how far it has read is
// the caller's own.
import type {Consumer} from '@platformatic/kafka';
import {MillraceError} from '../../protocol/index.ts';
import {reasonOf, redactor} from '../follow/connection.ts';
import type {KafkaOrigin} from '../origin.ts';
import type {Source} from '../source.ts';
import {type KafkaAddress, parseAddress} from './address.ts';
import type {PartitionAnswer} from './messages.ts';

/** A source whose events come from Kafka. */
export type Followed = Source & {readonly from: KafkaOrigin};

/** Per partition: what the topic holds, [earliest, end). */
export type Bounds = readonly {readonly earliest: bigint; readonly end: bigint}[];

const EARLIEST = -2n;
const END = -1n;
/** A fetch waits so long for something new. */
const WAIT_MS = 500;
/** What bounds the memory: bytes of one answer, before decompression. */
const ANSWER_BYTES = 4 * 1_048_576;
const PARTITION_BYTES = 1_048_576;
/** Nothing of a transaction that is open or was aborted. */
const READ_COMMITTED = 1;

export class TopicReader {
  readonly #consumer: Consumer;
  readonly #topic: string;
  readonly #failure: (error: unknown) => MillraceError;

  private constructor(consumer: Consumer, topic: string, failure: (error: unknown) => MillraceError) {
    this.#consumer = consumer;
    this.#topic = topic;
    this.#failure = failure;
  }

  /** Throws PACKAGE_MISSING, and SOURCE_UNAVAILABLE if the address is none. Nothing is connected yet. */
  static async open(address: string, source: Followed): Promise<TopicReader> {
    const {Consumer} = await client();
    const {brokers, tls, login} = parseAddress(address, source.from.connection.env);
    const consumer = new Consumer({
      clientId: 'millrace',
      groupId: 'millrace',
      bootstrapBrokers: [...brokers],
      retries: 0,
      connectTimeout: 5_000,
      requestTimeout: 30_000,
      ...(tls ? {tls: {}} : {}),
      ...(login ? {sasl: {...login}} : {}),
    });
    return new TopicReader(consumer, source.from.topic, error => unavailable(source, address, login, error));
  }

  /** What every partition holds. */
  bounds(): Promise<Bounds> {
    return this.#asking(async () => {
      const topics = [this.#topic];
      await this.#consumer.metadata({topics, forceUpdate: true});
      const earliest = await this.#consumer.listOffsets({topics, timestamp: EARLIEST, isolationLevel: 0});
      const end = await this.#consumer.listOffsets({topics, timestamp: END, isolationLevel: 0});
      const ends = end.get(this.#topic)!;
      return earliest.get(this.#topic)!.map((from, partition) => ({earliest: from, end: ends[partition]!}));
    });
  }

  /** The next records of the partitions, from each one's leader; partitions are served in the order given. */
  fetch(next: ReadonlyMap<number, bigint>): Promise<PartitionAnswer[]> {
    return this.#asking(async () => {
      const {topics} = await this.#consumer.metadata({topics: [this.#topic]});
      const {id, partitions} = topics.get(this.#topic)!;
      const byLeader = new Map<number, (readonly [number, bigint])[]>();
      for (const entry of next) {
        const {leader} = partitions[entry[0]]!;
        byLeader.set(leader, [...(byLeader.get(leader) ?? []), entry]);
      }
      const answers = [...byLeader].map(([node, wanted]) =>
        this.#consumer.fetch({
          node,
          maxWaitTime: WAIT_MS,
          minBytes: 1,
          maxBytes: ANSWER_BYTES,
          isolationLevel: READ_COMMITTED,
          topics: [{topicId: id, partitions: wanted.map(request)}],
        }),
      );
      return (await Promise.all(answers)).flatMap(({responses}) => responses.flatMap(({partitions}) => partitions));
    });
  }

  /** Number of partitions, as of a few seconds ago. */
  partitions(): Promise<number> {
    return this.#asking(async () => {
      const {topics} = await this.#consumer.metadata({topics: [this.#topic]});
      return topics.get(this.#topic)!.partitionsCount;
    });
  }

  /** Ends also a fetch that is under way. */
  async close(): Promise<void> {
    await this.#consumer.close().catch(() => undefined);
  }

  async #asking<T>(ask: () => Promise<T>): Promise<T> {
    try {
      return await ask();
    } catch (error) {
      throw this.#failure(error);
    }
  }
}

const request = ([partition, fetchOffset]: readonly [number, bigint]) => ({
  partition,
  fetchOffset,
  currentLeaderEpoch: -1,
  lastFetchedEpoch: -1,
  partitionMaxBytes: PARTITION_BYTES,
});

async function client(): Promise<typeof import('@platformatic/kafka')> {
  try {
    return await import('@platformatic/kafka');
  } catch (cause) {
    throw new MillraceError('PACKAGE_MISSING', "Following a topic of Kafka needs the package '@platformatic/kafka'.", {
      cause,
      fix: 'Run npm install @platformatic/kafka.',
    });
  }
}

/** The client's own error is not kept as the cause: it may hold the credentials. */
function unavailable(
  {name, from: {topic}}: Followed,
  address: string,
  login: KafkaAddress['login'],
  error: unknown,
): MillraceError {
  const redact = redactor([address, login?.password ?? '']);
  return new MillraceError(
    'SOURCE_UNAVAILABLE',
    `Kafka, whose topic '${topic}' source '${name}' follows, says: ${redact(reasonOf(error))}`,
    {fix: 'Wait if the brokers are restarting: the source goes on by itself. Else correct the address or the topic.'},
  );
}
