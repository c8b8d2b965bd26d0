import {Worker} from 'node:worker_threads';
import {MillraceError} from '../../protocol/index.ts';
import {TEAM_BYTES} from './team.ts';

/** What a thread is started with, and what the leader sends back. */
export type ThreadStart<Job> = {
  readonly job: Job;
  readonly thread: number;
  readonly threads: number;
  readonly control: SharedArrayBuffer;
};
export type ThreadMessage<Progress, Result> = {readonly progress: Progress} | {readonly result: Result};

type Options<Progress> = {
  readonly threads: number;
  readonly signal?: AbortSignal | undefined;
  readonly onProgress?: ((progress: Progress) => void) | undefined;
};

/**
 * Runs a job on worker threads; this thread only waits for messages. All workers have ended when the promise
 * settles. Rejects with the signal's reason if aborted, and TRAINING_FAILED if a thread dies.
 */
export async function runThreads<Job, Progress, Result>(job: Job, options: Options<Progress>): Promise<Result> {
  const {threads, signal, onProgress} = options;
  signal?.throwIfAborted();
  const control = new SharedArrayBuffer(TEAM_BYTES);
  const workers: Worker[] = [];
  let abort = () => {};
  try {
    return await new Promise<Result>((resolve, reject) => {
      abort = () => reject(signal!.reason);
      signal?.addEventListener('abort', abort, {once: true});
      for (let thread = 0; thread < threads; thread++) {
        const worker = startWorker({job, thread, threads, control});
        workers.push(worker);
        worker.on('message', (message: ThreadMessage<Progress, Result>) => {
          if ('result' in message) resolve(message.result);
          else {
            try {
              onProgress?.(message.progress);
            } catch (error) {
              reject(error);
            }
          }
        });
        worker.on('error', cause => reject(failed(cause instanceof Error ? cause.message : String(cause), cause)));
        worker.on('exit', code => reject(failed(`a worker thread ended with code ${code}`)));
      }
    });
  } finally {
    signal?.removeEventListener('abort', abort);
    await Promise.all(workers.map(worker => worker.terminate()));
  }
}

/**
 * Built, the worker is plain JavaScript. From source (tests, tsx) it is TypeScript, and the worker registers
 * the loader itself: `--import tsx` in a worker's execArgv has no effect on Node 20.
 */
function startWorker(start: ThreadStart<unknown>): Worker {
  if (!import.meta.url.endsWith('.ts'))
    return new Worker(new URL('./worker.js', import.meta.url), {workerData: start, execArgv: []});
  const loader = import.meta.resolve('tsx/esm/api');
  const entry = new URL('./worker.ts', import.meta.url).href;
  const code = `import('${loader}').then(({register}) => { register(); return import('${entry}'); });`;
  return new Worker(code, {eval: true, workerData: start, execArgv: []});
}

function failed(reason: string, cause?: unknown): MillraceError {
  return new MillraceError('TRAINING_FAILED', `Training stopped: ${reason}.`, {
    cause,
    fix: 'If memory ran out, train on fewer rows or features; otherwise report this error.',
  });
}
