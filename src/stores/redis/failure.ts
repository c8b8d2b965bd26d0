/** Errors of the Redis client in words for the user. They are rebuilt: the client's own carry commands and passwords. */
import {MillraceError} from '../../protocol/index.ts';
import type {RedisTarget} from './redis-target.ts';

/** Answers of a server that will be able to serve, later or under another address. */
const PASSING = /^(LOADING|READONLY|MASTERDOWN|TRYAGAIN|CLUSTERDOWN|BUSY)\b/;

const REFUSED = /^(WRONGPASS|NOAUTH|NOPERM|ERR invalid password|ERR AUTH)\b/;

/** The text of an error without the password, whatever the server echoes. */
export function reasonOf(error: unknown, {password}: RedisTarget): string {
  const text = error instanceof Error ? error.message : String(error);
  return password === undefined ? text : text.replaceAll(password, '***');
}

/** Whether the server answered, and its answer was an error. */
export const isAnswer = (error: unknown): boolean => error instanceof Error && error.name === 'ReplyError';

/** What the server's own error means to the caller. */
export function refused(target: RedisTarget, error: unknown): MillraceError {
  // EXEC says only that there were errors before it.
  const {previousErrors: [first] = []} = error as {previousErrors?: readonly Error[]};
  const reason = reasonOf(first ?? error, target);
  if (PASSING.test(reason)) return unavailable(target, `answers: ${reason}`);
  if (REFUSED.test(reason))
    return new MillraceError('STORE_FAILED', `Redis at ${target.name} does not let us in: ${reason}`, {
      fix: 'Check user and password in the URL, and that this user may run MGET, MSET, DEL, MULTI, EXEC, SCAN, INFO and CLIENT.',
    });
  return new MillraceError('STORE_FAILED', `Redis at ${target.name} refused a command: ${reason}`, {
    fix: reason.startsWith('OOM')
      ? 'Nothing was written. Give the server more memory (maxmemory), or remove what is not needed.'
      : 'See the log of the Redis server; what is stored is as it was before the command.',
  });
}

/** Redis is away, or too slow to tell. A write under way may have been applied or not. */
export function unavailable(target: RedisTarget, what: string): MillraceError {
  return new MillraceError('STORE_UNAVAILABLE', `Redis at ${target.name} ${what}`, {
    fix: 'See that the server runs and can be reached; the connection comes back by itself. Then write again what was not acknowledged: the same write twice does no harm.',
  });
}

/** The server drops keys when its memory is full: values would be missing without a word. */
export function evicting(target: RedisTarget, policy: string): MillraceError {
  return new MillraceError('STORE_FAILED', `Redis at ${target.name} drops keys when its memory is full (${policy}).`, {
    fix: 'Set maxmemory-policy to noeviction, or use a server that is no cache.',
  });
}
