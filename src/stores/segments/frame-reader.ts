/**
 * Reads frames back as batches. Neighbouring small frames of one stream become one batch, so that a log of
 * single events is not read event by event. Every frame's checksums are compared on the way.
 *
 * While a reader waits for the disk, segments may be dropped or written anew. It therefore looks up where a group of
 * frames lies and which file is open in one go, and reads the group from that file even if another has taken its name.
 */
import {type FileHandle, open} from 'node:fs/promises';
import type {PositionedBatch} from '../../protocol/index.ts';
import {decodeFrames} from './frame-decoder.ts';
import type {Frame, FrameIndex, Segment} from './frame-index.ts';

/** Frames are joined up to this many events; a larger frame stays one batch. */
const BATCH_EVENTS = 16_384;

/** Frames of other streams up to this size are read along rather than skipped, in reads of at most SPAN_BYTES. */
const GAP_BYTES = 16 * 1024;
const SPAN_BYTES = 4 * 1024 * 1024;

export type FrameRange = {readonly stream: string | undefined; readonly from: number; readonly to: number};

type OpenSegment = {readonly segment: Segment; readonly handle: FileHandle};

/** Batches of [from, to); `to` is at most the acknowledged end. `assertOpen` is asked before each access to the disk. */
export async function* readFrames(
  index: FrameIndex,
  {stream, from, to}: FrameRange,
  assertOpen: () => void,
): AsyncGenerator<PositionedBatch> {
  assertOpen();
  const streamId = stream === undefined ? undefined : index.idOf(stream);
  if (stream !== undefined && streamId === undefined) return;
  let file: OpenSegment | undefined;
  try {
    for (let frame = index.frameAt(from); ; ) {
      frame = Math.max(frame, index.firstFrame);
      if (index.position(frame) >= to) return;
      const {segment, endFrame} = index.segmentOf(frame);
      const {frames, next} = nextGroup(index, frame, endFrame, to, streamId);
      if (frames.length === 0) {
        frame = next;
        continue;
      }
      assertOpen();
      if (file?.segment !== segment) {
        await file?.handle.close();
        file = undefined;
        file = await openSegment(index, segment);
        continue;
      }
      frame = next;
      const loaded = await load(frames, file.handle);
      yield* decodeFrames({path: segment.file, frames, loaded}, from, to);
    }
  } finally {
    await file?.handle.close();
  }
}

/** Undefined if the segment was dropped meanwhile. */
async function openSegment(index: FrameIndex, segment: Segment): Promise<OpenSegment | undefined> {
  try {
    const handle = await open(segment.file, 'r');
    if (index.segments.includes(segment)) return {segment, handle};
    await handle.close();
    return undefined;
  } catch (error) {
    if (!index.segments.includes(segment)) return undefined;
    throw error;
  }
}

/** Frames of one segment, from `frame` on, that are fetched together; and where to go on. */
function nextGroup(index: FrameIndex, frame: number, end: number, to: number, streamId: number | undefined) {
  const frames: Frame[] = [];
  let events = 0;
  for (; frame < end && index.position(frame) < to; frame++) {
    if (streamId !== undefined && index.streamId(frame) !== streamId) continue;
    const found = index.frame(frame);
    events += found.count;
    if (frames.length > 0 && events > BATCH_EVENTS) break;
    frames.push(found);
  }
  return {frames, next: frame};
}

/** The bytes of each frame, in few reads. */
async function load(frames: readonly Frame[], handle: FileHandle): Promise<Buffer[]> {
  const loaded: Buffer[] = [];
  const after = ({offset, size}: Frame) => offset + size;
  for (let first = 0; first < frames.length; ) {
    const start = frames[first]!.offset;
    let last = first;
    for (let next = first + 1; next < frames.length; last = next++) {
      const gap = frames[next]!.offset - after(frames[last]!);
      if (gap > GAP_BYTES || after(frames[next]!) - start > SPAN_BYTES) break;
    }
    const span = Buffer.allocUnsafeSlow(after(frames[last]!) - start);
    const {bytesRead} = await handle.read(span, 0, span.length, start);
    for (; first <= last; first++) {
      const at = frames[first]!.offset - start;
      loaded.push(span.subarray(at, Math.min(at + frames[first]!.size, bytesRead)));
    }
  }
  return loaded;
}
