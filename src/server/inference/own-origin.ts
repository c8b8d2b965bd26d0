import type {FastifyRequest} from 'fastify';
import {MillraceError} from '../../protocol/index.ts';

/**
 * Keeps pages of other origins out: routes that take bodies of any content type, or none, could otherwise be asked by
 * any page that a browser on this machine has open. Browsers name the origin; other clients send nothing and pass.
 * Throws FORBIDDEN.
 */
export async function refuseOtherOrigins({method, headers}: FastifyRequest): Promise<void> {
  if (method === 'GET' || method === 'HEAD') return;
  const {origin, host} = headers;
  const site = headers['sec-fetch-site'];
  const own = origin === undefined || origin === `http://${host}` || origin === `https://${host}`;
  if (own && (site === undefined || site === 'same-origin' || site === 'none')) return;
  throw new MillraceError('FORBIDDEN', `Pages of ${origin ?? 'other origins'} may not ask this server.`, {
    fix: 'Ask from a program, or from a page that this server serves.',
  });
}
