/** Fields of a JSON body, checked; each check throws REQUEST_INVALID and says what was given. */
import {MillraceError} from '../../protocol/index.ts';
import {brief} from '../tensors/nested-data.ts';
import type {Parameters} from './infer-parameters.ts';

export type JsonObject = Readonly<Record<string, unknown>>;

export function objectOf(value: unknown, what: string): JsonObject {
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as JsonObject;
  throw new MillraceError('REQUEST_INVALID', `${what} is ${brief(value)}.`, {fix: 'Give a JSON object.'});
}

export function listOf(value: unknown, what: string): readonly unknown[] {
  if (Array.isArray(value)) return value;
  throw new MillraceError('REQUEST_INVALID', `'${what}' is ${brief(value)}.`, {fix: `Give '${what}' as a list.`});
}

const NONE: Parameters = new Map();

/** The field 'parameters' of `what`. */
export function parametersOf(given: unknown, what: string): Parameters {
  return given === undefined ? NONE : new Map(Object.entries(objectOf(given, `'parameters' of ${what}`)));
}

/** The name in an entry of `list`, in which each stands once; `seen` are those before it. */
export function nameOf({name}: JsonObject, list: string, seen: {has(name: string): boolean}): string {
  if (typeof name === 'string' && name !== '' && !seen.has(name)) return name;
  throw new MillraceError('REQUEST_INVALID', `'${list}' has an entry whose name is ${brief(name)}.`, {
    fix: 'Give each a name of its own.',
  });
}
