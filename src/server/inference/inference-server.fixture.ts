// A server of the protocols of tensors over the models of the fixture, on a free port.
import type {FastifyInstance} from 'fastify';
import {bareServer} from '../bare-server.ts';
import {mlflowRoutes} from '../mlflow/mlflow-routes.ts';
import {inferenceRoutes} from './inference-routes.ts';
import {fixtureRepository} from './repository.fixture.ts';

export type Answer<T = Record<string, unknown>> = {
  readonly status: number;
  readonly headers: Headers;
  readonly body: T;
  readonly bytes: Buffer;
};

export type InferenceServer = {
  readonly url: string;
  readonly repository: ReturnType<typeof fixtureRepository>;
  readonly server: FastifyInstance;
  /** `body`: what is sent as it is, or an object that is sent as JSON. Without a content type, as tritonclient does. */
  ask<T>(path: string, body?: unknown, headers?: Record<string, string>): Promise<Answer<T>>;
  close(): Promise<void>;
};

export async function inferenceServer(bodyLimit = 1_000_000): Promise<InferenceServer> {
  const repository = fixtureRepository();
  const server = bareServer('nowhere');
  inferenceRoutes(server, () => repository, {bodyLimit});
  mlflowRoutes(server, () => repository, {bodyLimit});
  const url = await server.listen({port: 0, host: '127.0.0.1'});
  return {
    url,
    repository,
    server,
    close: () => server.close(),
    async ask<T>(path: string, body?: unknown, headers: Record<string, string> = {}) {
      const sent = await fetch(`${url}${path}`, {
        method: body === undefined ? 'GET' : 'POST',
        headers,
        // A blob without a type leaves the content type out.
        ...(body === undefined ? {} : {body: new Blob([isBytes(body) ? body : JSON.stringify(body)])}),
      });
      const bytes = Buffer.from(await sent.arrayBuffer());
      const length = sent.headers.get('inference-header-content-length');
      const json = bytes.subarray(0, length === null ? bytes.length : Number(length));
      return {status: sent.status, headers: sent.headers, body: parsed(json) as T, bytes};
    },
  };
}

const isBytes = (body: unknown): body is string | Uint8Array<ArrayBuffer> =>
  typeof body === 'string' || body instanceof Uint8Array;

function parsed(json: Buffer): unknown {
  const text = json.toString('utf8');
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
