import {type ChildProcess, spawn} from 'node:child_process';
import {once} from 'node:events';
import {rmSync} from 'node:fs';
import {resolve} from 'node:path';
import {compile} from '../../harness/compiled.ts';
import {type BenchRedis, startRedis} from '../redis-server.ts';
import type {Target} from '../target.ts';

const FOLDER = resolve(import.meta.dirname, '../../..', 'bench/dist/bench/peers/millrace');

/** The features of `definitions.ts` from the live state of one process, or from Redis by one that holds nothing. */
export async function startMillrace(core: number | null, kind: 'live' | 'redis'): Promise<Target> {
  compile();
  const redis: BenchRedis | null = kind === 'redis' ? await startRedis() : null;
  const script = `${FOLDER}/${kind === 'live' ? 'server' : 'replica'}.js`;
  const node = [process.execPath, script, ...(redis ? [String(redis.port)] : [])];
  const [command, ...args] = core === null ? node : ['taskset', '-c', String(core), ...node];
  const child: ChildProcess = spawn(command!, args, {stdio: ['ignore', 'ignore', 'inherit', 'ipc']});
  const failed = once(child, 'exit').then(([code]) => {
    throw new Error(`The server ended with ${code}.`);
  });
  failed.catch(() => undefined);
  const [{url, folder}] = (await Promise.race([once(child, 'message'), failed])) as [{url: string; folder: string}];
  let features = 50;
  return {
    name: kind === 'live' ? 'Millrace, live state' : 'Millrace on Redis',
    get url() {
      return `${url}/v1/features/features_${features}/read`;
    },
    body: (entities, wanted) => {
      features = wanted;
      return JSON.stringify({entities: entities.map(entity => ({entity}))});
    },
    isComplete: (answer, entities, wanted) => {
      const {values} = JSON.parse(answer) as {values: unknown[][]};
      return values.length === entities && values.every(row => row.length === wanted && !row.includes(null));
    },
    pid: child.pid!,
    ...(redis ? {storePid: redis.pid} : {}),
    stop: async () => {
      const exited = once(child, 'exit');
      child.send('stop');
      await exited;
      await redis?.stop();
      rmSync(folder, {recursive: true, force: true});
    },
  };
}
