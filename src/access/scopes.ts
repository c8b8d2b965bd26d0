// Scopes as bits, so that a request is judged by one AND.
import {SCOPES, type Scope} from '../protocol/index.ts';

const ALL = 2 ** SCOPES.length - 1;

/** The bits of a key with these scopes: all of them for `admin`. */
export const bitsGranted = (scopes: readonly Scope[]): number => (scopes.includes('admin') ? ALL : bitsOf(scopes));

/** The bits of which a request wants any. */
export const bitsOf = (scopes: readonly Scope[]): number =>
  scopes.reduce((bits, scope) => bits | (1 << SCOPES.indexOf(scope)), 0);
