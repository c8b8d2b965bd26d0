/** A model as a Web-standard function from a Request to a Response: Workers, Deno, Bun, service workers. */
import {MillraceError} from '../../../protocol/index.ts';
import type {EdgeInput, EdgeModel} from './open-model.ts';

const MAX_BYTES = 4 * 1024 * 1024;
const MAX_INSTANCES = 1_000;

/**
 * `POST {"instances": [{…}]}` → `{model, predictions: [{prediction, version, at, level, …}]}`; `GET` → what the model
 * takes. Errors have the shape of the server's: `{code, message, fix, problems}`.
 */
export const requestHandler =
  (edge: EdgeModel) =>
  async (request: Request): Promise<Response> => {
    try {
      if (request.method === 'GET' || request.method === 'HEAD') return Response.json(edge.model);
      if (request.method !== 'POST') return refusal(405, notAllowed(request.method), {allow: 'GET, HEAD, POST'});
      const instances = instancesOf(parsed(await textOf(request)));
      const predictions = instances.map((instance, i) => {
        const {id} = (instance ?? {}) as {id?: unknown};
        return {...(typeof id === 'string' ? {id} : {}), ...edge.answer(instance as EdgeInput, `instances[${i}]`)};
      });
      return Response.json({model: edge.model.name, predictions});
    } catch (error) {
      if (!(error instanceof MillraceError))
        return refusal(500, new MillraceError('INTERNAL', 'Something failed inside the model.', {cause: error}));
      return refusal(error.code === 'REQUEST_TOO_LARGE' ? 413 : error.code === 'REQUEST_INVALID' ? 400 : 503, error);
    }
  };

const refusal = (status: number, error: MillraceError, headers: Record<string, string> = {}): Response =>
  Response.json(error.toJSON(), {status, headers});

const notAllowed = (method: string): MillraceError =>
  new MillraceError('ROUTE_NOT_FOUND', `${method} is not answered here.`, {fix: 'POST {"instances": [{…}]}.'});

/** The body, given up as soon as it is too large. */
async function textOf({body}: Request): Promise<string> {
  if (body === null) return '';
  const decoder = new TextDecoder();
  const reader = body.getReader();
  let [text, bytes] = ['', 0];
  for (;;) {
    const {done, value} = await reader.read();
    if (done) return text + decoder.decode();
    bytes += value.length;
    if (bytes > MAX_BYTES) {
      await reader.cancel();
      throw new MillraceError('REQUEST_TOO_LARGE', 'The body has more than 4 MiB.', {fix: 'Split the batch.'});
    }
    text += decoder.decode(value, {stream: true});
  }
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new MillraceError('REQUEST_INVALID', `The body is no JSON: ${(cause as Error).message}`, {
      cause,
      fix: 'Send valid JSON.',
    });
  }
}

function instancesOf(body: unknown): readonly unknown[] {
  const instances = (body as {instances?: unknown} | null)?.instances;
  if (!Array.isArray(instances))
    throw new MillraceError('REQUEST_INVALID', "The body has no list 'instances'.", {
      fix: 'Send {"instances": [{…}]} with the request fields of each prediction.',
    });
  if (instances.length === 0 || instances.length > MAX_INSTANCES)
    throw new MillraceError('REQUEST_INVALID', `'instances' holds ${instances.length}.`, {
      fix: `Send 1 to ${MAX_INSTANCES} at a time.`,
    });
  return instances;
}
