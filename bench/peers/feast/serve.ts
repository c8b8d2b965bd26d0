// Feast's own HTTP feature server on a Redis of its own, filled by make_repo.py.
import {spawn, spawnSync} from 'node:child_process';
import {once} from 'node:events';
import {existsSync, mkdtempSync, rmSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join, resolve} from 'node:path';
import {setTimeout as delay} from 'node:timers/promises';
import {freePort, startRedis} from '../redis-server.ts';
import {ENTITIES, type Target} from '../target.ts';

const BIN = resolve(import.meta.dirname, '../../../.venv-peers/bin');

/** @param core that the server is bound to, where processes can be bound */
export async function startFeast(core: number | null): Promise<Target> {
  if (!existsSync(join(BIN, 'feast'))) throw new Error('Feast is not installed: run bench/peers/setup.sh first.');
  const redis = await startRedis();
  const folder = mkdtempSync(join(tmpdir(), 'millrace-bench-feast-'));
  const script = join(import.meta.dirname, 'make_repo.py');
  const made = spawnSync(join(BIN, 'python'), [script, folder, String(redis.port), String(ENTITIES)], {
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  if (made.status !== 0) throw new Error(`The repository could not be made:\n${made.stderr}`);
  console.log(made.stdout.trim().split('\n').at(-1));

  const port = await freePort();
  // By default a worker ends after 1,000 requests, and writes a line for each: both are turned off.
  const quiet = ['--no-access-log', '--max-requests', '0', '--max-requests-jitter', '0', '--registry_ttl_sec', '3600'];
  const serve = [join(BIN, 'feast'), '-c', folder, 'serve', '--host', '127.0.0.1', '--port', String(port), ...quiet];
  const [command, ...args] = core === null ? serve : ['taskset', '-c', String(core), ...serve];
  const child = spawn(command!, args, {stdio: ['ignore', 'ignore', 'pipe']});
  let errors = '';
  child.stderr.on('data', part => {
    errors += part;
  });
  const url = `http://127.0.0.1:${port}`;
  for (let attempt = 0; !(await answers(`${url}/health`)); attempt++) {
    if (child.exitCode !== null || attempt === 300) throw new Error(`Feast does not serve:\n${errors}`);
    await delay(200);
  }
  return {
    name: 'Feast on Redis',
    url: `${url}/get-online-features`,
    body: (entities, features) =>
      JSON.stringify({feature_service: `features_${features}`, entities: {entity: entities}}),
    isComplete: (answer, entities, features) => {
      const {results} = JSON.parse(answer) as {results: {values: unknown[]}[]};
      // One more column than features: the entity.
      const full = ({values}: {values: unknown[]}) => values.length === entities && !values.includes(null);
      return results.length === features + 1 && results.every(full);
    },
    pid: child.pid!,
    storePid: redis.pid,
    stop: async () => {
      const exited = once(child, 'exit');
      child.kill();
      await exited;
      await redis.stop();
      rmSync(folder, {recursive: true, force: true});
    },
  };
}

async function answers(url: string): Promise<boolean> {
  try {
    return (await fetch(url)).ok;
  } catch {
    return false; // Not listening yet.
  }
}
