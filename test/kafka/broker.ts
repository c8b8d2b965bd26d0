// A throw-away Kafka broker for the tests: one node in KRaft mode from the jars of Maven, and why there is none where
// there is none.
import {type ChildProcess, execFileSync, spawn, spawnSync} from 'node:child_process';
import {existsSync, mkdirSync, mkdtempSync, readdirSync, renameSync, rmSync, writeFileSync} from 'node:fs';
import {createServer} from 'node:net';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {setTimeout as pause} from 'node:timers/promises';
import {Admin} from '@platformatic/kafka';

const POM = join(import.meta.dirname, 'pom.xml');
/** Fetched once: $KAFKA_JARS, or a folder beside the installed packages. */
const JARS = process.env.KAFKA_JARS ?? join(import.meta.dirname, '../../node_modules/.cache/kafka-broker');

const runs = (program: string, flag: string) => spawnSync(program, [flag], {stdio: 'ignore'}).status === 0;

/** Null when tests can have a broker. */
export const missing: string | null = !runs('java', '-version')
  ? 'there is no java: install a JRE of version 17 or newer'
  : existsSync(JARS) || runs('mvn', '-version')
    ? null
    : `there is no mvn to fetch the broker: install maven, or set KAFKA_JARS to a folder of its jars`;

function fetchJars(): void {
  if (existsSync(JARS)) return;
  const unfinished = `${JARS}.${process.pid}`;
  mkdirSync(unfinished, {recursive: true});
  const goals = ['-q', '-B', '-f', POM, 'dependency:copy-dependencies', `-DoutputDirectory=${unfinished}`];
  execFileSync('mvn', goals, {stdio: ['ignore', 'pipe', 'inherit']});
  renameSync(unfinished, JARS);
}

export class Broker {
  readonly port: number;
  readonly #folder: string;
  #process: ChildProcess | null = null;
  #output = '';

  private constructor(folder: string, port: number) {
    this.#folder = folder;
    this.port = port;
  }

  get address(): string {
    return `127.0.0.1:${this.port}`;
  }

  /** Makes a node with an empty log and starts it. */
  static async create(): Promise<Broker> {
    fetchJars();
    const folder = mkdtempSync(join(tmpdir(), 'millrace-kafka-'));
    const broker = new Broker(folder, await freePort());
    const controller = await freePort();
    writeFileSync(
      join(folder, 'server.properties'),
      [
        'process.roles=broker,controller',
        'node.id=1',
        `controller.quorum.voters=1@127.0.0.1:${controller}`,
        `listeners=PLAINTEXT://127.0.0.1:${broker.port},CONTROLLER://127.0.0.1:${controller}`,
        `advertised.listeners=PLAINTEXT://127.0.0.1:${broker.port}`,
        'controller.listener.names=CONTROLLER',
        'listener.security.protocol.map=PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT',
        `log.dirs=${join(folder, 'log')}`,
        'offsets.topic.replication.factor=1',
        'transaction.state.log.replication.factor=1',
        'transaction.state.log.min.isr=1',
        'transaction.state.log.num.partitions=1',
        'broker.session.timeout.ms=3000',
        'broker.heartbeat.interval.ms=500',
      ].join('\n'),
    );
    const settings = ['-c', join(folder, 'server.properties')];
    execFileSync('java', [
      ...broker.#java(),
      'kafka.tools.StorageTool',
      'format',
      '-t',
      'bWlsbHJhY2UtdGVzdC0xMg',
      ...settings,
    ]);
    await broker.start();
    return broker;
  }

  #java(): string[] {
    const jars = readdirSync(JARS).filter(name => name.endsWith('.jar'));
    return ['-Xmx512m', '-XX:TieredStopAtLevel=1', '-cp', jars.map(jar => join(JARS, jar)).join(':')];
  }

  async start(): Promise<void> {
    this.#output = '';
    const node = spawn('java', [...this.#java(), 'kafka.Kafka', join(this.#folder, 'server.properties')], {
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    for (const stream of [node.stdout, node.stderr])
      stream.on('data', chunk => {
        this.#output += chunk;
      });
    this.#process = node;
    for (let attempt = 0; !(await this.#answers()); attempt++) {
      if (node.exitCode !== null || attempt > 300) throw new Error(`The broker did not start: ${this.#output}`);
      await pause(200);
    }
  }

  async #answers(): Promise<boolean> {
    try {
      await this.admin(admin => admin.listTopics());
      return true;
    } catch {
      return false;
    }
  }

  /** Kills the node, as a crash would. */
  async stop(): Promise<void> {
    const node = this.#process;
    this.#process = null;
    if (!node || node.exitCode !== null) return;
    const exited = new Promise(resolve => node.once('exit', resolve));
    node.kill('SIGKILL');
    await exited;
  }

  async remove(): Promise<void> {
    await this.stop();
    rmSync(this.#folder, {recursive: true, force: true});
  }

  async admin<T>(ask: (admin: Admin) => Promise<T>): Promise<T> {
    const admin = new Admin({clientId: 'test', bootstrapBrokers: [this.address], retries: 0, connectTimeout: 2_000});
    try {
      return await ask(admin);
    } finally {
      await admin.close();
    }
  }

  async createTopic(topic: string, partitions: number): Promise<void> {
    await this.admin(admin => admin.createTopics({topics: [topic], partitions, replicas: 1}));
  }
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
  const {port} = server.address() as {port: number};
  await new Promise(resolve => server.close(resolve));
  return port;
}
