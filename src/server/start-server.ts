import type {Host} from '../app/index.ts';
import {MillraceError, type Value} from '../protocol/index.ts';
import {buildServer} from './build-server.ts';

export type ServerOptions = {
  /** 0 takes a free one. */
  readonly port: number;
  /** Loopback unless told otherwise: nobody else can connect. */
  readonly hostname?: string;
};

export type RunningServer = {
  readonly url: string;
  /** Asks this server for a prediction, over the network as a client would. */
  predict(model: string, instance: Readonly<Record<string, Value>>): Promise<void>;
  /** Stops taking requests and waits for those that are running. */
  close(): Promise<void>;
};

/** Serves the API and the console. Throws PORT_IN_USE. */
export async function startServer(host: Host, {port, hostname = '127.0.0.1'}: ServerOptions): Promise<RunningServer> {
  const server = await buildServer(host);
  const url = await server.listen({port, host: hostname}).catch(async (cause: {code?: unknown}) => {
    await server.close();
    if (cause.code !== 'EADDRINUSE') throw cause;
    throw new MillraceError('PORT_IN_USE', `Port ${port} on ${hostname} is in use.`, {
      cause,
      fix: 'Stop what listens there, or name another port with --port.',
    });
  });
  return {
    url,
    close: () => server.close(),
    predict: async (model, instance) => {
      const answer = await fetch(`${url}/v1/models/${encodeURIComponent(model)}/predict`, {
        method: 'POST',
        headers: {'content-type': 'application/json'},
        body: JSON.stringify({instances: [instance]}),
      });
      const body = await answer.text();
      if (!answer.ok) throw new MillraceError('INTERNAL', `The server answered ${answer.status}: ${body}`);
    },
  };
}
