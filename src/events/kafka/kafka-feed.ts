// A topic of Kafka as a feed. The offsets of every partition are the checkpoint; nothing is committed to a group.
import type {JsonValue} from '../../protocol/index.ts';
import {addressOf, type Connections} from '../follow/connection.ts';
import type {EventFeed, FeedBatch} from '../follow/feed.ts';
import type {RefusedRow} from '../gate/refusal.ts';
import type {Arrival} from '../gate/stream-gate.ts';
import {messageRows} from './message-rows.ts';
import {type Message, messagesOf} from './messages.ts';
import {align, beginning, fromRecord, type Offsets, type OffsetsRecord, toRecord} from './offsets.ts';
import {type Followed, TopicReader} from './topic-reader.ts';

export type KafkaFeedOptions = {
  readonly source: Followed;
  /** Addresses by name, such as `process.env`. */
  readonly connections: Connections;
};

/** A feed of the source's topic. Throws SOURCE_NOT_FOUND when its address is not set. */
export function openKafkaFeed({source, connections}: KafkaFeedOptions): EventFeed {
  return new KafkaFeed(source, addressOf(source, source.from, connections));
}

class KafkaFeed implements EventFeed {
  readonly #source: Followed;
  readonly #address: string;

  constructor(source: Followed, address: string) {
    this.#source = source;
    this.#address = address;
  }

  async *stream(from: JsonValue | null, signal: AbortSignal): AsyncIterable<FeedBatch> {
    const reader = await TopicReader.open(this.#address, this.#source);
    const abort = () => void reader.close();
    signal.addEventListener('abort', abort);
    try {
      const bounds = await reader.bounds();
      const start = from === null ? beginning(bounds) : fromRecord(from as OffsetsRecord);
      yield* this.#read(reader, start, signal);
    } catch (error) {
      if (!signal.aborted) throw error;
    } finally {
      signal.removeEventListener('abort', abort);
      await reader.close();
    }
  }

  async close(): Promise<void> {}

  async *#read(reader: TopicReader, start: Offsets, signal: AbortSignal): AsyncIterable<FeedBatch> {
    let offsets = start;
    let partitions = -1;
    while (!signal.aborted) {
      if ((await reader.partitions()) !== partitions) {
        const bounds = await reader.bounds();
        partitions = bounds.length;
        const aligned = align(offsets, bounds, this.#source);
        offsets = aligned.offsets;
        yield this.#batch([], 'live', offsets, aligned.skipped);
      }
      const {history, live, next} = await this.#fetch(reader, offsets);
      if (history.length > 0) {
        const taken = new Map(
          [...next].map(([p, offset]) => [p, least(offset, offsets.history.get(p), offsets.next.get(p))]),
        );
        offsets = {...offsets, next: taken};
        yield this.#batch(history, 'history', offsets);
      }
      offsets = {...offsets, next: rotated(next)};
      if (live.length > 0 || history.length === 0) yield this.#batch(live, 'live', offsets);
    }
  }

  /** What comes next, apart by whether it was there before the topic was first followed. */
  async #fetch(reader: TopicReader, offsets: Offsets) {
    const history: Message[] = [];
    const live: Message[] = [];
    const next = new Map(offsets.next);
    for (const answer of await reader.fetch(offsets.next)) {
      const {partitionIndex: partition} = answer;
      const read = messagesOf(answer, offsets.next.get(partition)!);
      next.set(partition, read.next);
      const end = offsets.history.get(partition) ?? 0n;
      for (const message of read.messages) (message.offset < end ? history : live).push(message);
    }
    return {history, live, next};
  }

  #batch(messages: readonly Message[], arrival: Arrival, at: Offsets, skipped: readonly RefusedRow[] = []): FeedBatch {
    const {columns, unreadable} = messageRows(this.#source, this.#source.from.topic, messages);
    return {columns, unreadable: [...skipped, ...unreadable], arrival, checkpoint: toRecord(at)};
  }
}

/** Where a partition stands once its history of an answer is taken: not beyond the end of history, nor before where it was. */
function least(offset: bigint, end = 0n, was = 0n): bigint {
  const bound = end > was ? end : was;
  return offset < bound ? offset : bound;
}

/** The partition that was first becomes the last, so that none waits for another that is always full. */
function rotated(next: ReadonlyMap<number, bigint>): Map<number, bigint> {
  const [first, ...rest] = next;
  return new Map(first ? [...rest, first] : []);
}
