import {createServer, type RequestListener, type Server} from 'node:http';
import {createServer as createTlsServer} from 'node:https';
import type {AddressInfo} from 'node:net';
import {MillraceError} from '../../protocol/index.ts';
import {closeWithin, GRACE_MS} from '../grace.ts';
import type {Tls} from './tls.ts';

const HOST = '127.0.0.1';
const REQUEST_TIMEOUT_MS = 30_000;

/** A second port of a server, of this machine only, where admins ask. The routes are the same server's. */
export class AdminPort {
  #server: Server | null = null;

  /** Null while admins have no port of their own. */
  get number(): number | null {
    return this.#server === null ? null : (this.#server.address() as AddressInfo).port;
  }

  /** Answers with the URL. `port`: 0 takes a free one. Throws PORT_IN_USE. */
  async listen(answer: RequestListener, port: number, tls: Tls | null): Promise<string> {
    const options = {requestTimeout: REQUEST_TIMEOUT_MS};
    const server = tls ? createTlsServer({...tls, ...options}, answer) : createServer(options, answer);
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject);
      server.listen(port, HOST, resolve);
    }).catch((cause: {code?: unknown}) => {
      if (cause.code !== 'EADDRINUSE') throw cause;
      throw new MillraceError('PORT_IN_USE', `Port ${port} on ${HOST} is in use.`, {
        cause,
        fix: 'Stop what listens there, or name another port with --admin-port.',
      });
    });
    this.#server = server;
    return `${tls ? 'https' : 'http'}://${HOST}:${this.number}`;
  }

  /** Finishes the requests that run, within 10 s. */
  async close(): Promise<void> {
    const server = this.#server;
    if (server === null) return;
    await closeWithin(GRACE_MS, server, new Promise<void>(resolve => server.close(() => resolve())));
  }
}
