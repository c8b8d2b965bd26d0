/**
 * One writer per folder, by a file `writer.lock` that names its holder. A holder that died (kill -9) leaves
 * its file behind; whoever comes next takes it over.
 *
 * Files appear by link(2), whole or not at all. To take over from a dead holder H, a process first links
 * `writer.lock.after-H`: at most one can. It then makes sure that `writer.lock` still names H (else somebody
 * else was done with it earlier), replaces it by rename, and only then removes `writer.lock.after-H`. If it
 * dies in between, the file it left names the next holder in the chain, and the same rules apply to that one.
 */
import {linkSync, readFileSync, renameSync, rmSync, writeFileSync} from 'node:fs';
import {join} from 'node:path';
import {MillraceError} from '../../protocol/index.ts';

export type WriterLock = {release(): void};

/** Takes the lock of the folder. Throws STORE_BUSY, naming the process, if a living one holds it. */
export function takeWriterLock(folder: string): WriterLock {
  const lock = join(folder, 'writer.lock');
  const me = holderName(process.pid);
  const mine = join(folder, `writer.lock.of-${me}`);
  for (;;) {
    const path = firstFree(lock);
    if (!link(mine, me, path)) continue;
    if (path !== lock) {
      const chain = chainFrom(lock);
      if (chain.at(-1)?.path !== path) {
        rmSync(path, {force: true});
        continue;
      }
      writeFileSync(mine, me);
      renameSync(mine, lock);
      for (const link of chain) if (link.path !== lock) rmSync(link.path, {force: true});
    }
    return {
      release: () => {
        if (read(lock) === me) rmSync(lock, {force: true});
      },
    };
  }
}

/** The place where the next holder must put its name. */
function firstFree(lock: string): string {
  const last = chainFrom(lock).at(-1);
  if (!last) return lock;
  if (alive(last.holder)) {
    const pid = last.holder.split('-')[0];
    throw new MillraceError('STORE_BUSY', `Process ${pid} has this log open for writing (${last.path}).`, {
      fix: `Stop process ${pid}, or use another folder.`,
    });
  }
  return `${lock}.after-${last.holder}`;
}

type Link = {readonly path: string; readonly holder: string};

/** The lock file and the takeovers that follow from it, oldest first. */
function chainFrom(lock: string): Link[] {
  const chain: Link[] = [];
  for (let path = lock; ; path = `${lock}.after-${chain.at(-1)!.holder}`) {
    const holder = read(path);
    if (holder === undefined) return chain;
    chain.push({path, holder});
  }
}

function link(mine: string, me: string, path: string): boolean {
  writeFileSync(mine, me);
  try {
    linkSync(mine, path);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  } finally {
    rmSync(mine, {force: true});
  }
}

function read(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}

/** Pid and, where the system tells, the time the process started: a pid alone may have been given to another. */
function holderName(pid: number): string {
  return `${pid}-${startOf(pid) ?? 'unknown'}`;
}

function alive(holder: string): boolean {
  const [pid, start] = holder.split('-');
  try {
    process.kill(Number(pid), 0);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
  const now = startOf(Number(pid));
  return start === 'unknown' || now === undefined || now === start;
}

/** Clock ticks between the boot and the start of a process (field 22 of proc(5) stat). */
function startOf(pid: number): string | undefined {
  const stat = read(`/proc/${pid}/stat`);
  return stat?.slice(stat.lastIndexOf(')') + 2).split(' ')[19];
}
