import {expect, test} from 'vitest';
import {messagesOf, type PartitionAnswer} from './messages.ts';

const PRODUCER = 7n;

/** A batch of `count` records from an offset, as a broker answers it. */
function batch(firstOffset: number, count: number, attributes = 0, key: Buffer | null = null) {
  const record = (i: number) => ({
    length: 0,
    attributes: 0,
    timestampDelta: 0n,
    offsetDelta: i,
    key,
    value: Buffer.from(`${firstOffset + i}`),
    headers: [],
  });
  return {
    firstOffset: BigInt(firstOffset),
    length: 0,
    partitionLeaderEpoch: 0,
    magic: 2,
    crc: 0,
    attributes,
    lastOffsetDelta: count - 1,
    firstTimestamp: 0n,
    maxTimestamp: 0n,
    producerId: attributes === 0 ? -1n : PRODUCER,
    producerEpoch: 0,
    firstSequence: 0,
    records: Array.from({length: count}, (_, i) => record(i)),
  };
}

const TRANSACTION = 0x10;
const marker = (offset: number, type: 'abort' | 'commit') =>
  batch(offset, 1, 0x30, Buffer.from([0, 0, 0, type === 'abort' ? 0 : 1]));

function read(from: number, records: ReturnType<typeof batch>[], aborted: number[] = []) {
  const answer: PartitionAnswer = {
    partitionIndex: 3,
    errorCode: 0,
    highWatermark: 0n,
    lastStableOffset: 0n,
    logStartOffset: 0n,
    abortedTransactions: aborted.map(first => ({producerId: PRODUCER, firstOffset: BigInt(first)})),
    preferredReadReplica: -1,
    records,
  };
  const {messages, next} = messagesOf(answer, BigInt(from));
  return {values: messages.map(({value}) => Number(value)), next: Number(next)};
}

test('a batch that begins before the offset that was asked for gives only what comes after it', () => {
  expect(read(12, [batch(10, 5), batch(15, 2)])).toEqual({values: [12, 13, 14, 15, 16], next: 17});
});

test('an empty answer leaves the offset where it is', () => {
  expect(read(12, [])).toEqual({values: [], next: 12});
});

test('offsets that compaction took away are passed over', () => {
  const compacted = batch(10, 10);
  compacted.records = compacted.records.filter(({offsetDelta}) => offsetDelta % 5 === 0);
  expect(read(10, [compacted])).toEqual({values: [10, 15], next: 20});
});

test('markers of transactions are no messages, and the offset goes past them', () => {
  expect(read(0, [batch(0, 2, TRANSACTION), marker(2, 'commit')])).toEqual({values: [0, 1], next: 3});
});

test('what was aborted is left out, before and after what the same producer committed', () => {
  const records = [
    batch(0, 2, TRANSACTION),
    marker(2, 'abort'),
    batch(3, 2, TRANSACTION),
    marker(5, 'commit'),
    batch(6, 2, TRANSACTION),
    batch(8, 1),
    marker(9, 'abort'),
  ];
  expect(read(0, records, [6, 0])).toEqual({values: [3, 4, 8], next: 10});
});

test('what was aborted is left out though its marker is not in the answer yet', () => {
  expect(read(0, [batch(0, 2, TRANSACTION), batch(2, 1)], [0])).toEqual({values: [2], next: 3});
});
