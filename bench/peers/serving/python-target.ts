// Targets that are servers in Python, each from the environment that `setup.sh` made.
import {existsSync} from 'node:fs';
import {join, resolve} from 'node:path';
import {setTimeout as delay} from 'node:timers/promises';
import {end, SERVER_CORE, spawnOn} from '../../load/run.ts';

const ROOT = resolve('.');
/** The Python files; this one may run from where it was compiled to. */
export const SOURCES = join(ROOT, 'bench/peers/serving');

export type PythonServer = {
  /** Folder in the root, and a program in its `bin`. */
  readonly environment: '.venv-serving' | '.venv-mlserver';
  readonly program: string;
  readonly args: readonly string[];
  readonly cwd?: string;
  readonly env?: Readonly<Record<string, string>>;
  /** Answers 200 when the server is ready. */
  readonly ready: string;
};

/** One thread for whatever would start more. */
const ONE_THREAD = {OMP_NUM_THREADS: '1', OPENBLAS_NUM_THREADS: '1', MKL_NUM_THREADS: '1'};

/** Starts it on the server's core and waits until it is ready, a minute at most. */
export async function startPython(server: PythonServer): Promise<{readonly pid: number; stop(): Promise<void>}> {
  const bin = join(ROOT, server.environment, 'bin');
  if (!existsSync(join(bin, server.program)))
    throw new Error(`${server.program} is not installed: run bench/peers/serving/setup.sh first.`);
  const child = spawnOn(SERVER_CORE, join(bin, server.program), server.args, {
    cwd: server.cwd ?? SOURCES,
    env: {...process.env, ...ONE_THREAD, PYTHONPATH: SOURCES, PYTHONDONTWRITEBYTECODE: '1', ...server.env},
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  for (const stream of [child.stdout!, child.stderr!])
    stream.on('data', part => {
      output = (output + part).slice(-10_000);
    });
  for (let attempt = 0; !(await answers(server.ready)); attempt++) {
    if (child.exitCode !== null || attempt === 300) throw new Error(`${server.program} does not serve:\n${output}`);
    await delay(200);
  }
  return {
    pid: child.pid!,
    stop: () => end(child),
  };
}

async function answers(url: string): Promise<boolean> {
  try {
    return (await fetch(url)).ok;
  } catch {
    return false; // Not listening yet.
  }
}
