// All functions of the expression language, by name. Names are part of stored definitions: they do not change.
import {MillraceError, type Value} from '../../protocol/index.ts';
import {ARITHMETIC} from './functions/arithmetic.ts';
import type {FunctionSpec} from './functions/function-spec.ts';
import {GEOGRAPHY} from './functions/geography.ts';
import {HASHING} from './functions/hashing.ts';
import {LOGICAL} from './functions/logic.ts';
import {TEXT} from './functions/text.ts';
import {TIME} from './functions/time.ts';

export const FUNCTIONS = {...ARITHMETIC, ...LOGICAL, ...TIME, ...TEXT, ...HASHING, ...GEOGRAPHY} as const;

export type FunctionName = keyof typeof FUNCTIONS;

/** An entry of the table with its types widened, for code that treats all functions alike. */
export type AnyFunction = Omit<FunctionSpec, 'js' | 'prepare'> & {
  readonly js: (...args: Value[]) => Value;
  readonly prepare?: (...literals: Value[]) => (first: Value) => Value;
};

/** Throws NAME_UNKNOWN for a name that is not in the table, as a definition of a later release may hold. */
export function functionSpec(name: FunctionName): AnyFunction {
  if (!Object.hasOwn(FUNCTIONS, name))
    throw new MillraceError('NAME_UNKNOWN', `There is no function '${name}' in expressions.`, {
      fix: 'Was the definition made by a later release?',
    });
  return FUNCTIONS[name] as unknown as AnyFunction;
}
