// The load generator, a process of its own: a plan as its first argument, a report as its only line. It spins:
// timers are a millisecond late, and a server that finds it asleep pays for waking it with each answer. Give it a core.
import {readFileSync} from 'node:fs';
import {setTimeout as delay} from 'node:timers/promises';
import {seededRandom} from '../../src/math/index.ts';
import {Connection} from './connection.ts';
import type {Answers, LoadPlan, LoadReport} from './messages.ts';

/** What was not answered so long after the last request was due never will be. */
const PATIENCE_MS = 10_000;

const plan = JSON.parse(process.argv[2]!) as LoadPlan;
const {hostname, port, pathname} = new URL(plan.url);
const extra = Object.entries(plan.headers ?? {}).map(([name, value]) => `${name}: ${value}\r\n`);
const requests = (JSON.parse(readFileSync(plan.bodies, 'utf8')) as string[]).map(body =>
  Buffer.from(
    `POST ${pathname} HTTP/1.1\r\nhost: ${hostname}:${port}\r\ncontent-type: application/json\r\n${extra.join('')}content-length: ${Buffer.byteLength(body)}\r\n\r\n${body}`,
  ),
);

class Latencies {
  readonly #us: number[] = [];
  readonly first: string;

  constructor(first: string) {
    this.first = first;
  }

  add(us: number): void {
    this.#us.push(us);
  }

  summary(): Answers {
    const sorted = Float64Array.from(this.#us).sort();
    const at = (q: number) => sorted[Math.min(sorted.length - 1, Math.floor(q * sorted.length))]!;
    return {count: sorted.length, p50Us: at(0.5), p99Us: at(0.99), p999Us: at(0.999), maxUs: at(1), first: this.first};
  }
}

const byStatus = new Map<number, Latencies>();
const late: number[] = [];
const idle: Connection[] = [];
/** Moments at which requests were due that no connection was free for, oldest first from `#waitingFrom` on. */
let waiting: number[] = [];
let waitingFrom = 0;
let due = 0;
let sent = 0;
let broken = 0;
let running = 0;
let ended = false;
const closedLoop = plan.perSecond === null;

function send(connection: Connection, dueAt: number): void {
  running++;
  connection.send(requests[sent++ % requests.length]!, dueAt);
}

/** A connection is free: it takes what waits longest, or waits itself. */
function free(connection: Connection): void {
  if (closedLoop) {
    if (ended) return;
    due++;
    send(connection, performance.now());
  } else if (waitingFrom < waiting.length) {
    send(connection, waiting[waitingFrom++]!);
    if (waitingFrom > 10_000) {
      waiting = waiting.slice(waitingFrom);
      waitingFrom = 0;
    }
  } else idle.push(connection);
}

const events = {
  answered(connection: Connection, status: number, answer: Buffer): void {
    running--;
    if (!byStatus.has(status)) byStatus.set(status, new Latencies(answer.toString('utf8').slice(0, 600)));
    byStatus.get(status)!.add((performance.now() - connection.dueAt) * 1_000);
    free(connection);
  },
  broken(connection: Connection, busy: boolean): void {
    if (busy) {
      running--;
      broken++;
    } else idle.splice(idle.indexOf(connection), 1);
    if (!connection.busy) free(connection);
  },
};

const turn = () => new Promise<void>(resolve => setImmediate(resolve));

/** Sends what is due until the time is up. */
async function openLoop(perSecond: number, until: number): Promise<void> {
  const random = seededRandom(plan.seed ?? 1);
  let next = performance.now();
  while (performance.now() < until) {
    for (const now = performance.now(); next <= now; next += (-Math.log(1 - random()) / perSecond) * 1_000) {
      due++;
      late.push((now - next) * 1_000);
      // The one that was idle longest: all connections are in use, as those of many clients are.
      const connection = idle.shift();
      if (connection) send(connection, next);
      else waiting.push(next);
    }
    await turn();
  }
}

const connections = Array.from({length: plan.connections}, () => new Connection(hostname, Number(port), events));
for (let at = 0; at < connections.length; at += 100)
  await Promise.all(connections.slice(at, at + 100).map(connection => connection.open()));
const started = performance.now();
const until = started + plan.seconds * 1_000;
for (const connection of connections) free(connection);
if (plan.perSecond !== null) await openLoop(plan.perSecond, until);
else while (performance.now() < until) await turn();
ended = true;
const seconds = (performance.now() - started) / 1_000;
const left = () => running + waiting.length - waitingFrom;
while (left() > 0 && performance.now() < until + PATIENCE_MS) await delay(1);
for (const connection of connections) connection.close();
const report: LoadReport = {
  due,
  seconds,
  byStatus: Object.fromEntries([...byStatus].map(([status, latencies]) => [status, latencies.summary()])),
  broken,
  unanswered: left(),
  lateP99Us: Float64Array.from(late).sort()[Math.floor(0.99 * late.length)] ?? 0,
  sent,
};
console.log(JSON.stringify(report));
