// A real platform on a small project, with a version trained and deployed, in a throw-away folder.
import {mkdtempSync, rmSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join, resolve} from 'node:path';
import {
  buildVersion,
  Host,
  ingestHistory,
  LivePlatform,
  loadProject,
  openRuntime,
  type Project,
  prepareSources,
} from '../../app/index.ts';
import {ManualClock} from '../../protocol/index.ts';
import {type RunningServer, startServer} from '../start-server.ts';

const PROJECTS = resolve(import.meta.dirname, '../../../test/projects');
const ROWS = 4_000;
/** A little after the last event of the history. */
export const NOW = Date.UTC(2024, 0, 5, 12);

export type SmallPlatform = {
  readonly project: Project;
  readonly folder: string;
  readonly clock: ManualClock;
  host: Host;
  server: RunningServer;
  /** Stops the server and the stores as a killed process would, without a checkpoint, and opens them again. */
  restart(): Promise<void>;
  /** Opens the live platform: from here on it is ready. */
  open(): Promise<void>;
  close(): Promise<void>;
};

/** `name`: of a project in `test/projects`. `telemetry`: of its host. */
export async function smallPlatform(
  name = 'couriers',
  telemetry: Partial<Pick<Host, 'log' | 'tracing'>> = {},
): Promise<SmallPlatform> {
  const folder = mkdtempSync(join(tmpdir(), 'server-'));
  const project = await loadProject(join(PROJECTS, name));
  const clock = new ManualClock(NOW);
  const options = {folder, clock, threads: 1, durability: 'process'} as const;
  const runtime = await openRuntime(project, options);
  await prepareSources(runtime, ROWS, () => {});
  await ingestHistory(runtime, project.sources);
  const host = Object.assign(new Host(runtime), telemetry);
  const platform: SmallPlatform = {
    project,
    folder,
    clock,
    host,
    server: await startServer(host, {port: 0}),
    open: async () => {
      platform.host.platform = await LivePlatform.open(platform.host.runtime, {training: 'poll'});
    },
    restart: async () => {
      await platform.server.close();
      await platform.host.runtime.close();
      platform.host = Object.assign(new Host(await openRuntime(project, options)), telemetry);
      await platform.open();
      platform.server = await startServer(platform.host, {port: 0});
    },
    close: async () => {
      await platform.server.close();
      await platform.host.runtime.close();
      rmSync(folder, {recursive: true});
    },
  };
  return platform;
}

/** Trains a version on the whole history and makes it the champion. */
export async function deploy({project, host: {runtime}}: SmallPlatform): Promise<void> {
  const [definition] = project.models;
  const built = await buildVersion(runtime, definition!, {
    from: 0,
    asOf: NOW,
    createdAt: NOW,
    retrain: null,
    warmStart: false,
  });
  await runtime.registry.promote(definition!.name, built.version, {at: NOW, reason: 'The first.'});
}
