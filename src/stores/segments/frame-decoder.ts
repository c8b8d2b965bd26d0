/** Turns the bytes of frames into batches: one batch for each run of frames of the same stream and columns. */
import type {PositionedBatch} from '../../protocol/index.ts';
import {ColumnsReader} from './columns-codec.ts';
import {readKept} from './erased-events.ts';
import {payloadIntact, readHeader} from './frame.ts';
import type {Frame} from './frame-index.ts';
import {corrupt} from './recovery.ts';

export type LoadedFrames = {
  /** The file, for error messages. */
  readonly path: string;
  readonly frames: readonly Frame[];
  /** The bytes of each frame. */
  readonly loaded: readonly Buffer[];
};

/** Events with positions in [from, to). Throws STORE_CORRUPT for a frame that is not what was written. */
export function* decodeFrames(
  {path, frames, loaded}: LoadedFrames,
  from: number,
  to: number,
): Generator<PositionedBatch> {
  for (let i = 0; i < frames.length; ) {
    const run = new Run(eventsOfRun(frames, i));
    const {streamId} = frames[i]!;
    for (; i < frames.length && frames[i]!.streamId === streamId; i++) {
      const frame = frames[i]!;
      try {
        if (!run.add(loaded[i]!, frame.position, from, to)) break;
      } catch (cause) {
        // RangeError: the codec or a buffer ran past the end of the frame.
        if (cause instanceof RangeError) throw corrupt(path, frame.offset, cause);
        throw cause;
      }
    }
    // Nothing is left of frames whose events were all erased.
    if (run.count > 0) yield run.finish();
  }
}

/** Events in the frames of one stream that follow each other from `i` on. */
function eventsOfRun(frames: readonly Frame[], i: number): number {
  const {streamId} = frames[i]!;
  let events = 0;
  for (; i < frames.length && frames[i]!.streamId === streamId; i++) events += frames[i]!.count;
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

  get count(): number {
    return this.#columns.count;
  }

  /** Adds the events of a frame that lie in [from, to); false if its columns are others than those before. */
  add(bytes: Buffer, position: number, from: number, to: number): boolean {
    const header = readHeader(bytes);
    if (header?.position !== position || !payloadIntact(bytes, header)) throw new RangeError('Checksums differ.');
    this.#stream = header.stream;
    const payload = bytes.subarray(header.payloadAt);
    const low = Math.max(0, from - position);
    const high = Math.min(header.count, to - position);
    let at = this.#columns.count;
    if (!header.hasErased) {
      if (!this.#columns.add(payload, header.count, low, high)) return false;
      for (let row = low; row < high; row++) this.#positions[at++] = position + row;
      return true;
    }
    const {offsets, columnsAt} = readKept(payload, header.count);
    const first = rowsBefore(offsets, low);
    const end = rowsBefore(offsets, high);
    if (first === end) return true;
    if (!this.#columns.add(payload.subarray(columnsAt), offsets.length, first, end)) return false;
    for (let row = first; row < end; row++) this.#positions[at++] = position + offsets[row]!;
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

/** How many of the ascending offsets are below a bound. */
function rowsBefore(offsets: Uint32Array, bound: number): number {
  const found = offsets.findIndex(offset => offset >= bound);
  return found < 0 ? offsets.length : found;
}
