// `millrace serve` in a process of its own, as it is installed (dist), on a port that stays its own over restarts.
import {type ChildProcess, spawn, spawnSync} from 'node:child_process';
import {once} from 'node:events';
import {join, resolve} from 'node:path';

const MAIN = resolve(import.meta.dirname, '../../dist/cli/main.js');
const PROJECT = resolve(import.meta.dirname, '../projects/couriers');

/** Runs a command line of the couriers to its end, with its data in `folder`. Throws what it printed if it fails. */
export function millrace(folder: string, ...args: readonly string[]): string {
  const where = ['--project', PROJECT, '--data', join(folder, 'data')];
  const {status, stdout, stderr} = spawnSync(process.execPath, [MAIN, ...args, ...where], {
    cwd: folder,
    encoding: 'utf8',
  });
  if (status !== 0) throw new Error(`millrace ${args.join(' ')} ended with ${status}:\n${stderr}${stdout}`);
  return stdout;
}

export class ServerProcess {
  readonly url: string;
  readonly #child: ChildProcess;
  readonly #output: {text: string};

  private constructor(child: ChildProcess, url: string, output: {text: string}) {
    this.#child = child;
    this.url = url;
    this.#output = output;
  }

  /** Resolves when it is ready to predict. */
  static async start(folder: string, port: number): Promise<ServerProcess> {
    const args = ['serve', '--port', String(port), '--json', '--project', PROJECT, '--data', join(folder, 'data')];
    const child = spawn(process.execPath, [MAIN, ...args], {cwd: folder, stdio: ['ignore', 'pipe', 'pipe']});
    const output = {text: ''};
    const ready = new Promise<void>((resolve, reject) => {
      for (const stream of [child.stdout!, child.stderr!])
        stream.setEncoding('utf8').on('data', (part: string) => {
          output.text = (output.text + part).slice(-20_000);
          if (output.text.includes('"url"')) resolve();
        });
      child.once('exit', code => reject(new Error(`millrace serve ended with ${code}:\n${output.text}`)));
    });
    await ready;
    return new ServerProcess(child, `http://127.0.0.1:${port}`, output);
  }

  /** As an orchestrator ends it: SIGTERM, and no more. Throws unless it ends by itself with 0 or 130 within 20 s. */
  async terminate(): Promise<void> {
    const ended = once(this.#child, 'exit') as Promise<[number | null]>;
    this.#child.kill('SIGTERM');
    const late = setTimeout(() => this.#child.kill('SIGKILL'), 20_000);
    const [code] = await ended;
    clearTimeout(late);
    if (code !== 0 && code !== 130) throw new Error(`millrace serve ended with ${code}:\n${this.#output.text}`);
  }
}
