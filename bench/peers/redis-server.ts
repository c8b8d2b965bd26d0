// A Redis server of a benchmark's own: a free port, a throw-away folder, nothing written to disk.
import {spawn} from 'node:child_process';
import {once} from 'node:events';
import {mkdtempSync, rmSync} from 'node:fs';
import {createServer} from 'node:net';
import {tmpdir} from 'node:os';
import {join} from 'node:path';

export type BenchRedis = {readonly port: number; readonly pid: number; stop(): Promise<void>};

export async function freePort(): Promise<number> {
  const probe = createServer().listen(0, '127.0.0.1');
  await once(probe, 'listening');
  const {port} = probe.address() as {port: number};
  probe.close();
  await once(probe, 'close');
  return port;
}

export async function startRedis(given?: number): Promise<BenchRedis> {
  const port = given ?? (await freePort());
  const folder = mkdtempSync(join(tmpdir(), 'millrace-bench-redis-'));
  const places = ['--port', String(port), '--bind', '127.0.0.1', '--dir', folder, '--save', '', '--appendonly', 'no'];
  const child = spawn(process.env.REDIS_SERVER ?? 'redis-server', places, {stdio: ['ignore', 'pipe', 'inherit']});
  let output = '';
  for await (const part of child.stdout) {
    output += part;
    if (output.includes('Ready to accept connections')) break;
  }
  if (child.pid === undefined || !output.includes('Ready')) throw new Error(`redis-server did not start:\n${output}`);
  const stop = async () => {
    const exited = once(child, 'exit');
    child.kill();
    await exited;
    rmSync(folder, {recursive: true, force: true});
  };
  return {port, pid: child.pid, stop};
}
