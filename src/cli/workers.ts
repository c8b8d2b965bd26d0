import {availableParallelism} from 'node:os';
import {resolve} from 'node:path';
import {fileURLToPath} from 'node:url';
import {InvalidArgumentError} from 'commander';
import {type Host, keepCheckpointing, type LivePlatform, WorkerPool} from '../app/index.ts';
import {MillraceError} from '../protocol/index.ts';
import type {AccessFlags} from './access-options.ts';
import {type LogFlags, logOptions} from './log-options.ts';
import type {Terminal} from './terminal/terminal.ts';

/** Workers read features as of the last checkpoint, which is so old at most while events come (ms). */
const CHECKPOINT_MS = 250;

/** This file's suffix is that of the worker: from source both are TypeScript. */
const ENTRY = fileURLToPath(new URL(import.meta.url.endsWith('.ts') ? './worker.ts' : './worker.js', import.meta.url));

/** How many workers: a whole number, or `auto` for one of each core. */
export function workerCount(text: string): number {
  if (text === 'auto') return availableParallelism();
  const value = Number(text);
  if (text.trim() !== '' && Number.isSafeInteger(value) && value >= 0 && value <= 256) return value;
  throw new InvalidArgumentError('It must be a whole number from 0 to 256, or auto.');
}

export type WorkerFlags = AccessFlags & LogFlags & {readonly project: string; readonly workers?: number};

/** The workers of a server, which are not started yet; null: there are none. Throws USAGE with a rate for every client. */
export function workersOf(host: Host, flags: WorkerFlags, terminal: Terminal): WorkerPool | null {
  const {workers = 0, rate, auth, project, tlsCert: cert, tlsKey: key} = flags;
  if (workers === 0) return null;
  if (rate !== undefined)
    throw new MillraceError(
      'USAGE',
      '--rate counts the requests of every client in one process, and --workers asks several.',
      {
        fix: 'Leave one of them out, or give single keys a rate: millrace keys create --rate 100/s.',
      },
    );
  const pool = new WorkerPool({
    count: workers,
    entry: ENTRY,
    start: {
      project: resolve(project),
      folder: resolve(host.runtime.folder),
      auth: auth === true,
      log: logOptions(flags),
      tls: cert === undefined || key === undefined ? null : {cert: resolve(cert), key: resolve(key)},
    },
    onProblem: problem => terminal.note(terminal.errStyle.yellow(problem)),
    onAnswered: request => host.onAnswered(request),
  });
  process.once('exit', () => pool.removeSockets());
  return pool;
}

/** Starts them on the live state as it is, and keeps that for them until `signal`. */
export async function startWorkers(
  pool: WorkerPool,
  platform: LivePlatform,
  signal: AbortSignal,
  terminal: Terminal,
): Promise<{readonly keeping: Promise<void>}> {
  await platform.checkpoint();
  const keeping = keepCheckpointing(platform, CHECKPOINT_MS, signal);
  await pool.open(platform);
  const {wanted, ready} = pool.state;
  terminal.note(terminal.errStyle.dim(`${ready} of ${wanted} workers answer predictions.`));
  for (const [model, reason] of pool.reasons)
    terminal.note(terminal.errStyle.dim(`'${model}' is answered by one process: ${reason}.`));
  return {keeping};
}
