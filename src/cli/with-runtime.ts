import {dataFolder, loadProject, openRuntime, type Project, type Runtime} from '../app/index.ts';
import type {ProjectOptions} from './options.ts';

/** Where the data of a project lies for this command line. */
export const folderOf = (project: Project, {data}: ProjectOptions): string => data ?? dataFolder(project);

/** Loads the project, opens its stores for the work, and closes them whatever comes of it. */
export async function withRuntime<T>(
  options: ProjectOptions & {readonly threads?: number},
  work: (runtime: Runtime) => Promise<T>,
): Promise<T> {
  const project = await loadProject(options.project);
  const runtime = await openRuntime(project, {
    folder: folderOf(project, options),
    ...(options.threads === undefined ? {} : {threads: options.threads}),
  });
  try {
    return await work(runtime);
  } finally {
    await runtime.close();
  }
}
