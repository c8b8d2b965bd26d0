import {Worker} from 'node:worker_threads';
import {MillraceError} from '../../protocol/index.ts';
import type {PackedTensor, SessionMessage, SessionPort, SessionRequest, SessionStart} from './session-messages.ts';

/** A run that ONNX Runtime refused: the request's fault, or the model's; the thread lives on. */
export class RunFailed extends Error {}

/** The thread is gone, and what it was doing is lost. */
export class ThreadEnded extends Error {}

type Waiting = {resolve(outputs: readonly PackedTensor[]): void; reject(error: Error): void};

/** One worker thread with one session. Its owner gives it one run at a time. */
export class SessionThread {
  readonly inputs: readonly SessionPort[];
  readonly outputs: readonly SessionPort[];
  /** Settles when the thread has ended, whatever the cause. */
  readonly ended: Promise<string>;
  readonly #worker: Worker;
  readonly #waiting = new Map<number, Waiting>();
  #next = 0;
  #gone: string | null = null;

  private constructor(
    worker: Worker,
    ports: {readonly inputs: readonly SessionPort[]; readonly outputs: readonly SessionPort[]},
    ended: Promise<string>,
  ) {
    this.#worker = worker;
    this.inputs = ports.inputs;
    this.outputs = ports.outputs;
    worker.on('message', (message: SessionMessage) => this.#take(message));
    this.ended = ended.then(reason => {
      this.#gone = reason;
      for (const {reject} of this.#waiting.values()) reject(new ThreadEnded(reason));
      this.#waiting.clear();
      return reason;
    });
  }

  /** Loads the model in a new thread. Throws MODEL_INVALID, or PACKAGE_MISSING without onnxruntime-node. */
  static async start(model: SharedArrayBuffer): Promise<SessionThread> {
    const worker = startWorker({model});
    const ended = new Promise<string>(resolve => {
      let reason = '';
      worker.on('error', error => {
        reason = error instanceof Error ? error.message : String(error);
      });
      worker.on('exit', code => resolve(reason || `it ended with code ${code}`));
    });
    const first = new Promise<SessionMessage>(resolve => worker.once('message', resolve));
    const message = await Promise.race([first, ended]);
    if (typeof message !== 'string' && 'ready' in message) return new SessionThread(worker, message.ready, ended);
    await worker.terminate();
    if (typeof message === 'string') throw refused(message);
    if ('refused' in message)
      throw message.refused.missing ? packageMissing(message.refused.reason) : refused(message.refused.reason);
    throw new TypeError('a session thread spoke before it was ready');
  }

  /** Gives the buffers of `inputs` away. Throws RunFailed, ThreadEnded. */
  run(inputs: readonly PackedTensor[]): Promise<readonly PackedTensor[]> {
    if (this.#gone !== null) return Promise.reject(new ThreadEnded(this.#gone));
    const id = this.#next++;
    const request: SessionRequest = {id, inputs};
    const buffers = inputs.flatMap(({data}) => (ArrayBuffer.isView(data) ? [data.buffer] : []));
    return new Promise((resolve, reject) => {
      this.#waiting.set(id, {resolve, reject});
      this.#worker.postMessage(request, [...new Set(buffers)]);
    });
  }

  /** Ends the thread after the run that it is doing. */
  async close(): Promise<void> {
    if (this.#gone === null) this.#worker.postMessage({close: true} satisfies SessionRequest);
    await this.ended;
  }

  /** Ends the thread at once; a run that it is doing is lost. */
  async kill(): Promise<void> {
    await this.#worker.terminate();
    await this.ended;
  }

  #take(message: SessionMessage): void {
    if (!('id' in message)) return;
    const waiting = this.#waiting.get(message.id);
    this.#waiting.delete(message.id);
    if ('outputs' in message) waiting?.resolve(message.outputs);
    else waiting?.reject(new RunFailed(message.failed));
  }
}

/**
 * Built, the worker is plain JavaScript. From source (tests, tsx) it is TypeScript, and the worker registers the loader
 * itself: `--import tsx` in a worker's execArgv has no effect on Node 20.
 */
function startWorker(start: SessionStart): Worker {
  if (!import.meta.url.endsWith('.ts'))
    return new Worker(new URL('./session-worker.js', import.meta.url), {workerData: start, execArgv: []});
  const loader = import.meta.resolve('tsx/esm/api');
  const entry = new URL('./session-worker.ts', import.meta.url).href;
  const code = `import('${loader}').then(({register}) => { register(); return import('${entry}'); });`;
  return new Worker(code, {eval: true, workerData: start, execArgv: []});
}

function refused(reason: string): MillraceError {
  return new MillraceError('MODEL_INVALID', `ONNX Runtime does not load the model: ${reason}.`, {
    fix: 'Export it again with operators that ONNX Runtime knows; custom operators are not loaded.',
  });
}

function packageMissing(cause: unknown): MillraceError {
  return new MillraceError('PACKAGE_MISSING', 'Evaluating this ONNX model needs the package onnxruntime-node.', {
    cause,
    fix: 'Run: npm install onnxruntime-node --ignore-scripts',
  });
}
