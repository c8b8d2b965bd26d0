/** Names of objects: parts of letters, digits, `.`, `_`, `-` and `=` separated by `/`. */
import {MillraceError} from '../../protocol/index.ts';

const PART = /^[A-Za-z0-9._=-]+$/;

/** What follows the name of a file that is still being written; no object may be called so. */
export const UNFINISHED = '.unfinished';

/** Throws REQUEST_INVALID for a name that is not allowed. */
export function assertName(name: string): void {
  const allowed = name
    .split('/')
    .every(
      part => PART.test(part) && part !== '.' && part !== '..' && part.length <= 200 && !part.endsWith(UNFINISHED),
    );
  if (!allowed || name.length > 1_000)
    throw new MillraceError('REQUEST_INVALID', `'${name.slice(0, 80)}' cannot be the name of an object.`, {
      fix: "Use parts of letters, digits, '.', '_', '-' and '=' separated by '/', none of them '.' or '..'.",
    });
}
