/** Turns the bytes of frames into batches: one batch for each run of frames of the same stream and columns. */
import type {PositionedBatch} from '../../protocol/index.ts';
import {ColumnsReader} from './columns-codec.ts';
import {payloadIntact, readHeader} from './frame.ts';
import type {FrameIndex} from './frame-index.ts';
import {corrupt} from './recovery.ts';

export type LoadedFrames = {
  /** The file, for error messages. */
  readonly path: string;
  readonly frames: readonly number[];
  /** The bytes of each frame. */
  readonly loaded: readonly Buffer[];
};

/** Events with positions in [from, to). Throws STORE_CORRUPT for a frame that is not what was written. */
export function* decodeFrames(
  index: FrameIndex,
  {path, frames, loaded}: LoadedFrames,
  from: number,
  to: number,
): Generator<PositionedBatch> {
  for (let i = 0; i < frames.length; ) {
    const run = new Run(eventsOfRun(index, frames, i));
    const streamId = index.streamId(frames[i]!);
    for (; i < frames.length && index.streamId(frames[i]!) === streamId; i++) {
      const frame = frames[i]!;
      try {
        if (!run.add(loaded[i]!, index.position(frame), from, to)) break;
      } catch (cause) {
        // RangeError: the codec or a buffer ran past the end of the frame.
        if (cause instanceof RangeError) throw corrupt(path, index.offset(frame), cause);
        throw cause;
      }
    }
    yield run.finish();
  }
}

/** Events in the frames of one stream that follow each other from `i` on. */
function eventsOfRun(index: FrameIndex, frames: readonly number[], i: number): number {
  const streamId = index.streamId(frames[i]!);
  let events = 0;
  for (; i < frames.length && index.streamId(frames[i]!) === streamId; i++)
    events += index.position(frames[i]! + 1) - index.position(frames[i]!);
  return events;
}

class Run {
  readonly #columns: ColumnsReader;
  readonly #positions: Float64Array;
  #stream = '';

  constructor(capacity: number) {
    this.#columns = new ColumnsReader(capacity);
    this.#positions = new Float64Array(capacity);
  }

  /** Adds the events of a frame that lie in [from, to); false if its columns are others than those before. */
  add(bytes: Buffer, position: number, from: number, to: number): boolean {
    const header = readHeader(bytes);
    if (header?.position !== position || !payloadIntact(bytes, header)) throw new RangeError('Checksums differ.');
    const low = Math.max(0, from - position);
    const high = Math.min(header.count, to - position);
    let at = this.#columns.count;
    if (!this.#columns.add(bytes.subarray(header.payloadAt), header.count, low, high)) return false;
    for (let row = low; row < high; row++) this.#positions[at++] = position + row;
    this.#stream = header.stream;
    return true;
  }

  finish(): PositionedBatch {
    const {count} = this.#columns;
    const [ids, eventTimes, arrivalTimes, ...columns] = this.#columns.finish();
    return {
      stream: this.#stream,
      count,
      position: this.#positions[0]!,
      positions: count === this.#positions.length ? this.#positions : this.#positions.slice(0, count),
      // The first three columns of a frame are written as such (frame.ts), and the checksum holds.
      ids: ids![1] as readonly string[],
      eventTimes: eventTimes![1] as Float64Array,
      arrivalTimes: arrivalTimes![1] as Float64Array,
      columns: Object.fromEntries(columns),
    };
  }
}
