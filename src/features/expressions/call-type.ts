// The type of a call, and whether its arguments fit: what the compiler says in TypeScript, for those who do not compile.
import {MillraceError, type TypeName} from '../../protocol/index.ts';
import type {Kind} from './functions/function-spec.ts';
import {type FunctionName, functionSpec} from './functions.ts';
import type {Node} from './node.ts';
import {printExpression} from './print.ts';
import {regexOf} from './regex.ts';
import {zoneOf} from './zone.ts';

/** An argument with its type; null where it is the literal null, which has any. */
export type Typed = {readonly node: Node; readonly type: TypeName | null};

const NUMBERS: readonly (TypeName | null)[] = ['number', 'int'];
const ORDERED: readonly (TypeName | null)[] = [...NUMBERS, 'string', 'time'];

function fits(kind: Kind, type: TypeName): boolean {
  if (kind === 'any') return true;
  if (kind === 'number') return NUMBERS.includes(type);
  if (kind === 'ordered') return ORDERED.includes(type);
  return type === (kind === 'zone' || kind === 'pattern' ? 'string' : kind);
}

/** The type that all have, number for a mix with integers; undefined if there is none. */
function sharedType(types: readonly (TypeName | null)[]): TypeName | undefined {
  const distinct = new Set(types.filter(type => type !== null));
  if (distinct.size === 0) return 'number';
  if (distinct.size === 1) return [...distinct][0];
  return [...distinct].every(type => NUMBERS.includes(type)) ? 'number' : undefined;
}

/** Throws DEFINITION_INVALID if the arguments do not fit the function. */
export function callType(fn: FunctionName, args: readonly Typed[]): TypeName {
  const {takes, rest, alike, result} = functionSpec(fn);
  if (args.length < takes.length || (args.length > takes.length && !rest))
    throw invalid(fn, args, `takes ${takes.length}${rest ? ' or more' : ''} arguments`);
  args.forEach(({node, type}, i) => {
    const kind = takes[Math.min(i, takes.length - 1)]!;
    if (type !== null && !fits(kind, type)) throw invalid(fn, args, `takes a ${kind} as argument ${i + 1}`);
    if (kind === 'pattern' && (node.op !== 'literal' || type === null))
      throw invalid(fn, args, 'takes a pattern that is written out');
    if (node.op !== 'literal' || type === null) return;
    if (kind === 'zone') requireZone(String(node.value));
    if (kind === 'pattern') regexOf(String(node.value));
  });
  if (alike === undefined) return result as TypeName;
  const shared = sharedType(args.filter((_, i) => alike === 'all' || alike.includes(i)).map(({type}) => type));
  if (shared === undefined) throw invalid(fn, args, 'takes arguments of one type');
  return result === 'alike' ? shared : result;
}

/** In a definition a wrong zone is a fault of the definition, not of a request. */
function requireZone(name: string): void {
  try {
    zoneOf(name);
  } catch (cause) {
    if (!(cause instanceof MillraceError)) throw cause;
    throw new MillraceError('DEFINITION_INVALID', cause.message, {cause, ...(cause.fix && {fix: cause.fix})});
  }
}

function invalid(fn: FunctionName, args: readonly Typed[], takes: string): MillraceError {
  const given = args.map(({node, type}) => `${printExpression(node)} (${type ?? 'null'})`).join(', ');
  return new MillraceError('DEFINITION_INVALID', `'${fn}' ${takes}, and was given ${given}.`);
}
