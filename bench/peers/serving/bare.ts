import {once} from 'node:events';
import {join} from 'node:path';
import {end, SERVER_CORE, spawnOn} from '../../load/run.ts';
import type {ServingTarget} from './target.ts';

/** The bound: `bare-server.ts`. */
export const bare: ServingTarget = {
  name: 'node:http, a tree walk',
  start: async ({folder}) => {
    const child = spawnOn(SERVER_CORE, process.execPath, [join(import.meta.dirname, 'bare-server.js'), folder], {
      stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
    });
    const [{url}] = (await once(child, 'message')) as [{url: string}];
    return {
      url,
      pid: child.pid!,
      body: features => JSON.stringify({features}),
      prediction: answer => (answer as {prediction: number}).prediction,
      stop: () => end(child),
    };
  },
};
