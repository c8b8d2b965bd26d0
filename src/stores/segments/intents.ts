/**
 * Two small files beside the segments make changes to many files one change.
 *
 * `start`: the position at which the log begins. Segments before it are on their way out; whoever opens the log
 * removes what is left of them. `erasure`: positions whose events are being erased; whoever opens the log erases them
 * again, which changes nothing where it was done. Both hold numbers only.
 */
import {readFileSync, rmSync} from 'node:fs';
import {join} from 'node:path';
import {replaceFile, syncFolder} from './segment-files.ts';

const START = 'start';
const ERASURE = 'erasure';

export function writeStart(folder: string, position: number): void {
  replaceFile(folder, START, String(position));
}

/** 0 if nothing was ever truncated. */
export function readStart(folder: string): number {
  return Number(readIntent(folder, START) ?? 0);
}

export function writeErasure(folder: string, positions: Float64Array): void {
  replaceFile(folder, ERASURE, positions.join('\n'));
}

export function clearErasure(folder: string): void {
  rmSync(join(folder, ERASURE), {force: true});
  syncFolder(folder);
}

/** What an erasure that was cut short has to erase; empty if there is none. */
export function readErasure(folder: string): Float64Array {
  return Float64Array.from(readIntent(folder, ERASURE)?.split('\n') ?? [], Number);
}

function readIntent(folder: string, name: string): string | undefined {
  try {
    return readFileSync(join(folder, name), 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}
