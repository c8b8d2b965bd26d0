// Where the catalogue is read from: a server, the stores, or the project file alone.
import {existsSync} from 'node:fs';
import {FeatureCatalogue, loadProject, openRuntime, recordDefinitions} from '../../app/index.ts';
import type {MillraceClient} from '../../client/index.ts';
import {MillraceError} from '../../protocol/index.ts';
import type {ReaderOptions} from '../options.ts';
import {serverClient} from '../server-client.ts';
import {findServer} from '../server-file.ts';
import type {Terminal} from '../terminal/terminal.ts';
import {folderOf} from '../with-runtime.ts';

export type FeatureReader = Pick<MillraceClient, 'features' | 'feature' | 'lineage' | 'definitions' | 'definitionDiff'>;

/**
 * Reads from the server at --url, from the one that has the data open, or from the stores. Before anything was loaded,
 * and while another process works on the data, from the project file: without versions and models, and says so.
 */
export async function withFeatures<T>(
  options: ReaderOptions,
  terminal: Terminal,
  work: (reader: FeatureReader) => Promise<T>,
): Promise<T> {
  if (options.url !== undefined) return work(serverClient(options.url));
  const project = await loadProject(options.project);
  const folder = folderOf(project, options);
  const url = await findServer(folder);
  if (url !== null) return work(serverClient(url));
  if (!existsSync(folder)) return work(readerOf(new FeatureCatalogue(project, null)));
  const runtime = await openRuntime(project, {folder}).catch((error: unknown) => {
    if (error instanceof MillraceError && error.code === 'STORE_BUSY') return null;
    throw error;
  });
  if (runtime === null) {
    terminal.note('Another process works on the data: this is what the project file says, without versions.');
    return work(readerOf(new FeatureCatalogue(project, null)));
  }
  try {
    await recordDefinitions(runtime.metadata, project, runtime.clock.now());
    return await work(readerOf(new FeatureCatalogue(project, runtime)));
  } finally {
    await runtime.close();
  }
}

const readerOf = (catalogue: FeatureCatalogue): FeatureReader => ({
  features: query => catalogue.features(query?.q),
  feature: name => catalogue.feature(name),
  lineage: name => catalogue.lineage(name),
  definitions: () => catalogue.definitions(),
  definitionDiff: (name, query) => catalogue.diff(name, query),
});
