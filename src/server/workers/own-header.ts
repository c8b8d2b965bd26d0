/**
 * The header by which a worker passes on who asks: a secret that only the process that leads and its workers know, and the
 * client's address. A client cannot forge it, as it can `x-forwarded-for`.
 */
import type {IncomingMessage, Server} from 'node:http';

const HEADER = 'x-millrace-client';

export const ownHeader = (token: string, address: string | undefined): readonly [name: string, value: string] => [
  HEADER,
  `${token} ${address ?? ''}`,
];

export const isOwnHeader = (name: string): boolean => name.toLowerCase() === HEADER;

/** Requests that come by a worker have the address of the client from here on. Call it before routes see them. */
export function knowClients(server: Server, token: string): void {
  const before = `${token} `;
  server.prependListener('request', (request: IncomingMessage) => {
    const value = request.headers[HEADER];
    if (typeof value !== 'string' || !value.startsWith(before)) return;
    delete request.headers[HEADER];
    // A connection carries one request at a time, so that this holds until the next one.
    Object.defineProperty(request.socket, 'remoteAddress', {value: value.slice(before.length), configurable: true});
  });
}
