import {expect, test} from 'vitest';
import {parseAddress} from './address.ts';

test.each([
  ['host', ['host:9092'], false, null],
  ['a:1,b.c:2', ['a:1', 'b.c:2'], false, null],
  ['kafka://[::1]:9093/', ['[::1]:9093'], false, null],
  ['kafka://a,b?tls=true', ['a:9092', 'b:9092'], true, null],
  ['kafka://me:p%40ss%2F:w@a:1', ['a:1'], false, {mechanism: 'PLAIN', username: 'me', password: 'p@ss/:w'}],
  [
    'kafka://me:x@a,b:2/?mechanism=SCRAM-SHA-512&tls=true',
    ['a:9092', 'b:2'],
    true,
    {mechanism: 'SCRAM-SHA-512', username: 'me', password: 'x'},
  ],
])('%s', (address, brokers, tls, login) => {
  expect(parseAddress(address, 'KAFKA')).toEqual({brokers, tls, login});
});

test.each([
  '',
  'a b',
  'kafka://me:s%cret@',
  'kafka://me:secret@a@b',
  'kafka://me:s%zzcret@a',
  'http://secret',
  'me:secret@a?mechanism=secret',
])('what is no address is refused without being repeated: %s', address => {
  expect(() => parseAddress(address, 'KAFKA')).toThrow(/^What KAFKA holds (?!.*cret)/);
});
