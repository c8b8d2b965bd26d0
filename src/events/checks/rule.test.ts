import fc from 'fast-check';
import {expect, test} from 'vitest';
import {type ColumnData, type Schema, type Type, t} from '../../protocol/index.ts';
import {events} from '../source.ts';
import {type Check, inRange, matches, oneOf} from './check.ts';
import {cellValue, compileRules} from './rule.ts';

const NULL = Number.NaN;
const base = {id: t.string, at: t.time};

/** Which rows of a column break which check. */
function broken(type: Type<unknown>, data: ColumnData, ...checks: Check<'x'>[]): Record<string, number[]> {
  const schema: Schema = {...base, x: type};
  const source = events('s', {schema, time: 'at' as never, id: 'id' as never, checks: checks as never});
  const batch = {count: data.length, columns: {x: data}};
  const found: Record<string, number[]> = {};
  for (const rule of compileRules(source).filter(rule => rule.column === 'x')) {
    const codes = new Uint16Array(data.length);
    const any = rule.mark(batch, codes, 7);
    const rows = [...codes.keys()].filter(i => codes[i] === 7);
    expect(any).toBe(rows.length > 0);
    found[rule.check] = rows;
  }
  return found;
}

const numbers = (...values: number[]) => Float64Array.from(values);

test('null breaks only the null rule, and only where the schema forbids it', () => {
  expect(broken(t.number, numbers(1, NULL), inRange('x', {min: 0}))).toEqual({null: [1], type: [], 'x at least 0': []});
  expect(broken(t.number.orNull(), numbers(1, NULL))).toEqual({type: []});
  expect(broken(t.string, ['a', null], oneOf('x', ['a']))).toEqual({null: [1], 'x one of a': []});
  expect(broken(t.string.orNull(), ['a', null], matches('x', 'a'))).toEqual({'x matches a': []});
});

test('a number is finite', () => {
  expect(broken(t.number, numbers(0, -1.5, Infinity, -Infinity, 1e308)).type).toEqual([2, 3]);
});

test('an int is a safe integer', () => {
  expect(broken(t.int, numbers(0, -5, 1.5, 2 ** 53, 2 ** 53 - 1, Infinity)).type).toEqual([2, 3, 5]);
});

test('a bool is 0 or 1', () => {
  expect(broken(t.bool, numbers(0, 1, 2, -1, 0.5)).type).toEqual([2, 3, 4]);
});

test('a time is a whole number of milliseconds that a Date can hold', () => {
  expect(broken(t.time, numbers(0, -8.64e15, 8.64e15 + 1, 1.5, Infinity)).type).toEqual([2, 3, 4]);
});

test('a range holds its bounds', () => {
  expect(broken(t.int, numbers(0, 1, 5, 6), inRange('x', {min: 1, max: 5}))['x between 1 and 5']).toEqual([0, 3]);
  expect(broken(t.int, numbers(0, 1), inRange('x', {min: 1}))['x at least 1']).toEqual([0]);
  expect(broken(t.int, numbers(0, 1), inRange('x', {max: 0}))['x at most 0']).toEqual([1]);
});

test('a set compares whole texts', () => {
  expect(broken(t.string, ['GR', 'gr', '', 'GRE'], oneOf('x', ['GR', 'DE']))['x one of GR, DE']).toEqual([1, 2, 3]);
});

test('a pattern matches the whole text, alternatives included', () => {
  expect(broken(t.string, ['ab', 'a', 'xb', 'b'], matches('x', 'a|b'))['x matches a|b']).toEqual([0, 2]);
});

test('an empty id breaks the id rule', () => {
  const source = events('s', {schema: base, time: 'at', id: 'id'});
  const rule = compileRules(source).find(rule => rule.check === 'id')!;
  const codes = new Uint16Array(2);
  expect(rule.mark({count: 2, columns: {id: ['', 'a']}}, codes, 1)).toBe(true);
  expect([...codes]).toEqual([1, 0]);
});

test('the first rule that a row breaks keeps it', () => {
  const source = events('s', {schema: base, time: 'at', id: 'id', checks: [matches('id', 'a')]});
  const codes = new Uint16Array(1).fill(3);
  const batch = {count: 1, columns: {id: ['b']}};
  for (const rule of compileRules(source).filter(rule => rule.column === 'id')) rule.mark(batch, codes, 9);
  expect([...codes]).toEqual([3]);
});

test('a refused cell keeps its value as JSON', () => {
  const cells = fc.oneof(fc.double(), fc.integer(), fc.constantFrom(Infinity, -Infinity, NULL, 1e300, 9e15));
  fc.assert(
    fc.property(cells, fc.constantFrom('number', 'int', 'bool', 'time'), (value, type) => {
      const json = JSON.parse(JSON.stringify(cellValue(numbers(value), type, 0))) as string | number | boolean | null;
      const isIsoText = typeof json === 'string' && json.endsWith('Z');
      const back = json === null ? NULL : isIsoText ? Date.parse(json) : Number(json);
      expect(back + 0).toBe(value + 0);
    }),
    {seed: 1},
  );
});
