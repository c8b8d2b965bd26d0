// The couriers' project with a deployed model and four days and a half of history; and predictions read back.
import {readdirSync} from 'node:fs';
import {join, resolve} from 'node:path';
import {ManualClock} from '../../protocol/index.ts';
import {loadProject} from '../project/load.ts';
import type {Project} from '../project/project.ts';
import {ingestHistory, prepareSources} from '../runtime/history.ts';
import {openRuntime} from '../runtime/open.ts';
import type {Runtime} from '../runtime/runtime.ts';
import {buildVersion} from '../train/build-version.ts';

/** When the version is trained; a little after the last event. */
export const NOW = Date.UTC(2024, 0, 5, 12);

export const couriers = (): Promise<Project> =>
  loadProject(resolve(import.meta.dirname, '../../../test/projects/couriers'));

export const openAt = (project: Project, folder: string, now = NOW, threads = 1): Promise<Runtime> =>
  openRuntime(project, {folder, clock: new ManualClock(now), threads, durability: 'process'});

/** Loads the history, trains a version and deploys it. */
export async function deploy(runtime: Runtime): Promise<number> {
  const [model] = runtime.project.models;
  await prepareSources(runtime, 4_400, () => {});
  await ingestHistory(runtime, runtime.project.sources);
  const span = {from: 0, asOf: NOW, createdAt: NOW, retrain: null, warmStart: false};
  const {version} = await buildVersion(runtime, model!, span);
  await runtime.registry.promote(model!.name, version, {at: NOW, reason: 'The first.'});
  return version;
}

export type Predicted = Record<string, string | number | boolean | null>;

/** All predictions in a folder, in the order of the partitions. */
export const predictionsIn = ({sql}: Pick<Runtime, 'sql'>, folder: string): Promise<Predicted[]> =>
  sql.rows(
    `SELECT * FROM read_parquet([${partsIn(folder)
      .map(part => `'${join(folder, part)}'`)
      .join(', ')}])`,
  );

export const partsIn = (folder: string): string[] =>
  readdirSync(folder)
    .filter(name => name.startsWith('part-') && name.endsWith('.parquet'))
    .sort();
