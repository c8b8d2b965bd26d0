// Random expressions of given types, of all functions whose forms agree to the bit (tests).
import fc from 'fast-check';
import type {TypeName, Value} from '../../../protocol/index.ts';
import {callType, type Typed} from '../call-type.ts';
import type {Kind} from '../functions/function-spec.ts';
import {FUNCTIONS, type FunctionName, functionSpec} from '../functions.ts';
import {EDGE_SCHEMA, STRINGS} from './edge-rows.ts';

/** Functions of a language's own mathematical library: correct to some units in the last place. */
export const APPROXIMATE: ReadonlySet<string> = new Set<FunctionName>([
  ...(['power', 'exp', 'log', 'log1p', 'sin', 'cos', 'distance', 'bearing'] as const),
]);

const EXACT = (Object.keys(FUNCTIONS) as FunctionName[]).filter(name => !APPROXIMATE.has(name));

const literal = (value: Value, type: TypeName): Typed => ({node: {op: 'literal', value}, type});
const columns = (types: readonly TypeName[]): Typed[] =>
  Object.entries(EDGE_SCHEMA)
    .filter(([name, {type}]) => types.includes(type) && name !== 'zone')
    .map(([name, {type}]) => ({node: {op: 'column', name, type}, type}));

const LEAVES: Record<'number' | 'string' | 'bool' | 'time', fc.Arbitrary<Typed>> = {
  number: fc.oneof(
    {weight: 3, arbitrary: fc.constantFrom(...columns(['number', 'int']))},
    {
      weight: 1,
      arbitrary: fc
        .oneof(fc.integer({min: -30, max: 30}), fc.double({noNaN: true, noDefaultInfinity: true}))
        .map(x => literal(x === 0 ? 0 : x, 'number')),
    },
  ),
  string: fc.oneof(
    {weight: 3, arbitrary: fc.constantFrom(...columns(['string']))},
    {weight: 1, arbitrary: fc.constantFrom(...STRINGS.filter(s => s !== null)).map(s => literal(s, 'string'))},
    {
      weight: 1,
      arbitrary: fc
        .string({unit: 'binary', maxLength: 6})
        .filter(isStorable)
        .map(s => literal(s, 'string')),
    },
  ),
  bool: fc.constantFrom(...columns(['bool']), literal(true, 'bool'), literal(false, 'bool')),
  time: fc.oneof(
    fc.constantFrom(...columns(['time'])),
    fc.integer({min: Date.UTC(1971, 0), max: Date.UTC(2037, 0)}).map(ms => literal(ms, 'time')),
  ),
};

/** Neither NUL, which DuckDB's text cannot hold, nor a byte order mark, which the reading of a result drops. */
function isStorable(text: string): boolean {
  return !text.includes('\0') && !text.includes('\ufeff');
}

const ZONE: fc.Arbitrary<Typed> = fc.oneof(
  fc.constantFrom('Europe/Athens', 'America/St_Johns', 'Asia/Kathmandu').map(zone => literal(zone, 'string')),
  fc.constant<Typed>({node: {op: 'column', name: 'zone', type: 'string'}, type: 'string'}),
);

const PATTERNS = [
  '[a-z]+',
  '^(\\w+)',
  'e$',
  '.',
  '(?:a|b)+?(c)?',
  '[^a-zß😀]',
  '\\d{1,3}',
  '\\.',
  '(^|x)',
  'l(i|l)',
  '[ \\t\\n]$',
];

const small = (min: number, max: number): fc.Arbitrary<Typed> => fc.integer({min, max}).map(i => literal(i, 'number'));

/** Arguments that only some values of their type fit. */
const PARTICULAR: {readonly [F in FunctionName]?: readonly fc.Arbitrary<Typed>[]} = {
  hash: [small(1, 2 ** 24), small(0, 3)],
  hashedWords: [small(8, 8), small(0, 7)],
  substring: [small(0, 8), small(0, 8)],
  bucket: [small(-5, -5), small(0, 0), small(2, 2)],
  isIn: [small(0, 1), small(3, 3)],
  since: [LEAVES.time, fc.constantFrom(1, 1_000, 3_600_000).map(unit => literal(unit, 'number'))],
};

type Side = keyof typeof LEAVES;
const sideOf = (type: TypeName): Side => (type === 'int' ? 'number' : (type as Side));

/** A tree of that type, `depth` calls deep at most. */
export function tree(type: Side, depth: number): fc.Arbitrary<Typed> {
  if (depth === 0) return LEAVES[type];
  const calls = EXACT.filter(fn => {
    const {result} = functionSpec(fn);
    return result === 'alike' || sideOf(result) === type;
  }).map(fn => callOf(fn, type, depth - 1));
  return fc.oneof({weight: 1, arbitrary: LEAVES[type]}, {weight: 6, arbitrary: fc.oneof(...calls)});
}

function callOf(fn: FunctionName, type: Side, depth: number): fc.Arbitrary<Typed> {
  const {takes, result, alike} = functionSpec(fn);
  const arbitrary = (shared: Side) =>
    fc
      .tuple(
        ...takes.map((kind, i) => (i > 0 ? PARTICULAR[fn]?.[i - 1] : undefined) ?? argument(kind, shared, depth)),
        ...(PARTICULAR[fn] ?? []).slice(takes.length - 1),
      )
      .map(args => ({node: {op: 'call' as const, fn, args: args.map(({node}) => node)}, type: callType(fn, args)}));
  if (result === 'alike') return arbitrary(type);
  if (alike === undefined || fn === 'isIn') return arbitrary('number');
  const sides: Side[] = takes[0] === 'any' ? ['number', 'string', 'bool', 'time'] : ['number', 'string', 'time'];
  return fc.constantFrom(...sides).chain(arbitrary);
}

function argument(kind: Kind, shared: Side, depth: number): fc.Arbitrary<Typed> {
  if (kind === 'zone') return ZONE;
  if (kind === 'pattern') return fc.constantFrom(...PATTERNS).map(pattern => literal(pattern, 'string'));
  return tree(kind === 'any' || kind === 'ordered' ? shared : kind, depth);
}
