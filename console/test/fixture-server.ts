/**
 * A server with invented, seeded answers, for developing and testing the console. Never part of the product.
 * Run: npm run fixture --workspace console [port], then `npm run dev --workspace console`.
 */
import {createReadStream, existsSync, statSync} from 'node:fs';
import {createServer, type IncomingMessage, type ServerResponse} from 'node:http';
import type {AddressInfo} from 'node:net';
import {extname, join, normalize} from 'node:path';
import {fileURLToPath} from 'node:url';
import {searchFeatures} from '../../src/app/catalogue/search.ts';
import {
  type ApiKeyRequest,
  type AuditEntry,
  type FeatureReadRequest,
  type LiveTick,
  MillraceError,
  type PredictRequest,
  type WhyRequest,
} from '../../src/protocol/index.ts';
import {FixtureAccess} from './fixture-access.ts';
import {type Answers, emptyAnswers, fullAnswers, youngAnswers} from './fixture-answers.ts';
import {definitions, detailOf, lineageOf} from './fixture-catalogue.ts';
import {consistencyRuns, why} from './fixture-consistency.ts';
import {FixtureDesk} from './fixture-desk.ts';
import {quarantineOf, replayOf} from './fixture-quarantine.ts';
import {FixtureServing} from './fixture-serving.ts';
import {readOf, whyOf} from './fixture-values.ts';

/**
 * `locked`: as full, but every answer needs the fixture's token. `troubled`: as full, but the model's breaker is open, the
 * prediction log is full and a rollout runs.
 */
export type Scenario = 'full' | 'young' | 'empty' | 'failing' | 'locked' | 'troubled';

export type FixtureServer = {
  readonly url: string;
  /** Sends a tick that differs from the first one as given. */
  tick(change: Partial<LiveTick>): void;
  /** Cuts all live streams and refuses new ones until told otherwise. */
  breakLive(broken: boolean): void;
  close(): Promise<void>;
};

const DIST = fileURLToPath(new URL('../dist', import.meta.url));
const TYPES: Record<string, string> = {
  '.html': 'text/html',
  '.js': 'text/javascript',
  '.css': 'text/css',
  '.svg': 'image/svg+xml',
};

const STATUS: Partial<Record<string, number>> = {
  UNAUTHENTICATED: 401,
  REQUEST_INVALID: 400,
  STORE_CONFLICT: 409,
  MODEL_INVALID: 422,
  STORE_BUSY: 503,
  INTERNAL: 500,
};

export async function startFixture(
  options: {scenario?: Scenario; seed?: number; port?: number} = {},
): Promise<FixtureServer> {
  const scenario = options.scenario ?? 'full';
  const made = scenario === 'empty' ? emptyAnswers : scenario === 'young' ? youngAnswers : fullAnswers;
  const answers = made(options.seed ?? 1);
  const access = new FixtureAccess({empty: scenario === 'empty', locked: scenario === 'locked'});
  const serving = new FixtureServing(scenario === 'failing' || scenario === 'locked' ? 'full' : scenario);
  const desk = await FixtureDesk.open(answers);
  const live = new Set<ServerResponse>();
  let broken = false;

  const server = createServer(async (request, response) => {
    const url = new URL(request.url ?? '/', 'http://fixture');
    try {
      if (/^\/(api|v1)\//.test(url.pathname)) access.check(request.headers.authorization);
      if (url.pathname.startsWith('/api/admin/') && scenario !== 'failing')
        return sendJson(
          response,
          request.method === 'POST' ? 201 : 200,
          await adminAnswer(access, [...desk.audit, ...serving.audit()], request, url),
        );
      if (url.pathname === '/api/live') return openLive(response);
      if (scenario !== 'failing') {
        const told = await desk.answer(request.method ?? 'GET', url, async () => JSON.parse(await bodyOf(request)));
        const made = request.method === 'POST' && url.pathname === '/api/silences';
        if (told !== undefined) return sendJson(response, made ? 201 : 200, told);
      }
      if (request.method === 'POST' && url.pathname.endsWith('/quarantine/replay'))
        return sendJson(response, 200, replayOf(url.pathname.split('/')[3] ?? ''));
      if (request.method === 'POST' && /\/(reviews|deploy)$/.test(url.pathname)) {
        const asked = JSON.parse(await bodyOf(request));
        return sendJson(
          response,
          200,
          url.pathname.endsWith('/deploy') ? serving.deploy(asked) : serving.decide(asked),
        );
      }
      if (url.pathname.startsWith('/v2/')) return load(response, url.pathname.split('/')[4] ?? '');
      if (url.pathname.startsWith('/api/')) return sendJson(response, 200, apiAnswer(answers, url));
      if (url.pathname.endsWith('/why')) {
        const asked = JSON.parse(await bodyOf(request)) as WhyRequest;
        return sendJson(response, 200, asked.feature === why.feature ? why : whyOf(asked));
      }
      if (url.pathname.endsWith('/read'))
        return sendJson(response, 200, readOf(JSON.parse(await bodyOf(request)) as FeatureReadRequest));
      if (url.pathname.endsWith('/predict'))
        return sendJson(response, 200, predictAnswer(answers, serving, await bodyOf(request)));
      return sendFile(response, url.pathname);
    } catch (error) {
      const failure = error instanceof MillraceError ? error : new MillraceError('INTERNAL', String(error));
      sendJson(response, STATUS[failure.code] ?? 404, failure);
    }
  });

  function apiAnswer(from: Answers, url: URL): unknown {
    if (scenario === 'failing')
      throw new MillraceError('STORE_BUSY', 'The metadata store is locked by another process.', {
        fix: 'Stop the other millrace process, or wait until it is done.',
      });
    const [, , first, , list] = url.pathname.split('/');
    if (first === 'serving') return serving.status();
    if (list === 'reviews')
      return serving.reviews(url.searchParams.get('state'), Number(url.searchParams.get('limit')));
    const found = route(from, url);
    if (found === from.detail && from.detail) return serving.detail(from.detail);
    return list === 'predictions' ? serving.predictions(found as Answers['predictions']) : found;
  }

  /** As its protocol answers: nothing, or one text that says what is wrong. */
  function load(response: ServerResponse, model: string): void {
    try {
      serving.load(model);
      response.end();
    } catch (error) {
      sendJson(response, 422, {error: (error as Error).message});
    }
  }

  function openLive(response: ServerResponse): void {
    if (broken) {
      sendJson(response, 503, new MillraceError('NOT_READY', 'The server is starting.'));
      return;
    }
    response.writeHead(200, {'content-type': 'text/event-stream', 'cache-control': 'no-store'});
    response.write(`data: ${JSON.stringify(tickOf(answers))}\n\n`);
    live.add(response);
    response.on('close', () => live.delete(response));
  }

  await new Promise<void>(resolve => server.listen(options.port ?? 0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    tick: change => {
      for (const response of live) response.write(`data: ${JSON.stringify({...tickOf(answers), ...change})}\n\n`);
    },
    breakLive: value => {
      broken = value;
      if (broken) for (const response of live) response.destroy();
    },
    close: () =>
      new Promise(resolve => {
        server.close(() => resolve(desk.close()));
        server.closeAllConnections();
      }),
  };
}

function tickOf({overview}: Answers): LiveTick {
  return {
    clock: overview.clock,
    predictions: overview.predictions,
    predictionsPerSecond: overview.predictions === 0 ? 0 : 4_860,
    events: overview.streams.reduce((sum, stream) => sum + stream.events, 0),
    stage: null,
    revision: 1,
  };
}

function route(answers: Answers, url: URL): unknown {
  const [, , first, model, list, version] = url.pathname.split('/').map(decodeURIComponent);
  if (first === 'models' && model !== undefined) {
    if (answers.detail?.model !== model)
      throw new MillraceError('MODEL_NOT_FOUND', `There is no model '${model}'.`, {
        fix: 'Ask for one of the models of the project.',
      });
    if (list === undefined) return answers.detail;
    if (list === 'windows') return answers.windows;
    if (list === 'consistency') return answers.windows.length < 10 ? [] : consistencyRuns;
    if (list === 'distributions') return answers.distributions;
    if (list === 'predictions') return answers.predictions.slice(0, Number(url.searchParams.get('limit') ?? 50));
    const found = answers.versions.find(candidate => list === 'versions' && candidate.version === Number(version));
    if (found) return found;
    throw new MillraceError('VERSION_NOT_FOUND', `There is no version ${version} of '${model}'.`);
  }
  if (first === 'features' && model !== undefined) {
    const feature = answers.features.find(candidate => candidate.name === model);
    const detail = feature && detailOf(model, answers.versions);
    if (!feature || !detail)
      throw new MillraceError('FEATURE_UNKNOWN', `There is no feature '${model}'.`, {
        fix: 'See them all: millrace features.',
      });
    return list === 'lineage' ? lineageOf(feature, answers.versions) : detail;
  }
  if (first === 'streams' && list === 'quarantine') return quarantineOf(model ?? '');
  if (first === 'features') return searchFeatures(answers.features, url.searchParams.get('q') ?? '');
  const lists: Record<string, unknown> = {
    overview: answers.overview,
    models: answers.versions,
    alerts: answers.alerts,
    retrains: answers.retrains,
    definitions: answers.features.length === 0 ? [] : definitions,
    streams: answers.streams,
    summary: answers.summary,
  };
  if (first !== undefined && first in lists) return lists[first];
  throw new MillraceError('ROUTE_NOT_FOUND', `There is nothing at ${url.pathname}.`);
}

function predictAnswer(answers: Answers, serving: FixtureServing, body: string): unknown {
  const {instances} = JSON.parse(body) as PredictRequest;
  const first = instances[0];
  if (first === undefined || typeof first.origin !== 'string')
    throw new MillraceError('REQUEST_INVALID', 'instances[0].origin is missing; it must be a string.', {
      fix: 'Send the origin airport, such as "ATL".',
      problems: [{path: 'instances[0].origin', message: "'origin' is missing.", fix: 'Give a string.'}],
    });
  return {
    model: answers.detail?.model,
    predictions: [serving.answer(answers.predictions[0]?.features ?? {}, {origin: first.origin})],
  };
}

async function adminAnswer(
  access: FixtureAccess,
  done: readonly AuditEntry[],
  request: IncomingMessage,
  {pathname, searchParams}: URL,
): Promise<unknown> {
  if (pathname === '/api/admin/audit') {
    const before = searchParams.get('before');
    const page = access.audit(Number(searchParams.get('limit')), before);
    return before === null ? {...page, entries: [...done, ...page.entries]} : page;
  }
  if (request.method === 'DELETE') return access.revoke(pathname.split('/')[4] ?? '');
  return request.method === 'POST' ? access.create(JSON.parse(await bodyOf(request)) as ApiKeyRequest) : access.list();
}

async function bodyOf(request: IncomingMessage): Promise<string> {
  let body = '';
  for await (const piece of request) body += String(piece);
  return body;
}

function sendJson(response: ServerResponse, status: number, value: unknown): void {
  response.writeHead(status, {'content-type': 'application/json'}).end(JSON.stringify(value));
}

/** Files of console/dist, and its index.html for every path that the console routes by itself. */
function sendFile(response: ServerResponse, pathname: string): void {
  const asked = join(DIST, normalize(pathname));
  const path =
    asked.startsWith(DIST) && existsSync(asked) && statSync(asked).isFile() ? asked : join(DIST, 'index.html');
  response.writeHead(200, {'content-type': TYPES[extname(path)] ?? 'application/octet-stream'});
  createReadStream(path).pipe(response);
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const scenario = (process.argv[3] ?? 'full') as Scenario;
  const {url} = await startFixture({port: Number(process.argv[2] ?? 4790), scenario});
  console.log(`fixture (${scenario}) at ${url}`);
}
