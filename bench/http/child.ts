// Child processes on cores of their own: the server on the first, the load generator on the last.
import {type ChildProcess, spawn, spawnSync} from 'node:child_process';
import {once} from 'node:events';
import {availableParallelism} from 'node:os';
import {join} from 'node:path';
import type {LoadOptions, LoadResult, ServeOptions, ServerAnswer, ServerRequest} from './messages.ts';

const CORES = availableParallelism();

/** Whether processes can be bound to a core here: Linux, more than one core. */
export const pinned = CORES > 1 && spawnSync('taskset', ['--version']).status === 0;

function start(script: string, core: number, options: ServeOptions | LoadOptions, ipc: boolean): ChildProcess {
  const node = [process.execPath, join(import.meta.dirname, script), JSON.stringify(options)];
  const [command, ...args] = pinned ? ['taskset', '-c', String(core), ...node] : node;
  return spawn(command!, args, {stdio: ipc ? ['ignore', 'inherit', 'inherit', 'ipc'] : ['ignore', 'pipe', 'inherit']});
}

/** A server in a process of its own. */
export class ServerProcess {
  readonly url: string;
  readonly #child: ChildProcess;

  private constructor(child: ChildProcess, url: string) {
    this.#child = child;
    this.url = url;
  }

  static async start(options: ServeOptions): Promise<ServerProcess> {
    const child = start('serve.js', 0, options, true);
    const failed = once(child, 'exit').then(([code]) => {
      throw new Error(`The server '${options.kind}' ended with ${code}.`);
    });
    failed.catch(() => undefined);
    const [answer] = (await Promise.race([once(child, 'message'), failed])) as [ServerAnswer];
    if (answer.type !== 'listening') throw new TypeError(`Not '${answer.type}' but 'listening' was expected.`);
    return new ServerProcess(child, answer.url);
  }

  tell(type: ServerRequest['type']): void {
    this.#child.send({type} satisfies ServerRequest);
  }

  async ask<T extends ServerAnswer['type']>(
    request: ServerRequest['type'],
    type: T,
  ): Promise<Extract<ServerAnswer, {type: T}>> {
    const answered = once(this.#child, 'message') as Promise<[ServerAnswer]>;
    this.tell(request);
    const [answer] = await answered;
    if (answer.type !== type) throw new TypeError(`Not '${answer.type}' but '${type}' was expected.`);
    return answer as Extract<ServerAnswer, {type: T}>;
  }

  async stop(): Promise<void> {
    const exited = once(this.#child, 'exit');
    this.tell('stop');
    await exited;
  }
}

/** Loads a server for a while. Throws if any request failed. */
export async function load(options: LoadOptions): Promise<LoadResult> {
  const child = start('load.js', CORES - 1, options, false);
  let text = '';
  child.stdout!.on('data', part => {
    text += part;
  });
  const [code] = await once(child, 'close');
  if (code !== 0) throw new Error(`The load generator ended with ${code}.`);
  const result = JSON.parse(text) as LoadResult;
  if (result.failures > 0) throw new Error(`${result.failures} of ${result.requests} requests failed.`);
  return result;
}
