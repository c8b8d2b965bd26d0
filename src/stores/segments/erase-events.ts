/** Takes events out of segments by writing the files anew: a frame that loses events keeps its count, so no position changes. */
import {closeSync, fdatasyncSync, openSync, readSync, renameSync, rmSync, writeSync} from 'node:fs';
import {setImmediate} from 'node:timers/promises';
import {ByteWriter} from './byte-writer.ts';
import {withoutEvents} from './frame-eraser.ts';
import type {FrameIndex, Segment} from './frame-index.ts';
import {BESIDE} from './segment-files.ts';

const COPY_BYTES = 4 * 1024 * 1024;

/**
 * Erases the events at these positions, ascending, none of them in a segment that still grows. Returns how many there
 * were. Each file is replaced whole, and the index with it, without a wait in between.
 */
export async function eraseEvents(index: FrameIndex, positions: Float64Array): Promise<number> {
  let erased = 0;
  for (let i = 0; i < positions.length; ) {
    const {segment, endFrame} = index.segmentOf(index.frameAt(positions[i]!));
    const end = index.position(endFrame);
    const from = i;
    while (i < positions.length && positions[i]! < end) i++;
    erased += rewrite(index, segment, endFrame, positions.subarray(from, i));
    // Appends and reads get their turn between two files.
    await setImmediate();
  }
  return erased;
}

function rewrite(index: FrameIndex, segment: Segment, endFrame: number, positions: Float64Array): number {
  const beside = `${segment.file}${BESIDE}`;
  const source = openSync(segment.file, 'r');
  const target = openSync(beside, 'w');
  try {
    const {erased, offsets, sizes} = copyWithout({index, segment, endFrame, source, target, positions});
    if (erased > 0) {
      fdatasyncSync(target);
      renameSync(beside, segment.file);
      index.moved(segment, offsets, sizes);
    }
    return erased;
  } finally {
    closeSync(target);
    closeSync(source);
    rmSync(beside, {force: true});
  }
}

type Rewriting = {
  readonly index: FrameIndex;
  readonly segment: Segment;
  readonly endFrame: number;
  readonly source: number;
  readonly target: number;
  readonly positions: Float64Array;
};

/** Writes the segment without the events; frames between two that change are copied as they are. */
function copyWithout({index, segment, endFrame, source, target, positions}: Rewriting) {
  const count = endFrame - segment.firstFrame;
  const offsets = new Uint32Array(count);
  const sizes = new Uint32Array(count);
  const out = new ByteWriter();
  let erased = 0;
  let written = 0;
  let read = 0;
  const copyTo = (offset: number) => {
    for (; read < offset; ) {
      const bytes = readBytes(source, read, Math.min(COPY_BYTES, offset - read));
      writeBytes(target, bytes);
      read += bytes.length;
      written += bytes.length;
    }
  };
  for (let k = 0, p = 0; k < count; k++) {
    const frame = index.frame(segment.firstFrame + k);
    const from = p;
    while (p < positions.length && positions[p]! < frame.position + frame.count) p++;
    const touched = p > from;
    const bytes = touched ? readBytes(source, frame.offset, frame.size) : undefined;
    const lost = bytes ? withoutEvents(out, {path: segment.file, frame, bytes}, positions.subarray(from, p)) : 0;
    offsets[k] = written + frame.offset - read;
    sizes[k] = lost > 0 ? out.length : frame.size;
    if (lost === 0) continue;
    copyTo(frame.offset);
    writeBytes(target, out.bytes());
    written += out.length;
    read += frame.size;
    erased += lost;
  }
  const last = index.frame(endFrame - 1);
  if (erased > 0) copyTo(last.offset + last.size);
  return {erased, offsets, sizes};
}

function readBytes(fd: number, at: number, length: number): Buffer {
  const bytes = Buffer.allocUnsafe(length);
  let filled = 0;
  while (filled < length) {
    const read = readSync(fd, bytes, filled, length - filled, at + filled);
    if (read === 0) return bytes.subarray(0, filled);
    filled += read;
  }
  return bytes;
}

function writeBytes(fd: number, bytes: Buffer): void {
  for (let done = 0; done < bytes.length; ) done += writeSync(fd, bytes, done);
}
