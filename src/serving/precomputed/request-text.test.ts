import fc from 'fast-check';
import {expect, test} from 'vitest';
import {t} from '../../protocol/index.ts';
import type {RequestFields} from '../request.ts';
import {requestText} from './request-text.ts';

const schema = {user: t.string, amount: t.number.orNull(), ok: t.bool, '"odd",': t.string.orNull()};
const value = fc.oneof(
  fc.string({unit: 'grapheme'}),
  fc.double({noNaN: true, noDefaultInfinity: true}),
  fc.constantFrom(0, -0, '0', '-0', 'null', '', ',', '"', null, true, 'true'),
);
const request = fc.record({user: value, amount: value, ok: value, '"odd",': value}) as fc.Arbitrary<RequestFields>;
const text = requestText(schema);

test('a text stands for one request only, and gives it back', () => {
  fc.assert(
    fc.property(request, request, (a, b) => {
      const equal = Object.keys(schema).every(field => Object.is(a[field], b[field]));
      expect(text.encode(a) === text.encode(b)).toBe(equal);
      expect(text.decode(text.encode(a))).toEqual(Object.fromEntries(text.fields.map(f => [f, a[f]])));
    }),
    {seed: 3, numRuns: 500},
  );
});

test('neither the order of the fields nor that of the schema matters, and what is absent counts as null', () => {
  const other = requestText(Object.fromEntries(Object.entries(schema).reverse()));
  const a = {user: 'u', amount: -0, ok: true, '"odd",': null};
  const b = {ok: true, amount: -0, user: 'u'};
  expect(other.encode(b)).toBe(text.encode(a));
  expect(text.encode({...b, amount: 0})).not.toBe(text.encode(a));
});
