// One keep-alive connection of the load generator: writes whole requests, and reads no more of an answer than its status
// and its end. A client library costs several times what a fast server does for the same request.
import {connect, type Socket} from 'node:net';

const HEAD_END = Buffer.from('\r\n\r\n');
const CHUNKS_END = Buffer.from('0\r\n\r\n');
const NOTHING = Buffer.alloc(0);

export type ConnectionEvents = {
  /** The connection is free again. `answer` is valid during the call. */
  answered(connection: Connection, status: number, answer: Buffer): void;
  /** It ended, under a request or between two. A new one is being opened. */
  broken(connection: Connection, busy: boolean): void;
};

export class Connection {
  /** When the request that runs was due (ms), for its owner. */
  dueAt = 0;
  busy = false;
  readonly #host: string;
  readonly #port: number;
  readonly #events: ConnectionEvents;
  #socket: Socket | null = null;
  #part: Buffer = NOTHING;
  #closed = false;

  constructor(host: string, port: number, events: ConnectionEvents) {
    this.#host = host;
    this.#port = port;
    this.#events = events;
  }

  open(): Promise<void> {
    return new Promise((opened, failed) => {
      const socket = connect({host: this.#host, port: this.#port, noDelay: true});
      this.#socket = socket;
      socket.once('connect', () => {
        socket.off('error', failed);
        socket.on('error', () => undefined); // 'close' follows
        opened();
      });
      socket.once('error', failed);
      socket.on('data', chunk => this.#read(chunk));
      socket.once('close', () => this.#ended());
    });
  }

  send(request: Buffer, dueAt: number): void {
    this.dueAt = dueAt;
    this.busy = true;
    this.#socket!.write(request);
  }

  close(): void {
    this.#closed = true;
    this.#socket?.destroy();
  }

  #read(chunk: Buffer): void {
    const answer = this.#part.length === 0 ? chunk : Buffer.concat([this.#part, chunk]);
    if (!isWhole(answer)) {
      this.#part = answer;
      return;
    }
    this.#part = NOTHING;
    this.busy = false;
    this.#events.answered(this, Number(answer.toString('latin1', 9, 12)), answer);
  }

  #ended(): void {
    if (this.#closed) return;
    const {busy} = this;
    this.busy = true; // until it is open again
    this.#part = NOTHING;
    this.open().then(
      () => {
        this.busy = false;
        this.#events.broken(this, busy);
      },
      () => this.#events.broken(this, busy),
    );
  }
}

function isWhole(answer: Buffer): boolean {
  const head = answer.indexOf(HEAD_END);
  if (head < 0) return false;
  const text = answer.toString('latin1', 0, head);
  const length = /content-length: *(\d+)/i.exec(text);
  if (length) return answer.length >= head + 4 + Number(length[1]);
  return answer.subarray(-CHUNKS_END.length).equals(CHUNKS_END);
}
