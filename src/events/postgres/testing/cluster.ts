// A throw-away PostgreSQL for the tests: its own folder, a free port, and why there is none where there is none.
import {type ChildProcess, execFileSync, spawn} from 'node:child_process';
import {chownSync, existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync} from 'node:fs';
import {createServer} from 'node:net';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {setTimeout as pause} from 'node:timers/promises';
import {Client} from 'pg';

const ROOT = '/usr/lib/postgresql';

/** Where `initdb` and `postgres` lie: $PG_BIN, or the newest that Debian has installed. */
function programs(): string | null {
  if (process.env.PG_BIN) return process.env.PG_BIN;
  const versions = existsSync(ROOT) ? readdirSync(ROOT).sort((a, b) => Number(b) - Number(a)) : [];
  return versions.map(version => join(ROOT, version, 'bin')).find(bin => existsSync(join(bin, 'initdb'))) ?? null;
}

/** The server refuses to run as root: root runs it as the user that the package brings. */
function user(): {uid: number; gid: number} | null {
  if (process.getuid?.() !== 0) return {uid: process.getuid!(), gid: process.getgid!()};
  try {
    const [uid, gid] = ['-u', '-g'].map(flag => Number(execFileSync('id', [flag, 'postgres'], {stdio: 'pipe'})));
    return {uid: uid!, gid: gid!};
  } catch {
    return null;
  }
}

const bin = programs();
const owner = bin === null ? null : user();

/** Null when tests can have a server. */
export const missing: string | null =
  bin === null
    ? `no PostgreSQL below ${ROOT}: install postgresql or set PG_BIN`
    : owner === null
      ? 'root may not run PostgreSQL, and there is no user postgres'
      : null;

export const PASSWORD = 's3cret/&%';

export class Cluster {
  readonly port: number;
  readonly #folder: string;
  #server: ChildProcess | null = null;

  private constructor(folder: string, port: number) {
    this.#folder = folder;
    this.port = port;
  }

  /** Makes a cluster and starts its server. */
  static async create(): Promise<Cluster> {
    const folder = mkdtempSync(join(tmpdir(), 'millrace-postgres-'));
    const password = join(folder, 'password');
    writeFileSync(password, PASSWORD);
    for (const path of [folder, password]) chownSync(path, owner!.uid, owner!.gid);
    const options = ['-D', join(folder, 'data'), '-U', 'tester', '-A', 'scram-sha-256', '--pwfile', password, '-N'];
    execFileSync(join(bin!, 'initdb'), [...options, '-E', 'UTF8', '--locale', 'C'], {
      ...owner!,
      stdio: 'pipe',
      cwd: folder,
    });
    const cluster = new Cluster(folder, await freePort());
    await cluster.start();
    return cluster;
  }

  get address(): string {
    return `postgres://tester:${encodeURIComponent(PASSWORD)}@127.0.0.1:${this.port}/postgres`;
  }

  async start(): Promise<void> {
    const settings = ['fsync=off', 'listen_addresses=127.0.0.1', `unix_socket_directories=${this.#folder}`];
    const options = ['-D', join(this.#folder, 'data'), '-p', String(this.port), ...settings.flatMap(s => ['-c', s])];
    this.#server = spawn(join(bin!, 'postgres'), options, {...owner!, stdio: 'ignore', cwd: this.#folder});
    for (let attempt = 0; ; attempt++) {
      try {
        await this.run('SELECT 1');
        return;
      } catch (error) {
        if (attempt > 200) throw error;
        await pause(25);
      }
    }
  }

  /** Stops the server at once, as a crash of it would. */
  async stop(): Promise<void> {
    const server = this.#server;
    this.#server = null;
    if (!server || server.exitCode !== null) return;
    const exited = new Promise(resolve => server.once('exit', resolve));
    server.kill('SIGQUIT');
    await exited;
  }

  async remove(): Promise<void> {
    await this.stop();
    rmSync(this.#folder, {recursive: true, force: true});
  }

  /** Runs statements on a connection of their own. */
  async run(sql: string): Promise<void> {
    const client = await this.connect();
    try {
      await client.query(sql);
    } finally {
      await client.end();
    }
  }

  async connect(): Promise<Client> {
    const client = new Client({connectionString: this.address});
    client.on('error', () => undefined);
    await client.connect();
    return client;
  }
}

/** A port that nobody listens on. */
async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
  const {port} = server.address() as {port: number};
  await new Promise(resolve => server.close(resolve));
  return port;
}
