// Runs `millrace` as a user would: a process of its own, in a folder of its own.
import {type ChildProcess, spawn} from 'node:child_process';
import {mkdtempSync, rmSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join, resolve} from 'node:path';

const ROOT = resolve(import.meta.dirname, '../..');
const TSX = import.meta.resolve('tsx');
const MAIN = join(ROOT, 'src/cli/main.ts');

export type Ended = {readonly code: number | null; readonly out: string; readonly err: string};

export type Running = {
  readonly process: ChildProcess;
  /** Resolves when stderr or stdout has shown this; rejects if the process ends before. */
  shows(text: string): Promise<void>;
  /** What stdout has shown so far. */
  out(): string;
  readonly ended: Promise<Ended>;
};

export function start(args: readonly string[], cwd: string, more: NodeJS.ProcessEnv = {}): Running {
  const {NO_COLOR: _, FORCE_COLOR: __, ...env} = process.env;
  const child = spawn(process.execPath, ['--import', TSX, MAIN, ...args], {
    cwd,
    env: {...env, ...more},
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let out = '';
  let err = '';
  const watchers = new Set<() => void>();
  const changed = () => {
    for (const watcher of watchers) watcher();
  };
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    out += text;
    changed();
  });
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    err += text;
    changed();
  });
  const ended = new Promise<Ended>((done, fail) => {
    child.once('error', fail);
    child.once('close', code => done({code, out, err}));
  });
  return {
    process: child,
    ended,
    out: () => out,
    shows: text =>
      new Promise((done, fail) => {
        const look = () => {
          if (!out.includes(text) && !err.includes(text)) return;
          watchers.delete(look);
          done();
        };
        watchers.add(look);
        look();
        ended.then(() => fail(new Error(`It ended without showing '${text}':\n${err}${out}`)), fail);
      }),
  };
}

/** Runs a command line to its end. */
export const millrace = (args: readonly string[], cwd: string, env: NodeJS.ProcessEnv = {}): Promise<Ended> =>
  start(args, cwd, env).ended;

export function temporaryFolder(): {readonly path: string; remove(): void} {
  const path = mkdtempSync(join(tmpdir(), 'millrace-cli-'));
  return {path, remove: () => rmSync(path, {recursive: true, force: true})};
}

export {ROOT};
