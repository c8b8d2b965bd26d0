/**
 * The way of almost all requests for predictions: a POST of plain JSON to one of two addresses. They are let in, parsed,
 * answered, counted and logged as the router would have it, without the router, whose hooks and objects cost as much as a
 * prediction. Whatever is unusual about a request (an encoding, an origin, a body of unknown length, a key that is not
 * in force) is left to the router, which says what there is to say.
 */
import type {IncomingMessage, RequestListener, Server, ServerResponse} from 'node:http';
import {bitsOf, type Host, type RequestTrace} from '../../app/index.ts';
import type {InferenceStatistics} from '../inference/inference-statistics.ts';
import type {AccessLog} from '../logs/access-log.ts';
import type {RequestTimes} from '../request-times.ts';
import {answerInfer} from './answer-infer.ts';
import {answerPredict} from './answer-predict.ts';
import {send, sendFailure} from './answers.ts';
import {plainLength, type Target, Targets} from './target.ts';

export type FastLaneOptions = {
  readonly host: Host;
  readonly statistics: InferenceStatistics;
  readonly times: RequestTimes;
  readonly access: AccessLog;
  /** Whether the server takes no further requests: connections end with their next answer. */
  readonly closing: () => boolean;
};

/** What is asked, when it came, and where the answer goes. */
export type Call = {
  readonly target: Target;
  readonly body: Buffer;
  readonly arrivedAt: number;
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  readonly trace: RequestTrace | null;
};

/** Said of requests whose client went away, as others do. */
const CLOSED = 499;

const SCOPES = ['predict'] as const;
const WANTED = bitsOf(SCOPES);

/** Puts the lane before the routes of a server. */
export function openFastLane(server: Server, options: FastLaneOptions): void {
  const listeners = server.listeners('request') as RequestListener[];
  server.removeAllListeners('request');
  const targets = new Targets();
  for (const route of listeners)
    server.on('request', (request, response) => {
      const target = request.method === 'POST' ? targets.of(request.url!) : null;
      const length = target === null ? 0 : plainLength(target, request);
      if (target === null || length === 0) return route(request, response);
      const arrivedAt = performance.now();
      const take = () =>
        readBody(request, length, body => {
          const trace = options.host.tracing?.begin('POST', target.route, request.headers, arrivedAt) ?? null;
          void answer({target, body, arrivedAt, request, response, trace}, options);
        });
      try {
        const asked = admit(options.host, target, request);
        if (!(asked instanceof Promise)) return take();
        asked.then(take, () => route(request, response));
      } catch {
        // The router refuses it too, and says why.
        route(request, response);
      }
      return undefined;
    });
}

const admit = ({access}: Host, {model}: Target, {headers, socket}: IncomingMessage) =>
  access.admit({authorization: headers.authorization, scopes: SCOPES, model}, socket.remoteAddress ?? '', WANTED);

/** `take` is called once, if the whole body comes: a client that hangs up is not answered. */
function readBody(request: IncomingMessage, length: number, take: (body: Buffer) => void): void {
  let parts: Buffer[] | null = null;
  let whole: Buffer | null = null;
  request.on('data', (part: Buffer) => {
    if (part.length === length) whole = part;
    else {
      parts ??= [];
      parts.push(part);
    }
  });
  request.on('end', () => take(whole ?? Buffer.concat(parts ?? [])));
  // The connection is gone, and whoever was waiting with it.
  request.on('error', () => {});
}

async function answer(call: Call, options: FastLaneOptions): Promise<void> {
  const {target, response, arrivedAt, request, trace} = call;
  const {host, times, access, closing} = options;
  let status = 200;
  try {
    const made = target.protocol === 'v1' ? answerPredict(call, host) : answerInfer(call, options);
    const ready = made instanceof Promise ? await made : made;
    if (response.destroyed) return trace?.end(CLOSED);
    send(response, status, ready, closing());
  } catch (error) {
    if (response.destroyed || response.headersSent) return trace?.end(CLOSED);
    status = sendFailure(call, error, host.log, closing());
  }
  const seconds = (performance.now() - arrivedAt) / 1_000;
  times.note('POST', target.route, status, seconds);
  trace?.end(status);
  const {headers} = request;
  access.note({method: 'POST', route: target.route, status, seconds, headers, model: target.model, trace});
}
