/** One HTTP call: an address and a body go in, the parsed answer or a `ClientError` comes out. */
import {ClientError, errorFromAnswer} from './client-error.ts';

export type Fetch = (input: string, init?: RequestInit) => Promise<Response>;

export type Transport = {
  /** Without a trailing slash; empty for the page's own origin. */
  readonly url: string;
  readonly fetch: Fetch;
};

/** The same, with the key in each request that has one. */
export const withKey =
  (send: Fetch, key: string | (() => string | null) | undefined): Fetch =>
  (input, init = {}) => {
    const token = typeof key === 'function' ? key() : key;
    if (!token) return send(input, init);
    const headers = new Headers(init.headers);
    headers.set('authorization', `Bearer ${token}`);
    return send(input, {...init, headers});
  };

export type Query = {readonly [name: string]: string | number | undefined};

/** A path with its query; parameters that are undefined are left out. */
export function pathWith(path: string, query: Query): string {
  const pairs = Object.entries(query).flatMap(([name, value]) =>
    value === undefined ? [] : [`${encodeURIComponent(name)}=${encodeURIComponent(value)}`],
  );
  return pairs.length === 0 ? path : `${path}?${pairs.join('&')}`;
}

/** Sends; rejects with UNREACHABLE when no answer came, and with the server's error for a failing status. */
export async function send(transport: Transport, path: string, init: RequestInit = {}): Promise<Response> {
  const url = `${transport.url}${path}`;
  let answer: Response;
  try {
    answer = await transport.fetch(url, init);
  } catch (cause) {
    if (init.signal?.aborted) throw cause;
    throw new ClientError('UNREACHABLE', `No answer came from ${url}.`, {
      fix: 'Check that the server runs (millrace serve) and that the address is right.',
      cause,
    });
  }
  if (!answer.ok) throw errorFromAnswer(answer.status, await answer.text(), url);
  return answer;
}

/** GET (or POST, with a body; or what is told) and the answer as JSON. The server validates; the client trusts its types. */
export async function json<T>(
  transport: Transport,
  path: string,
  options: {body?: unknown; signal?: AbortSignal; method?: 'DELETE'} = {},
): Promise<T> {
  const answer = await send(transport, path, {
    ...(options.signal === undefined ? {} : {signal: options.signal}),
    ...(options.method === undefined ? {} : {method: options.method}),
    ...(options.body === undefined
      ? {}
      : {method: 'POST', headers: {'content-type': 'application/json'}, body: JSON.stringify(options.body)}),
  });
  const text = await answer.text();
  try {
    return JSON.parse(text) as T;
  } catch (cause) {
    throw new ClientError('ANSWER_INVALID', `${transport.url}${path} answered with something else than JSON.`, {
      status: answer.status,
      fix: 'Check that the address is that of a Millrace server of the same version.',
      cause,
    });
  }
}
