/** Which requests take the fast lane, told from their first line and headers. */
import type {IncomingMessage} from 'node:http';

/** `route`: as the router calls it. */
export type Target = {readonly protocol: 'v1' | 'v2'; readonly model: string; readonly route: string};

const PATH = /^\/(v1|v2)\/models\/([^/?#]+)\/(predict|infer)$/;
/** Addresses that are remembered; a project has as many as models. */
const MOST = 1_000;

/** Larger bodies, and those whose length nobody said, go the usual way. */
const MOST_BYTES = 1_024 * 1_024;

/** Remembers addresses, so that each is taken apart once. */
export class Targets {
  readonly #known = new Map<string, Target | null>();

  of(url: string): Target | null {
    const known = this.#known.get(url);
    if (known !== undefined) return known;
    const found = targetOf(url);
    if (this.#known.size < MOST) this.#known.set(url, found);
    return found;
  }
}

function targetOf(url: string): Target | null {
  const match = PATH.exec(url);
  if (match === null) return null;
  const [, version, name, verb] = match;
  if ((version === 'v1') !== (verb === 'predict')) return null;
  try {
    const route = `/${version}/models/:model/${verb}`;
    return {protocol: version as 'v1' | 'v2', model: decodeURIComponent(name!), route};
  } catch {
    // The router says what is wrong with it.
    return null;
  }
}

/** Bytes of the body if the request is of the usual kind; 0 if it has anything that only the router knows about. */
export function plainLength({protocol}: Target, {headers}: IncomingMessage): number {
  const length = Number(headers['content-length']);
  if (!(length > 0 && length <= MOST_BYTES)) return 0;
  if (headers['transfer-encoding'] !== undefined || headers['content-encoding'] !== undefined) return 0;
  if (headers.expect !== undefined || headers.origin !== undefined || headers['sec-fetch-site'] !== undefined) return 0;
  const type = headers['content-type'];
  const json = type === 'application/json' || (type?.startsWith('application/json;') ?? false);
  if (protocol === 'v1') return json ? length : 0;
  return (type === undefined || json) && headers['inference-header-content-length'] === undefined ? length : 0;
}
