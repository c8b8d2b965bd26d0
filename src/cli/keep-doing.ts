// What a server does beside answering, again and again: a fault in it is told, and ends nothing that can go on.
import {setInterval as every} from 'node:timers/promises';
import type {Log} from '../app/index.ts';
import {MillraceError} from '../protocol/index.ts';

export type Doing = {
  readonly everyMs: number;
  readonly signal: AbortSignal;
  readonly log: Pick<Log, 'error'>;
};

/** What the file system says when nothing more can be kept. */
const NOTHING_IS_KEPT: ReadonlySet<unknown> = new Set(['STORE_CLOSED', 'ENOSPC', 'EDQUOT', 'EROFS', 'EIO']);

/**
 * Does each of `steps` in turn every so often, until `signal`. One that fails is logged, those without a name as INTERNAL
 * with their stack, and the next one has its turn. Throws only what says that nothing can be kept any more: stores that
 * are closed, disks that take nothing.
 */
export async function keepDoing(
  steps: readonly (() => Promise<void> | void)[],
  {everyMs, signal, log}: Doing,
): Promise<void> {
  try {
    for await (const _ of every(everyMs, undefined, {signal}))
      for (const step of steps)
        try {
          await step();
        } catch (error) {
          if (NOTHING_IS_KEPT.has((error as {code?: unknown} | null)?.code)) throw error;
          log.error({err: named(error)}, 'What was due could not be done.');
        }
  } catch (error) {
    if (!signal.aborted) throw error;
  }
}

const named = (error: unknown): MillraceError =>
  error instanceof MillraceError
    ? error
    : new MillraceError('INTERNAL', 'Something failed inside the server, which goes on.', {
        cause: error,
        fix: 'Report it, with what the log says.',
      });
