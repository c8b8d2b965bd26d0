// CPU seconds of a process and all its children, from /proc. Linux only.
import {readdirSync, readFileSync} from 'node:fs';

/** Clock ticks in a second: 100 on every Linux that Node runs on. */
const TICKS = 100;

type Stat = {readonly parent: number; readonly seconds: number};

function statOf(pid: number): Stat | undefined {
  let text: string;
  try {
    text = readFileSync(`/proc/${pid}/stat`, 'latin1');
  } catch {
    return undefined; // It has ended since the folder was listed.
  }
  // The name in parentheses may hold anything; fields are counted from behind it (proc(5): 4 ppid, 14 utime, 15 stime).
  const fields = text.slice(text.lastIndexOf(')') + 2).split(' ');
  return {parent: Number(fields[1]), seconds: (Number(fields[11]) + Number(fields[12])) / TICKS};
}

/** The process and those it started that still run, with their CPU seconds. */
function treeOf(root: number): Map<number, Stat> {
  const stats = new Map<number, Stat>();
  for (const name of readdirSync('/proc')) {
    const pid = Number(name);
    const stat = Number.isInteger(pid) ? statOf(pid) : undefined;
    if (stat) stats.set(pid, stat);
  }
  const isBelow = (pid: number): boolean => pid === root || (stats.has(pid) && isBelow(stats.get(pid)!.parent));
  return new Map([...stats].filter(([pid]) => isBelow(pid)));
}

/** The process and those it started that still run. */
export const processTree = (root: number): number[] => [...treeOf(root).keys()];

/** The sum over the process and those it started that still run. */
export function processCpuSeconds(root: number): number {
  let seconds = 0;
  for (const stat of treeOf(root).values()) seconds += stat.seconds;
  return seconds;
}
