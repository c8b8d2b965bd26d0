import {featureCatalogue, Host, loadProject, modelDetail, openRuntime} from '../app/index.ts';
import type {MillraceClient} from '../client/index.ts';
import {MillraceError, type ModelVersion} from '../protocol/index.ts';
import type {ReaderOptions} from './options.ts';
import {serverClient} from './server-client.ts';
import {findServer} from './server-file.ts';
import {folderOf} from './with-runtime.ts';

/** What there is to look at, from a server or from the stores: the same either way. */
export type Reader = Pick<MillraceClient, 'model' | 'windows' | 'alerts' | 'models' | 'features'>;

/** Reads from the server at --url, from the one that has the data open, or else from the stores themselves. */
export async function withReader<T>(options: ReaderOptions, work: (reader: Reader) => Promise<T>): Promise<T> {
  if (options.url !== undefined) return work(serverClient(options.url));
  const project = await loadProject(options.project);
  const folder = folderOf(project, options);
  const url = await findServer(folder);
  if (url !== null) return work(serverClient(url));
  const runtime = await openRuntime(project, {folder});
  const host = new Host(runtime);
  const {registry, monitoring} = runtime;
  try {
    return await work({
      model: name => modelDetail(host, name),
      windows: name => monitoring.windows(name),
      alerts: () => monitoring.alerts(),
      models: async () => (await Promise.all(project.models.map(m => registry.versions(m.name)))).flat(),
      features: async () => featureCatalogue(project),
    });
  } finally {
    await runtime.close();
  }
}

/** The version asked for; without a number the one in production, or else the newest. Throws VERSION_NOT_FOUND. */
export async function findVersion(
  reader: Reader,
  model: string | undefined,
  version: number | undefined,
): Promise<ModelVersion> {
  const all = await reader.models();
  const names = [...new Set(all.map(v => v.model))];
  const name = model ?? (names.length === 1 ? names[0] : undefined);
  if (name === undefined && names.length > 1)
    throw new MillraceError('MODEL_NOT_FOUND', 'There are several models; none was named.', {
      fix: `Name one of ${names.join(', ')}.`,
    });
  // An unknown name is refused here, whether or not anything was trained.
  const {versions, plan} = name === undefined ? {versions: [], plan: null} : await reader.model(name);
  const champion = plan?.arms.find(arm => arm.role === 'champion')?.version;
  const wanted = version ?? champion ?? versions[0]?.version;
  const found = versions.find(v => v.version === wanted);
  if (found) return found;
  throw new MillraceError(
    'VERSION_NOT_FOUND',
    wanted === undefined ? 'Nothing has been trained yet.' : `'${name}' has no version ${wanted}.`,
    {
      fix:
        versions.length === 0
          ? 'Run millrace train first.'
          : `It has ${versions
              .map(v => v.version)
              .sort((a, b) => a - b)
              .join(', ')}.`,
    },
  );
}
