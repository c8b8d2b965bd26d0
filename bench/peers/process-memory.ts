// Resident memory of a process and all its children, from /proc. Linux only.
import {readFileSync} from 'node:fs';
import {processTree} from './process-cpu.ts';

/** Bytes; what several of them share is counted once. */
export function processMemoryBytes(root: number): number {
  let bytes = 0;
  for (const pid of processTree(root)) {
    const share = /^Pss:\s+(\d+) kB/m.exec(readFileSync(`/proc/${pid}/smaps_rollup`, 'latin1'));
    bytes += Number(share?.[1] ?? 0) * 1_024;
  }
  return bytes;
}
