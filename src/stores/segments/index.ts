/** The embedded event log: append-only segment files in a folder, one writing process at a time. */
import {MillraceError} from '../../protocol/index.ts';
import {nativeOrder} from './columns-codec.ts';
import {recover} from './recovery.ts';
import {makeFolder} from './segment-files.ts';
import {SegmentLog, type SegmentLogOptions} from './segment-log.ts';
import {takeWriterLock} from './writer-lock.ts';

export type {Recovered} from './recovery.ts';
export type {SegmentLog, SegmentLogOptions} from './segment-log.ts';

/**
 * Opens the log in `folder`, which is made if absent. A half-written end is cut off (`recovered` tells); a truncation
 * or an erasure that was cut short is completed.
 * Throws STORE_BUSY if another process has it open, STORE_CORRUPT if a frame before the end is damaged.
 */
export async function openSegmentLog(folder: string, options: SegmentLogOptions = {}): Promise<SegmentLog> {
  if (!nativeOrder)
    throw new MillraceError('STORE_FAILED', 'Segment files are little-endian, and this machine is not.', {
      fix: 'Name another event log in the configuration.',
    });
  makeFolder(folder);
  const lock = takeWriterLock(folder);
  let log: SegmentLog | undefined;
  try {
    const {index, recovered} = recover(folder);
    log = new SegmentLog(folder, index, recovered, lock, options);
    await log.erase([]);
    return log;
  } catch (error) {
    await log?.close();
    lock.release();
    throw error;
  }
}
