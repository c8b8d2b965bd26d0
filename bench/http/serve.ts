// One server, in a process of its own: Millrace, or one that reads the request and answers with a constant.
import {readFileSync} from 'node:fs';
import {createServer} from 'node:http';
import {resolve} from 'node:path';
import Fastify from 'fastify';
import {featureObject, Host, keepFlushing, LivePlatform, loadProject} from '../../src/app/index.ts';
import {startServer} from '../../src/server/index.ts';
import {open} from '../harness/flights.ts';
import {startProfile} from '../harness/profile.ts';
import type {ServeOptions, ServerAnswer, ServerRequest} from './messages.ts';

type Running = {readonly url: string; readonly predictMany?: (amount: number) => void; close(): Promise<unknown>};

const PATH = '/v1/models/lateness/predict';

async function bare({answer}: ServeOptions): Promise<Running> {
  const server = createServer((request, response) => {
    let text = '';
    request.setEncoding('utf8');
    request.on('data', part => {
      text += part;
    });
    request.on('end', () => {
      JSON.parse(text);
      response.writeHead(200, {'content-type': 'application/json', 'content-length': Buffer.byteLength(answer)});
      response.end(answer);
    });
  });
  await new Promise<void>(listening => server.listen(0, '127.0.0.1', listening));
  const {port} = server.address() as {port: number};
  return {url: `http://127.0.0.1:${port}${PATH}`, close: async () => server.close()};
}

async function fastify({answer}: ServeOptions): Promise<Running> {
  const constant: unknown = JSON.parse(answer);
  const server = Fastify();
  server.post('/v1/models/:model/predict', async () => constant);
  const url = await server.listen({port: 0, host: '127.0.0.1'});
  return {url: url + PATH, close: () => server.close()};
}

/** The server as `millrace serve` runs it, except that its clock stands in 2001, where the events are. */
async function millrace({folder, source, now, bodies}: ServeOptions): Promise<Running> {
  const project = {...(await loadProject(resolve('examples/flights'))), folder: source, prepare: null};
  const started = performance.now();
  const runtime = await open(project, folder, {now: () => now + Math.floor(performance.now() - started)});
  const host = new Host(runtime);
  host.platform = await LivePlatform.open(runtime, {training: 'poll'});
  const server = await startServer(host, {port: 0});
  const ticking = setInterval(() => void host.platform!.tick(), 1_000);
  const ending = new AbortController();
  const flushing = keepFlushing(runtime.predictions, ending.signal);
  const model = host.platform.models[0]!;
  const instances = (JSON.parse(readFileSync(bodies, 'utf8')) as string[]).map(
    body => (JSON.parse(body) as {instances: unknown[]}).instances[0],
  );
  let next = 0;
  return {
    url: server.url + PATH,
    predictMany: amount => {
      for (let i = 0; i < amount; i++) {
        const id = `p${next++}`;
        const served = model.predict(model.parse(instances[next % instances.length], 'instance'), id);
        featureObject(model.definition.features, served);
        model.shadow(served);
      }
    },
    close: async () => {
      clearInterval(ticking);
      ending.abort();
      await flushing;
      await server.close();
      await runtime.close();
    },
  };
}

const cpuSeconds = () => {
  const {user, system} = process.cpuUsage();
  return (user + system) / 1e6;
};

const options = JSON.parse(process.argv[2]!) as ServeOptions;
const running = await {bare, fastify, millrace}[options.kind](options);
const tell = (answer: ServerAnswer) => process.send!(answer);
let stopProfile: Awaited<ReturnType<typeof startProfile>> | null = null;

async function inProcess(): Promise<void> {
  const amount = 50_000;
  const [started, cpu] = [performance.now(), cpuSeconds()];
  for (let done = 0; done < amount; done += 1_000) {
    running.predictMany!(1_000);
    // Lets the prediction log write what has gathered.
    await new Promise(setImmediate);
  }
  tell({
    type: 'in-process',
    amount,
    seconds: (performance.now() - started) / 1_000,
    cpuSeconds: cpuSeconds() - cpu,
  });
}

async function answer({type}: ServerRequest): Promise<void> {
  if (type === 'cpu') tell({type: 'cpu', cpuSeconds: cpuSeconds()});
  else if (type === 'in-process') await inProcess();
  else if (type === 'start-profile') stopProfile = await startProfile();
  else if (type === 'stop-profile') tell({type: 'profile', top: await stopProfile!(25)});
  else {
    await running.close();
    process.disconnect();
  }
}
process.on('message', (request: ServerRequest) => void answer(request));
tell({type: 'listening', url: running.url});
