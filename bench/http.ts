// Single predictions over HTTP, beside servers that answer with a constant.
// Run: npx tsx bench/http.ts [--rounds n] [--seconds n] [--profile]
import {writeFileSync} from 'node:fs';
import {join} from 'node:path';
import {median} from './harness/compare.ts';
import {runCompiled} from './harness/compiled.ts';
import {deploy, flights, throwAwayFolder} from './harness/flights.ts';
import {options, report, type Table} from './harness/report.ts';
import {load, pinned, ServerProcess} from './http/child.ts';
import {flightInstances, ownBody, v2Body} from './http/flight-bodies.ts';
import type {ServeOptions, ServerKind} from './http/messages.ts';

const NAMES = [
  'node:http, a constant',
  'Fastify, a constant',
  'Millrace, a prediction',
  'Millrace, V2 protocol',
] as const;

/** A server, where it is asked, and the file of the bodies. */
type Asked = {readonly server: ServerProcess; readonly url: string; readonly bodies: string};

type Sample = {
  readonly perSecond: number;
  readonly p50Us: number;
  readonly p99Us: number;
  readonly cpuUs: number;
};

async function sample({server, url, bodies}: Asked, connections: number, seconds: number): Promise<Sample> {
  const before = await server.ask('cpu', 'cpu');
  const result = await load({url, bodies, connections, seconds});
  const {cpuSeconds} = await server.ask('cpu', 'cpu');
  return {
    perSecond: result.requests / result.seconds,
    p50Us: result.p50Us,
    p99Us: result.p99Us,
    cpuUs: ((cpuSeconds - before.cpuSeconds) / result.requests) * 1e6,
  };
}

function table(connections: number, samples: readonly (readonly Sample[])[]): Table {
  const middle = (k: number, key: keyof Sample) => median(samples[k]!.map(s => s[key]));
  const ratio = (k: number, key: keyof Sample) =>
    median(samples[k]!.map((s, round) => s[key] / samples[0]![round]![key]));
  return {
    title: `${connections} ${connections === 1 ? 'connection' : 'connections'}, one core`,
    columns: ['', 'requests/s', 'ratio', 'p50 µs', 'p99 µs', 'CPU µs a request', 'ratio'],
    rows: NAMES.map((name, k) => [
      name,
      middle(k, 'perSecond'),
      ratio(k, 'perSecond'),
      middle(k, 'p50Us'),
      middle(k, 'p99Us'),
      middle(k, 'cpuUs'),
      ratio(k, 'cpuUs'),
    ]),
  };
}

const inProcessRun = (server: ServerProcess) => server.ask('in-process', 'in-process');

async function inProcess(server: ServerProcess, rounds: number): Promise<Table> {
  const runs: Awaited<ReturnType<typeof inProcessRun>>[] = [];
  for (let round = 0; round < rounds; round++) runs.push(await inProcessRun(server));
  const per = (key: 'seconds' | 'cpuSeconds') => median(runs.map(r => r[key] / r.amount));
  return {
    title: 'The same predictions without HTTP',
    columns: ['', 'predictions/s', 'CPU µs each'],
    rows: [['parse, read features, predict, log, monitor', 1 / per('seconds'), per('cpuSeconds') * 1e6]],
  };
}

await runCompiled(import.meta.filename, async () => {
  const at = process.argv.indexOf('--seconds');
  const [, seconds] = at < 0 ? [] : process.argv.splice(at, 2);
  const profileAt = process.argv.indexOf('--profile');
  if (profileAt >= 0) process.argv.splice(profileAt, 1);
  const given = options(5);
  const data = await flights(300_000);
  const deployed = await deploy(data, throwAwayFolder());
  const bodies = join(throwAwayFolder(), 'bodies.json');
  const instances = await flightInstances(data, deployed);
  const texts = instances.map(ownBody);
  writeFileSync(bodies, JSON.stringify(texts));
  const tensors = join(throwAwayFolder(), 'tensors.json');
  writeFileSync(tensors, JSON.stringify(instances.map(v2Body)));
  const serve: ServeOptions = {
    kind: 'millrace',
    answer: '',
    folder: deployed.folder,
    source: data.source,
    now: deployed.midpoint,
    bodies,
  };
  const millrace = await ServerProcess.start(serve);
  const answer = await (
    await fetch(millrace.url, {method: 'POST', headers: {'content-type': 'application/json'}, body: texts[0]!})
  ).text();
  const constant = (kind: ServerKind) => ServerProcess.start({...serve, kind, answer});
  const servers = [await constant('bare'), await constant('fastify'), millrace];
  const asked: Asked[] = servers.map(server => ({server, url: server.url, bodies}));
  asked.push({server: millrace, url: new URL('/v2/models/lateness/infer', millrace.url).href, bodies: tensors});

  const tables: Table[] = [];
  for (const connections of [1, 16]) {
    const samples: Sample[][] = asked.map(() => []);
    for (let round = -1; round < given.rounds; round++)
      for (let k = 0; k < asked.length; k++) {
        const which = (k + Math.max(0, round)) % asked.length;
        process.stderr.write(`  ${connections} connections, round ${round + 1}: ${NAMES[which]}\n`);
        const measured = await sample(asked[which]!, connections, round < 0 ? 2 : Number(seconds ?? 4));
        if (round >= 0) samples[which]!.push(measured);
      }
    tables.push(table(connections, samples));
  }
  tables.push(await inProcess(millrace, given.rounds));
  if (profileAt >= 0) {
    millrace.tell('start-profile');
    await sample(asked[2]!, 16, 6);
    const {top} = await millrace.ask('stop-profile', 'profile');
    tables.push({
      title: 'Profile of the server, 16 connections',
      columns: ['function', 'own share of CPU'],
      rows: top.map(([name, share]) => [name, `${(share * 100).toFixed(1)} %`]),
    });
  }
  for (const server of servers) await server.stop();
  const bytes = `A request is ${texts[0]!.length} bytes of JSON, the answer ${answer.length}; the constants are such an answer.`;
  const cores = pinned
    ? 'The server has one core to itself, the load generator another.'
    : 'Nothing is bound to a core.';
  report([{...tables[0]!, notes: [`${bytes} ${cores}`]}, ...tables.slice(1)], given);
});
