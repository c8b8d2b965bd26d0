// Records as the broker sends them to the values that count: record batches may begin before the offset that was asked
// for, hold markers of transactions, and hold what an aborted transaction wrote.
import type {Consumer} from '@platformatic/kafka';

/** What a broker answers to a fetch, of one partition. */
export type PartitionAnswer = Awaited<ReturnType<Consumer['fetch']>>['responses'][number]['partitions'][number];

export type Message = {readonly partition: number; readonly offset: bigint; readonly value: Buffer | null};
export type PartitionMessages = {
  readonly messages: readonly Message[];
  /** The offset to ask for next. */
  readonly next: bigint;
};

/** Bits of a record batch's attributes, and the type of a marker that says "aborted" (Kafka protocol, message format 2). */
const TRANSACTIONAL = 0x10;
const CONTROL = 0x20;
const ABORT = 0;

/** The messages of a partition from `from` on, in order; those of aborted transactions left out. */
export function messagesOf(answer: PartitionAnswer, from: bigint): PartitionMessages {
  const {partitionIndex: partition, records = [], abortedTransactions} = answer;
  const aborted = abortedTransactions.toSorted((a, b) => Number(a.firstOffset - b.firstOffset));
  const aborting = new Set<bigint>();
  const messages: Message[] = [];
  let next = from;
  for (const {firstOffset, lastOffsetDelta, attributes, producerId, records: held} of records) {
    const last = firstOffset + BigInt(lastOffsetDelta);
    while (aborted.length > 0 && aborted[0]!.firstOffset <= last) aborting.add(aborted.shift()!.producerId);
    if (last >= next) next = last + 1n;
    if ((attributes & CONTROL) !== 0) {
      if (held[0]?.key?.readInt16BE(2) === ABORT) aborting.delete(producerId);
      continue;
    }
    if ((attributes & TRANSACTIONAL) !== 0 && aborting.has(producerId)) continue;
    for (const {offsetDelta, value} of held) {
      const offset = firstOffset + BigInt(offsetDelta);
      if (offset >= from) messages.push({partition, offset, value});
    }
  }
  return {messages, next};
}
