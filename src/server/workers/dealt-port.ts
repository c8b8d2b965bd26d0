/** The public port of a server with workers: it takes connections and deals them, and answers what nobody else takes. */
import type {Server as HttpServer} from 'node:http';
import {type AddressInfo, createServer, type Server, type Socket} from 'node:net';
import {setTimeout as delay} from 'node:timers/promises';

/** Connections that wait to be taken. */
const BACKLOG = 511;
const CLOSE_STEP_MS = 10;

/** Hands a connection to somebody else. False: there is nobody. `back`: has it again if they turn out to be gone. */
export type Deal = (socket: Socket, back: (socket: Socket) => void) => boolean;

export class DealtPort {
  readonly #http: HttpServer;
  readonly #deal: Deal;
  readonly #server: Server;
  readonly #own = new Set<Socket>();

  constructor(http: HttpServer, deal: Deal) {
    this.#http = http;
    this.#deal = deal;
    // Nothing is read before it is known who reads.
    this.#server = createServer({pauseOnConnect: true, noDelay: true}, socket => this.#take(socket));
  }

  /** Resolves with the port. Throws EADDRINUSE as `listen` does. */
  async listen(port: number, host: string): Promise<number> {
    await new Promise<void>((resolve, reject) => {
      this.#server.once('error', reject);
      this.#server.listen({port, host, backlog: BACKLOG}, resolve);
    });
    return (this.#server.address() as AddressInfo).port;
  }

  /** Takes no more connections, and finishes the requests that this process answers. */
  async close(): Promise<void> {
    this.#server.close();
    while (this.#own.size > 0) {
      closeIdle(this.#http, this.#own);
      await delay(CLOSE_STEP_MS);
    }
  }

  #take(socket: Socket): void {
    // A client that is gone before it was dealt is nobody's failure.
    socket.on('error', () => {});
    this.#dealOrAnswer(socket);
  }

  #dealOrAnswer(socket: Socket): void {
    const isDealt = this.#deal(socket, back => this.#dealOrAnswer(back));
    if (!isDealt) this.#answer(socket);
  }

  #answer(socket: Socket): void {
    this.#own.add(socket);
    socket.once('close', () => this.#own.delete(socket));
    this.#http.emit('connection', socket);
    socket.resume();
  }
}

/** Closes the connections on which nobody waits for an answer; those that never asked are not idle to Node. */
export function closeIdle(http: HttpServer, connections: Iterable<Socket>): void {
  http.closeIdleConnections();
  for (const socket of connections) if (socket.bytesRead === 0) socket.destroy();
}
