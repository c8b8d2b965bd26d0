/** A real HTTP server that takes what channels send. */

import {createServer, type IncomingHttpHeaders, type ServerResponse} from 'node:http';
import type {AddressInfo} from 'node:net';

export type Received = {
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  readonly text: string;
};

/** `answer`: 200 unless told. */
export async function startReceiver(
  answer: (response: ServerResponse, received: Received) => void = response => response.end('ok'),
  port = 0,
): Promise<{readonly url: string; readonly port: number; readonly received: Received[]; close(): Promise<void>}> {
  const received: Received[] = [];
  const server = createServer(async (request, response) => {
    let text = '';
    for await (const part of request) text += part;
    const one = {path: request.url!, headers: request.headers, text};
    received.push(one);
    answer(response, one);
  });
  await new Promise<void>(resolve => server.listen(port, '127.0.0.1', resolve));
  const taken = (server.address() as AddressInfo).port;
  return {
    url: `http://127.0.0.1:${taken}`,
    port: taken,
    received,
    close: () =>
      new Promise(resolve => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
