/**
 * Rebuilds the frame index from the files when a log is opened.
 *
 * Only the end of the last segment can be half-written by a process that died: it is cut off and reported.
 * Damage anywhere else would take acknowledged events with it, so it is STORE_CORRUPT, and a person decides.
 * What was truncated is removed, should it still stand. Of full segments only the headers are read here (`verify` reads everything); the last one is read whole.
 */
import {closeSync, fdatasyncSync, ftruncateSync, openSync, rmSync} from 'node:fs';
import {join} from 'node:path';
import {MillraceError} from '../../protocol/index.ts';
import {HEADER_BYTES, MAGIC, payloadIntact, readHeader} from './frame.ts';
import {FrameIndex} from './frame-index.ts';
import {readStart} from './intents.ts';
import {FileWindow, removeUnfinished, segmentName, segmentNames} from './segment-files.ts';

/** What opening had to cut off: bytes of an append that was never acknowledged. */
export type Recovered = {readonly file: string; readonly offset: number; readonly droppedBytes: number};

const MAX_HEADER = HEADER_BYTES + 255;
const MiB = 1024 * 1024;

export function recover(folder: string): {index: FrameIndex; recovered: Recovered | undefined} {
  removeUnfinished(folder);
  const start = readStart(folder);
  const index = new FrameIndex(start);
  let recovered: Recovered | undefined;
  const found = segmentNames(folder);
  const names = found.filter(name => name >= segmentName(start));
  for (const name of found) if (name < segmentName(start)) rmSync(join(folder, name));
  names.forEach((name, i) => {
    const file = join(folder, name);
    if (name !== segmentName(index.end))
      throw new MillraceError(
        'STORE_CORRUPT',
        `The log in ${folder} goes to position ${index.end} before the file ${name}, which starts elsewhere.`,
        {fix: `Restore the missing segment ${segmentName(index.end)} from a backup.`},
      );
    index.addSegment(file);
    recovered = scan(file, index, i === names.length - 1);
  });
  return {index, recovered};
}

/** Adds the frames of a file to the index; cuts off a torn end if the file is the last one. */
function scan(file: string, index: FrameIndex, last: boolean): Recovered | undefined {
  const fd = openSync(file, last ? 'r+' : 'r');
  try {
    const window = new FileWindow(fd);
    let at = 0;
    let ahead = MiB;
    while (at < window.size) {
      const header = readHeader(window.view(at, MAX_HEADER, ahead));
      const whole = header !== undefined && header.position === index.end && at + header.size <= window.size;
      if (!whole || (last && !payloadIntact(window.view(at, header.size, MiB), header))) {
        if (!last || frameFollows(window, at + 1, index.end)) throw corrupt(file, at);
        ftruncateSync(fd, at);
        fdatasyncSync(fd);
        return {file, offset: at, droppedBytes: window.size - at};
      }
      index.add(header.stream, at, header.size, header.count);
      at += header.size;
      // Past large payloads, the next header is fetched alone.
      ahead = last || header.size < 64 * 1024 ? MiB : 4_096;
    }
    return undefined;
  } finally {
    closeSync(fd);
  }
}

/** Whether an intact header of a later frame stands behind a damaged place, which then is no torn end. */
function frameFollows(window: FileWindow, from: number, position: number): boolean {
  const rest = window.view(from, window.size - from, 0);
  const magic = Buffer.alloc(4);
  magic.writeUInt32LE(MAGIC);
  for (let at = rest.indexOf(magic); at >= 0; at = rest.indexOf(magic, at + 1)) {
    const header = readHeader(rest.subarray(at, at + MAX_HEADER));
    if (header && header.position >= position) return true;
  }
  return false;
}

/** STORE_CORRUPT with the file and the offset of the damaged frame. */
export function corrupt(file: string, offset: number, cause?: unknown): MillraceError {
  return new MillraceError('STORE_CORRUPT', `The log has a damaged frame at byte ${offset} of ${file}.`, {
    cause,
    fix: 'Restore the file from a backup; events in front of that byte can still be read from a copy cut there.',
  });
}
