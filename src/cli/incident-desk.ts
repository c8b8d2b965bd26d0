// Incidents from the server that has the data open, or else from the stores: the same either way.
import {findModel, loadProject, openDesk, openRuntime, type Runtime, whoTypes} from '../app/index.ts';
import type {MillraceClient} from '../client/index.ts';
import type {ReaderOptions} from './options.ts';
import {serverClient} from './server-client.ts';
import {findServer} from './server-file.ts';
import {folderOf} from './with-runtime.ts';

export type Incidents = Pick<
  MillraceClient,
  'incidents' | 'incident' | 'acknowledge' | 'judge' | 'silences' | 'silence' | 'unsilence'
>;

/** Asks the server at --url or the one that has the data open, or works on the stores, where changes are audited too. */
export async function withIncidents<T>(options: ReaderOptions, work: (incidents: Incidents) => Promise<T>): Promise<T> {
  if (options.url !== undefined) return work(serverClient(options.url));
  const project = await loadProject(options.project);
  const folder = folderOf(project, options);
  const url = await findServer(folder);
  if (url !== null) return work(serverClient(url));
  const runtime = await openRuntime(project, {folder});
  try {
    return await work(await storedIncidents(runtime));
  } finally {
    await runtime.close();
  }
}

async function storedIncidents(runtime: Runtime): Promise<Incidents> {
  const desk = openDesk(runtime);
  await desk.open();
  const {audit, clock, project} = runtime;
  const who = whoTypes();
  return {
    incidents: async (query = {}) => {
      if (query.model !== undefined) findModel(project, query.model);
      return desk.list(query);
    },
    incident: id => desk.get(id),
    acknowledge: (id, {by = who} = {}) =>
      audit.during({who, action: 'incident.acknowledge', what: id}, () => desk.acknowledge(id, by, clock.now())),
    judge: (id, {verdict, by = who}) =>
      audit.during({who, action: 'incident.judge', what: `${id} ${verdict}`}, () =>
        desk.judge(id, verdict, by, clock.now()),
      ),
    silences: () => desk.silences(),
    silence: ({by = who, ...request}) =>
      audit.during(
        {who, action: 'silence.create', what: 'silence'},
        () => desk.silence(request, by, clock.now()),
        ({id, matches, from, to, reason}) => ({id, matches: {...matches}, from, to, reason}),
      ),
    unsilence: id => audit.during({who, action: 'silence.end', what: id}, () => desk.unsilence(id, clock.now())),
  };
}
