/** Where Redis is, taken out of a URL once, so that its password never travels with a name that is printed. */
import {MillraceError} from '../../protocol/index.ts';

export type RedisTarget = {
  /** `host:port`, fit to print. */
  readonly name: string;
  readonly host: string;
  readonly port: number;
  readonly database: number;
  readonly tls: boolean;
  readonly username: string | undefined;
  readonly password: string | undefined;
};

/** Throws REQUEST_INVALID, without the text that was given: it may hold a password. */
export function redisTarget(text: string): RedisTarget {
  // The error of `new URL` carries its input.
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url === undefined || (url.protocol !== 'redis:' && url.protocol !== 'rediss:') || url.hostname === '')
    throw invalid('It is no address of a Redis server.');
  const path = url.pathname.replace(/^\//, '');
  if (!/^\d{0,4}$/.test(path)) throw invalid(`'${path}' is no number of a database.`);
  const host = url.hostname.replace(/^\[(.*)\]$/, '$1');
  const port = url.port === '' ? 6_379 : Number(url.port);
  return {
    name: `${url.hostname}:${port}`,
    host,
    port,
    database: Number(path),
    tls: url.protocol === 'rediss:',
    username: decoded(url.username),
    password: decoded(url.password),
  };
}

/** `undefined` for nothing; a `%` that starts no escape is refused. */
function decoded(part: string): string | undefined {
  if (part === '') return undefined;
  try {
    return decodeURIComponent(part);
  } catch {
    throw invalid("A '%' in its user or password starts no escape.");
  }
}

const invalid = (reason: string): MillraceError =>
  new MillraceError('REQUEST_INVALID', `The URL of Redis cannot be used. ${reason}`, {
    fix: 'Write redis://user:password@host:6379/0, with special characters of the password as %XX; rediss:// for TLS.',
  });
