import type {IncomingMessage, RequestListener, Server, ServerResponse} from 'node:http';
import type {Socket} from 'node:net';
import {join} from 'node:path';
import {setTimeout as delay} from 'node:timers/promises';
import type {FastifyInstance, FastifyReply, FastifyRequest} from 'fastify';
import {
  AnswerElsewhere,
  answerInstances,
  rankCandidates,
  type WorkerModel,
  type WorkerPlatform,
  type WorkerStart,
} from '../../app/index.ts';
import {AdminPort} from '../access/admin-port.ts';
import {guardRoutes} from '../access/guard-routes.ts';
import {readTls} from '../access/tls.ts';
import {AdmissionControl} from '../admission.ts';
import {bareServer} from '../bare-server.ts';
import {shedLoad} from '../load-shedding.ts';
import {AccessLog} from '../logs/access-log.ts';
import {noteRequests} from '../logs/note-requests.ts';
import {instancesOf, optionsOf, runOf} from '../prediction-routes.ts';
import {nameAnswer, traceOf, traceRequests} from '../traces/request-traces.ts';
import {closeIdle} from './dealt-port.ts';
import {PassOn} from './pass-on.ts';

type Model = {Params: {model: string}; Body: unknown};

const ANSWERED = /^\/v1\/models\/([\w.-]+)\/(?:predict|rank)$/;
const DRAIN_STEP_MS = 10;

export type WorkerServer = {
  /** Answers the requests of a connection. */
  take(socket: Socket): void;
  /** Finishes the requests that run; every connection is closed when this resolves. */
  drain(): Promise<void>;
};

/** Answers predictions and rankings of the models that the worker has; everything else is passed on. */
export async function startWorkerServer(platform: WorkerPlatform, start: WorkerStart): Promise<WorkerServer> {
  const tls = start.tls && readTls(start.tls);
  const server = bareServer('See docs/rooms/server.md for the routes.', tls, platform.log);
  const passOn = new PassOn(start.leader, tls !== null);
  const admission = new AdmissionControl();
  guardRoutes(server, platform, new AdminPort());
  if (platform.tracing) traceRequests(server, platform.tracing);
  answerRoutes(server, platform, passOn);
  shedLoad(server.server, admission, model => platform.report.refused(model));
  tellWhatWasShed(platform, admission);
  const isHere = (request: IncomingMessage): boolean => {
    const model = request.method === 'POST' ? ANSWERED.exec(request.url ?? '')?.[1] : undefined;
    return (
      model !== undefined &&
      platform.answering(model) !== undefined &&
      // A rate is counted in one place.
      !platform.access.isLimited(request.headers.authorization)
    );
  };
  passOnOthers(server.server, isHere, passOn);
  // Connections are dealt to it; it listens so that their timeouts are watched.
  await server.listen({path: join(start.sockets, `worker-${process.pid}`)});
  const connections = new Set<Socket>();
  let closing = false;
  server.server.prependListener('request', (_request: IncomingMessage, response: ServerResponse) => {
    if (closing) response.shouldKeepAlive = false;
  });
  return {
    take: socket => {
      connections.add(socket);
      socket.once('close', () => connections.delete(socket));
      server.server.emit('connection', socket);
    },
    drain: async () => {
      closing = true;
      passOn.endStreams();
      while (connections.size > 0) {
        closeIdle(server.server, connections);
        await delay(DRAIN_STEP_MS);
      }
      passOn.close();
      await server.close();
    },
  };
}

function answerRoutes(server: FastifyInstance, platform: WorkerPlatform, passOn: PassOn): void {
  const passedOn = new WeakSet<IncomingMessage>();
  const access = new AccessLog(platform.log);
  noteRequests(server, access, {
    skips: request => passedOn.has(request),
    note: (method, route, status, seconds) => platform.report.requested({method, route, status, seconds}),
  });
  /** A route that lets the process that leads answer where the worker must not. */
  const answered =
    (answer: (model: WorkerModel, request: FastifyRequest, reply: FastifyReply) => unknown) =>
    async (request: FastifyRequest<Model>, reply: FastifyReply): Promise<unknown> => {
      const model = platform.answering(request.params.model);
      try {
        if (model) return answer(model, request as FastifyRequest, reply);
      } catch (error) {
        if (!(error instanceof AnswerElsewhere)) throw error;
      }
      passedOn.add(request.raw);
      reply.hijack();
      passOn.handleRead(request.raw, reply.raw, JSON.stringify(request.body));
      return reply;
    };
  server.post<Model>(
    '/v1/models/:model/predict',
    answered((model, request, reply) => {
      const {body} = request;
      const {answer, served} = answerInstances(model, instancesOf(body), optionsOf(body), runOf(request, reply));
      nameAnswer(traceOf(request.raw), model.definition.name, served);
      return answer;
    }),
  );
  server.post<Model>(
    '/v1/models/:model/rank',
    answered((model, request, reply) => rankCandidates(model, request.body, runOf(request, reply)).answer),
  );
}

/** Lets the reports say what was turned away. */
function tellWhatWasShed({report}: WorkerPlatform, admission: AdmissionControl): void {
  let told = admission.counts;
  report.shed = () => {
    const {refused, degraded} = admission.counts;
    const since = {refused: refused - told.refused, degraded: degraded - told.degraded};
    told = {refused, degraded};
    return since;
  };
}

/** Stands before the router: what is passed on costs no more than that. */
function passOnOthers(server: Server, isHere: (request: IncomingMessage) => boolean, passOn: PassOn): void {
  const here = server.listeners('request') as RequestListener[];
  server.removeAllListeners('request');
  server.on('request', (request: IncomingMessage, response: ServerResponse) => {
    if (!isHere(request)) passOn.handle(request, response);
    else for (const listener of here) listener(request, response);
  });
}
