// Processes on cores of their own: what is measured on the first, who measures it on the last.
import {type ChildProcess, type SpawnOptions, spawn} from 'node:child_process';
import {once} from 'node:events';
import {availableParallelism} from 'node:os';
import {resolve} from 'node:path';
import {pinned} from '../http/child.ts';
import type {Answers, LoadPlan, LoadReport} from './messages.ts';

export const SERVER_CORE = 0;
const LOAD_CORE = availableParallelism() - 1;

/** Starts a command bound to one core, where processes can be bound. */
export function spawnOn(core: number, command: string, args: readonly string[], options: SpawnOptions): ChildProcess {
  return pinned
    ? spawn('taskset', ['-c', String(core), command, ...args], options)
    : spawn(command, [...args], options);
}

/** Asks a process to end and waits until it has. */
export async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const exited = once(child, 'exit');
  child.kill();
  await exited;
}

/** Loads a server by a plan. Throws if the generator fails; what the server answered is in the report. */
export async function load(plan: LoadPlan): Promise<LoadReport> {
  const script = resolve(import.meta.dirname, 'generate.js');
  const child = spawnOn(LOAD_CORE, process.execPath, [script, JSON.stringify(plan)], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let text = '';
  child.stdout!.on('data', part => {
    text += part;
  });
  const [code] = await once(child, 'close');
  if (code !== 0) throw new Error(`The load generator ended with ${code}.`);
  return JSON.parse(text) as LoadReport;
}

/**
 * What was answered with 200. A server that sheds load may refuse with 429 or 503: `refused`. Throws if anything else came
 * of a request, or nothing was answered.
 */
export function answered({byStatus, broken, unanswered, sent}: LoadReport): Answers & {readonly refused: number} {
  const {200: ok, 429: full, 503: unavailable, ...others} = byStatus;
  const [other] = Object.entries(others);
  if (!ok || other || broken > 0 || unanswered > 0)
    throw new Error(
      `${sent} requests sent, ${ok?.count ?? 0} answered with 200, ${broken} broken, ${unanswered} unanswered. ${other ? `Status ${other[0]}: ${other[1].first}` : ''}`,
    );
  return {...ok, refused: (full?.count ?? 0) + (unavailable?.count ?? 0)};
}
