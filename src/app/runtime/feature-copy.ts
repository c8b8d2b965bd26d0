import {MillraceError} from '../../protocol/index.ts';
import type {OnlineStore} from '../../stores/index.ts';
import {openRedis} from '../../stores/redis/index.ts';

/**
 * The copy of a project's feature states in Redis. `variable` names the environment variable that holds its URL, so that
 * a password stands neither in a command nor in a file. Throws USAGE where it is not set, STORE_UNAVAILABLE.
 */
export async function openFeatureCopy(
  project: string,
  variable: string,
  environment: Readonly<Record<string, string | undefined>>,
): Promise<OnlineStore> {
  const url = environment[variable];
  if (url === undefined || url === '')
    throw new MillraceError('USAGE', `The environment variable ${variable} is not set.`, {
      fix: `Set it to the URL of Redis: ${variable}=redis://127.0.0.1:6379`,
    });
  return openRedis({url, prefix: `millrace:${project}:`});
}
