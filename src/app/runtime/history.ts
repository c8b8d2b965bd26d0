import {join} from 'node:path';
import {type IngestReport, ingest, type Source} from '../../events/index.ts';
import type {Project} from '../project/project.ts';
import type {Runtime} from './runtime.ts';

/** Where the files of the sources lie: beside the project file, or where its `prepare` puts them. */
export const sourceFolder = (project: Project, dataFolder: string): string =>
  project.prepare ? join(dataFolder, 'source') : project.folder;

/** Makes the files of the sources, if the project knows how. */
export async function prepareSources(
  {project, folder}: Runtime,
  rows: number | undefined,
  log: (line: string) => void,
): Promise<void> {
  await project.prepare?.({folder: sourceFolder(project, folder), ...(rows === undefined ? {} : {rows}), log});
}

/** Loads the history of every source that has one, up to a time if given. */
export async function ingestHistory(
  runtime: Runtime,
  sources: readonly Source[],
  {until, onProgress}: {readonly until?: number; readonly onProgress?: (stream: string, rows: number) => void} = {},
): Promise<IngestReport[]> {
  const {gate, sql, project, folder} = runtime;
  const reports: IngestReport[] = [];
  for (const source of sources) {
    if (source.from?.kind !== 'file') continue;
    reports.push(
      await ingest({
        source,
        gate,
        sql,
        folder: sourceFolder(project, folder),
        ...(until === undefined ? {} : {until}),
        ...(onProgress ? {onProgress: rows => onProgress(source.name, rows)} : {}),
      }),
    );
  }
  await runtime.log.sync();
  return reports;
}
