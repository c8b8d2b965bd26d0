/** Passes requests on to the process that leads, over its own socket, so that a port with workers looks like one server. */

import type {ClientRequest, IncomingMessage, RequestOptions, ServerResponse} from 'node:http';
import {Agent as PlainAgent, request as plainRequest} from 'node:http';
import {Agent as TlsAgent, request as tlsRequest} from 'node:https';
import type {Leader} from '../../app/index.ts';
import {MillraceError} from '../../protocol/index.ts';
import {BODY_LIMIT} from '../bare-server.ts';
import {BODY_LIMIT as TENSOR_LIMIT} from '../inference/raw-bodies.ts';
import {lingerOnEnd} from '../linger.ts';
import {isOwnHeader, ownHeader} from './own-header.ts';

/** Those of one connection (RFC 9110, 7.6.1); `expect` is answered by whoever has the client's connection. */
const OF_ONE_HOP: ReadonlySet<string> = new Set([
  'connection',
  'keep-alive',
  'proxy-authenticate',
  'proxy-authorization',
  'proxy-connection',
  'te',
  'trailer',
  'upgrade',
  'expect',
]);

const GONE = JSON.stringify(
  new MillraceError('NOT_READY', 'The server is ending or starting.', {fix: 'Try again shortly.'}).toJSON(),
);

export class PassOn {
  readonly #leader: Leader;
  readonly #isTls: boolean;
  readonly #agent: PlainAgent | TlsAgent;
  readonly #streams = new Set<IncomingMessage>();
  #closing = false;

  /** `isTls`: the process that leads speaks https, also here. */
  constructor(leader: Leader, isTls: boolean) {
    this.#leader = leader;
    this.#isTls = isTls;
    const options = {keepAlive: true, maxSockets: 256};
    this.#agent = isTls ? new TlsAgent(options) : new PlainAgent(options);
  }

  /** Passes a request on as it comes, and its answer back. */
  handle(request: IncomingMessage, response: ServerResponse): void {
    const asked = this.#ask(request, response, keptHeaders(request.rawHeaders, request.headers.connection));
    request.once('aborted', () => asked.destroy());
    if (isTooLarge(request)) {
      // Refused by its headers, so that nothing of its body need be passed on.
      response.shouldKeepAlive = false;
      lingerOnEnd(request, response);
      asked.once('response', answer => answer.once('end', () => asked.destroy()));
      asked.flushHeaders();
    } else request.pipe(asked);
  }

  /** The same of a request whose body was read. */
  handleRead(request: IncomingMessage, response: ServerResponse, body: string): void {
    const headers = keptHeaders(request.rawHeaders, request.headers.connection, SIZES);
    headers.push('content-length', String(Buffer.byteLength(body)));
    this.#ask(request, response, headers).end(body);
  }

  /** Ends answers that never end by themselves; connections of clients end with their answers from here on. */
  endStreams(): void {
    this.#closing = true;
    for (const stream of this.#streams) stream.destroy();
  }

  close(): void {
    this.#agent.destroy();
  }

  #ask(request: IncomingMessage, response: ServerResponse, headers: string[]): ClientRequest {
    headers.push(...ownHeader(this.#leader.token, request.socket.remoteAddress));
    const options: RequestOptions & {readonly rejectUnauthorized: false} = {
      socketPath: this.#leader.socket,
      method: request.method ?? 'GET',
      path: request.url ?? '/',
      headers: headers as unknown as Record<string, string>,
      agent: this.#agent,
      setHost: false,
      // It is this machine's own socket, whatever name the certificate is for.
      rejectUnauthorized: false,
    };
    const asked = this.#isTls ? tlsRequest(options) : plainRequest(options);
    asked.once('response', answer => this.#answer(answer, response));
    asked.once('error', () => {
      if (response.headersSent || response.destroyed) response.destroy();
      else
        response
          .writeHead(503, {'content-type': 'application/json; charset=utf-8', 'retry-after': '1', connection: 'close'})
          .end(GONE);
    });
    response.once('close', () => {
      if (!response.writableFinished) asked.destroy();
    });
    return asked;
  }

  #answer(answer: IncomingMessage, response: ServerResponse): void {
    const headers = keptHeaders(answer.rawHeaders, answer.headers.connection, FRAMING);
    if (this.#closing) headers.push('connection', 'close');
    response.writeHead(answer.statusCode!, answer.statusMessage, headers);
    if (answer.headers['content-type']?.startsWith('text/event-stream')) {
      this.#streams.add(answer);
      answer.once('close', () => this.#streams.delete(answer));
      response.flushHeaders();
    }
    answer.once('error', () => response.destroy());
    answer.once('close', () => {
      if (!answer.complete) response.destroy();
    });
    answer.pipe(response);
  }
}

/** Whether nobody takes a body of the length that the headers say. */
function isTooLarge({url = '/', headers}: IncomingMessage): boolean {
  const limit = /^\/v2\/|^\/(models\/[^/]+\/)?invocations/.test(url) ? TENSOR_LIMIT : BODY_LIMIT;
  return Number(headers['content-length'] ?? 0) > limit;
}

/** How a body is framed is for each connection to say. */
const FRAMING: ReadonlySet<string> = new Set(['transfer-encoding']);
const SIZES: ReadonlySet<string> = new Set(['transfer-encoding', 'content-length']);
const NONE: ReadonlySet<string> = new Set();

/** All headers as they came, but those of one connection and our own. */
function keptHeaders(raw: readonly string[], connection: string | undefined, without = NONE): string[] {
  const named = new Set((connection ?? '').toLowerCase().split(/\s*,\s*/));
  const kept: string[] = [];
  for (let i = 0; i < raw.length; i += 2) {
    const name = raw[i]!.toLowerCase();
    if (OF_ONE_HOP.has(name) || named.has(name) || without.has(name) || isOwnHeader(name)) continue;
    kept.push(raw[i]!, raw[i + 1]!);
  }
  return kept;
}
