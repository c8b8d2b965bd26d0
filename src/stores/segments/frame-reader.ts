/**
 * Reads frames back as batches. Neighbouring small frames of one stream become one batch, so that a log of
 * single events is not read event by event. Every frame's checksums are compared on the way.
 */
import {type FileHandle, open} from 'node:fs/promises';
import type {PositionedBatch} from '../../protocol/index.ts';
import {decodeFrames} from './frame-decoder.ts';
import type {FrameIndex} from './frame-index.ts';

/** Frames are joined up to this many events; a larger frame stays one batch. */
const BATCH_EVENTS = 16_384;

/** Frames of other streams up to this size are read along rather than skipped, in reads of at most SPAN_BYTES. */
const GAP_BYTES = 16 * 1024;
const SPAN_BYTES = 4 * 1024 * 1024;

export type FrameRange = {readonly stream: string | undefined; readonly from: number; readonly to: number};

/** Batches of [from, to); `to` is at most the acknowledged end. `assertOpen` is asked before each access to the disk. */
export async function* readFrames(
  index: FrameIndex,
  {stream, from, to}: FrameRange,
  assertOpen: () => void,
): AsyncGenerator<PositionedBatch> {
  assertOpen();
  const streamId = stream === undefined ? undefined : index.idOf(stream);
  if (stream !== undefined && streamId === undefined) return;
  let file: {readonly path: string; readonly handle: FileHandle} | undefined;
  try {
    for (let frame = index.frameAt(from); index.position(frame) < to; ) {
      const segment = index.segmentOf(frame);
      const {frames, next} = nextGroup(index, frame, segment.endFrame, to, streamId);
      frame = next;
      if (frames.length === 0) continue;
      assertOpen();
      if (file?.path !== segment.file) {
        await file?.handle.close();
        file = undefined;
        file = {path: segment.file, handle: await open(segment.file, 'r')};
      }
      const loaded = await load(index, frames, file.handle);
      yield* decodeFrames(index, {path: file.path, frames, loaded}, from, to);
    }
  } finally {
    await file?.handle.close();
  }
}

/** Frames of one segment, from `frame` on, that are fetched together; and where to go on. */
function nextGroup(index: FrameIndex, frame: number, end: number, to: number, streamId: number | undefined) {
  const frames: number[] = [];
  let events = 0;
  for (; frame < end && index.position(frame) < to; frame++) {
    if (streamId !== undefined && index.streamId(frame) !== streamId) continue;
    events += index.position(frame + 1) - index.position(frame);
    if (frames.length > 0 && events > BATCH_EVENTS) break;
    frames.push(frame);
  }
  return {frames, next: frame};
}

/** The bytes of each frame, in few reads. */
async function load(index: FrameIndex, frames: readonly number[], handle: FileHandle): Promise<Buffer[]> {
  const loaded: Buffer[] = [];
  const after = (frame: number) => index.offset(frame) + index.size(frame);
  for (let first = 0; first < frames.length; ) {
    const start = index.offset(frames[first]!);
    let last = first;
    for (let next = first + 1; next < frames.length; last = next++) {
      const gap = index.offset(frames[next]!) - after(frames[last]!);
      if (gap > GAP_BYTES || after(frames[next]!) - start > SPAN_BYTES) break;
    }
    const span = Buffer.allocUnsafeSlow(after(frames[last]!) - start);
    const {bytesRead} = await handle.read(span, 0, span.length, start);
    for (; first <= last; first++) {
      const at = index.offset(frames[first]!) - start;
      loaded.push(span.subarray(at, Math.min(at + index.size(frames[first]!), bytesRead)));
    }
  }
  return loaded;
}
