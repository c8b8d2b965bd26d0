// Processes on cores of their own: what is measured on the first, who measures it on the last.
import {type ChildProcess, type SpawnOptions, spawn} from 'node:child_process';
import {once} from 'node:events';
import {availableParallelism} from 'node:os';
import {resolve} from 'node:path';
import {pinned} from '../http/child.ts';
import type {LoadPlan, LoadReport} from './messages.ts';

export const SERVER_CORE = 0;
const LOAD_CORE = availableParallelism() - 1;

/** Starts a command bound to one core, where processes can be bound. */
export function spawnOn(core: number, command: string, args: readonly string[], options: SpawnOptions): ChildProcess {
  return pinned
    ? spawn('taskset', ['-c', String(core), command, ...args], options)
    : spawn(command, [...args], options);
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

/** Answers with this status, and none of any other kind. Throws with the first other answer. */
export function onlyStatus(status: number, report: LoadReport) {
  const {byStatus, broken, unanswered} = report;
  const other = Object.entries(byStatus).find(([found]) => Number(found) !== status);
  if (other || broken > 0 || unanswered > 0 || !byStatus[status])
    throw new Error(
      `${report.sent} requests sent, ${broken} broken, ${unanswered} unanswered${other ? `, ${other[1].count} answered with ${other[0]}: ${other[1].first}` : ''}`,
    );
  return byStatus[status];
}
