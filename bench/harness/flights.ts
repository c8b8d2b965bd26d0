// The example project on data of its own, in throw-away folders: sources, a filled event log, a deployed model.
import {mkdtempSync, rmSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join, resolve} from 'node:path';
import {
  buildVersion,
  findModel,
  ingestHistory,
  loadProject,
  openRuntime,
  type Project,
  type Runtime,
} from '../../src/app/index.ts';
import {historyRange, type Source} from '../../src/events/index.ts';
import {type Clock, ManualClock} from '../../src/protocol/index.ts';

const DAY_MS = 86_400_000;

let root: string | null = null;

/** A new folder that is removed when the process ends. */
export function throwAwayFolder(): string {
  if (root === null) {
    const made = mkdtempSync(join(tmpdir(), 'millrace-bench-'));
    process.once('exit', () => rmSync(made, {recursive: true, force: true}));
    root = made;
  }
  return mkdtempSync(join(root, 'data-'));
}

export type Flights = {
  readonly project: Project;
  /** Folder of the source files. */
  readonly source: string;
  /** Flights in them: one departure and one arrival each. */
  readonly rows: number;
};

/** The example with the first `rows` flights prepared, or all for null; the files are kept in .millrace/bench. */
export async function flights(rows: number | null): Promise<Flights> {
  const project = await loadProject(resolve('examples/flights'));
  const source = resolve('.millrace/bench', `flights-${rows ?? 'all'}`);
  const log = (line: string) => process.stderr.write(`  ${line}\n`);
  const prepared = await project.prepare!({folder: source, ...(rows === null ? {} : {rows}), log});
  // The files lie ready: the project need not make them again in every folder.
  return {project: {...project, folder: source, prepare: null}, source, rows: (prepared as {rows: number}).rows};
}

export const sourceOf = ({project}: Flights, name: string): Source => project.sources.find(s => s.name === name)!;

export type Deployed = {readonly folder: string; readonly midpoint: number; readonly end: number};

/** As the quickstart stands before its replay: the first half ingested, a version trained on it and deployed. */
export async function deploy({project, source}: Flights, folder: string): Promise<Deployed> {
  const clock = new ManualClock(0);
  const runtime = await open(project, folder, clock);
  const definition = findModel(project);
  const {from, to} = (await historyRange(definition.decisions, runtime.sql, source))!;
  const midpoint = Math.floor((from + to) / 2 / DAY_MS) * DAY_MS;
  await ingestHistory(runtime, project.sources, {until: midpoint});
  clock.advanceTo(midpoint);
  const options = {from, asOf: midpoint, createdAt: midpoint, retrain: null, warmStart: false};
  const {version, metrics} = await buildVersion(runtime, definition, options);
  await runtime.registry.promote(definition.name, version, {at: midpoint, reason: 'For the benchmark.'});
  process.stderr.write(`  deployed: AUC ${metrics.auc?.toFixed(3)}\n`);
  await runtime.close();
  return {folder, midpoint, end: to};
}

export const open = (project: Project, folder: string, clock?: Clock): Promise<Runtime> =>
  openRuntime(project, {folder, durability: 'process', ...(clock ? {clock} : {})});
