/** A way to a server on which bytes can be held up, as by a network that is partitioned and heals. */
import {once} from 'node:events';
import {connect, createServer, type Server, type Socket} from 'node:net';

export class SlowPath {
  readonly port: number;
  readonly #server: Server;
  readonly #sockets: Socket[] = [];
  readonly #held: (readonly [to: Socket, bytes: Buffer])[] = [];
  #holding = false;

  private constructor(server: Server, target: number) {
    this.#server = server;
    this.port = (server.address() as {port: number}).port;
    server.on('connection', from => this.#join(from, connect(target, '127.0.0.1')));
  }

  static async to(target: number): Promise<SlowPath> {
    const server = createServer().listen(0, '127.0.0.1');
    await once(server, 'listening');
    return new SlowPath(server, target);
  }

  /** Connections made until now reach the server no more, not even their end; new ones are not held up. */
  hold(): void {
    this.#holding = true;
  }

  /** What was held up arrives. */
  release(): void {
    for (const [to, bytes] of this.#held.splice(0)) if (!to.destroyed) to.write(bytes);
  }

  close(): void {
    this.#server.close();
    for (const socket of this.#sockets) socket.destroy();
  }

  #join(from: Socket, to: Socket): void {
    const madeBefore = !this.#holding;
    this.#sockets.push(from, to);
    from.on('data', bytes => {
      if (madeBefore && this.#holding) this.#held.push([to, bytes]);
      else to.write(bytes);
    });
    to.on('data', bytes => from.write(bytes));
    from.on('close', () => {
      if (!(madeBefore && this.#holding)) to.destroy();
    });
    to.on('close', () => from.destroy());
    for (const socket of [from, to]) socket.on('error', () => socket.destroy());
  }
}
