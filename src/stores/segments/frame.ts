/**
 * A frame is one batch on disk: a header, the stream's name, and the payload (columns-codec.ts), whose first
 * three columns are the ids, the event times and the arrival times. Little-endian:
 *
 *    0  u32  magic "MLRF"          16  f64  log position of the first event
 *    4  u16  version: 1 or 2       24  u32  CRC-32 of the payload
 *    6  u16  bytes of the name     28  u32  CRC-32 of bytes 0 to 28 and of the name
 *    8  u32  events                32  name (UTF-8), payload
 *   12  u32  bytes of the payload
 *
 * A frame of version 2 has lost events to erasure. It still counts them, so that no position changes; its payload
 * begins with which they were (erased-events.ts).
 */
import {crc32} from 'node:zlib';
import {type EventBatch, MillraceError} from '../../protocol/index.ts';
import type {ByteWriter} from './byte-writer.ts';
import {writeColumns} from './columns-codec.ts';
import {writeErased} from './erased-events.ts';

export const MAGIC = 0x46524c4d;
const WHOLE = 1;
const WITH_ERASED = 2;
export const HEADER_BYTES = 32;

/** The largest batch: 256 MiB encoded, some four million events of five columns. */
const MAX_PAYLOAD_BYTES = 256 * 1024 * 1024;
const MAX_STREAM_BYTES = 255;

export type FrameHeader = {
  readonly stream: string;
  /** Events, those included that were erased. */
  readonly count: number;
  readonly position: number;
  readonly hasErased: boolean;
  readonly payloadCrc: number;
  /** Offset of the payload from the start of the frame. */
  readonly payloadAt: number;
  /** Bytes of the whole frame. */
  readonly size: number;
};

const NONE = new Uint32Array(0);

/**
 * Writes the frame of `batch` over what `out` held. `erased` are offsets, ascending, of events that the frame once had
 * and that are not in the batch. Throws REQUEST_INVALID or REQUEST_TOO_LARGE, TypeError for columns of unequal lengths.
 */
export function writeFrame(out: ByteWriter, batch: EventBatch, position: number, erased: Uint32Array = NONE): void {
  assertEqualLengths(batch);
  out.clear();
  out.skip(HEADER_BYTES);
  const streamBytes = out.text(batch.stream);
  if (streamBytes === 0 || streamBytes > MAX_STREAM_BYTES)
    throw new MillraceError('REQUEST_INVALID', `A stream's name of ${streamBytes} bytes cannot be stored.`, {
      fix: `Name the stream with 1 to ${MAX_STREAM_BYTES} bytes of UTF-8.`,
    });
  const payloadAt = out.length;
  if (erased.length > 0) writeErased(out, erased);
  if (erased.length === 0 || batch.count > 0)
    writeColumns(out, [
      ['', batch.ids],
      ['', batch.eventTimes],
      ['', batch.arrivalTimes],
      ...Object.entries(batch.columns),
    ]);
  const payloadBytes = out.length - payloadAt;
  if (payloadBytes > MAX_PAYLOAD_BYTES)
    throw new MillraceError(
      'REQUEST_TOO_LARGE',
      `A batch of ${batch.count} events takes ${payloadBytes} bytes; at most ${MAX_PAYLOAD_BYTES} fit in one.`,
      {fix: 'Append the events in several batches.'},
    );
  out.u32(MAGIC, 0);
  out.u16(erased.length > 0 ? WITH_ERASED : WHOLE, 4);
  out.u16(streamBytes, 6);
  out.u32(batch.count + erased.length, 8);
  out.u32(payloadBytes, 12);
  out.f64(position, 16);
  const bytes = out.bytes();
  out.u32(crc32(bytes.subarray(payloadAt)), 24);
  out.u32(headerCrc(bytes, streamBytes), 28);
}

/** The header at the start of `bytes`; undefined if it is incomplete or not intact. */
export function readHeader(bytes: Buffer): FrameHeader | undefined {
  if (bytes.length < HEADER_BYTES || bytes.readUInt32LE(0) !== MAGIC) return undefined;
  const version = bytes.readUInt16LE(4);
  if (version !== WHOLE && version !== WITH_ERASED) return undefined;
  const payloadAt = HEADER_BYTES + bytes.readUInt16LE(6);
  if (bytes.length < payloadAt || headerCrc(bytes, payloadAt - HEADER_BYTES) !== bytes.readUInt32LE(28))
    return undefined;
  return {
    stream: bytes.toString('utf8', HEADER_BYTES, payloadAt),
    count: bytes.readUInt32LE(8),
    position: bytes.readDoubleLE(16),
    hasErased: version === WITH_ERASED,
    payloadCrc: bytes.readUInt32LE(24),
    payloadAt,
    size: payloadAt + bytes.readUInt32LE(12),
  };
}

/** Whether the payload is the one that was written. `frame` is the whole frame. */
export function payloadIntact(frame: Buffer, {payloadAt, payloadCrc, size}: FrameHeader): boolean {
  return frame.length === size && crc32(frame.subarray(payloadAt)) === payloadCrc;
}

function headerCrc(bytes: Buffer, streamBytes: number): number {
  return crc32(bytes.subarray(HEADER_BYTES, HEADER_BYTES + streamBytes), crc32(bytes.subarray(0, 28)));
}

function assertEqualLengths({count, ids, eventTimes, arrivalTimes, columns}: EventBatch): void {
  const check = (name: string, {length}: {readonly length: number}) => {
    if (length !== count) throw new TypeError(`A batch of ${count} events has ${length} values in '${name}'.`);
  };
  check('ids', ids);
  check('eventTimes', eventTimes);
  check('arrivalTimes', arrivalTimes);
  for (const name in columns) check(name, columns[name]!);
}
