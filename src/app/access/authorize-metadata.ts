import type {Principal} from '../../access/index.ts';
import type {Scope} from '../../protocol/index.ts';
import type {Host} from '../host/host.ts';

/**
 * Judges a call of another protocol by the metadata that came with it: `authorization` is its `Bearer …`, as over HTTP.
 * Throws UNAUTHENTICATED, FORBIDDEN, and RATE_LIMITED (a `RateLimited`, which says when to come again).
 */
export async function authorizeMetadata(
  {access}: Pick<Host, 'access'>,
  authorization: string | undefined,
  scope: Scope | readonly Scope[],
  model: string | undefined,
  remoteAddress: string,
): Promise<Principal> {
  const scopes = typeof scope === 'string' ? [scope] : scope;
  return access.admit({authorization, scopes, model}, remoteAddress);
}
