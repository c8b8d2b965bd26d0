import fc from 'fast-check';
import {expect, test} from 'vitest';
import {LONGEST_TEXT, TextPattern} from './text-pattern.ts';

const matches = (pattern: string, text: string): boolean => new TextPattern(pattern).test(text);

// Patterns over a few characters, so that texts made at random often match.
const atom = fc.constantFrom(
  ...[
    'a',
    'b',
    '-',
    'é',
    '.',
    '\\d',
    '\\W',
    '\\s',
    '[ab]',
    '[^a]',
    '[a-c\\d]',
    '[\\d-x]',
    '\\x61',
    '\\u00e9',
    '\\.',
    '[^]',
    '[]',
  ],
);
const {pattern} = fc.letrec<{pattern: string; part: string}>(tie => ({
  part: fc.oneof(
    {depthSize: 'small'},
    atom,
    fc.tuple(atom, fc.constantFrom('*', '+', '?', '{2}', '{1,3}', '{0,}', '*?', '{2')).map(parts => parts.join('')),
    fc.tuple(tie('pattern'), fc.constantFrom('', '*', '+', '{2}')).map(([inner, many]) => `(?:${inner})${many}`),
    tie('pattern').map(inner => `(?<g>${inner})`),
  ),
  pattern: fc.oneof(
    {depthSize: 'small'},
    fc.array(tie('part'), {maxLength: 3}).map(parts => parts.join('')),
    fc.tuple(tie('part'), tie('part')).map(parts => parts.join('|')),
  ),
}));
const text = fc.array(fc.constantFrom(...'ab-é1. {2\n'), {maxLength: 6}).map(units => units.join(''));

test('matches whole texts as the regular expression does', () => {
  let matched = 0;
  fc.assert(
    fc.property(pattern, fc.array(text, {minLength: 8, maxLength: 8}), (source, texts) => {
      fc.pre(source.split('?<g>').length < 3);
      const fast = new TextPattern(source);
      const obvious = new RegExp(`^(?:${source})$`);
      for (const one of texts) {
        expect([one, fast.test(one)]).toEqual([one, obvious.test(one)]);
        if (obvious.test(one)) matched++;
      }
    }),
    {seed: 5, numRuns: 1_500},
  );
  expect(matched).toBeGreaterThan(1_000);
});

test.each([
  ['[A-Z]{3}', 'ATL', true],
  ['[A-Z]{3}', 'ATLX', false],
  ['^\\d{4}-\\d\\d$', '2001-04', true],
  ['^a$|^b$', 'b', true],
  ['', '', true],
  ['(red|green)(,(red|green))*', 'red,green,red', true],
  ['日本.*', '日本語', true],
])('%s on %j is %j', (source, one, want) => expect(matches(source, one)).toBe(want));

test('patterns that take others exponential time take none', () => {
  const nasty = ['(a+)+', '(a|a)*', '(a|aa)+', '(.*a){12}', '([a-z]+)*=', '(a?){20}a{20}'];
  const long = `${'a'.repeat(1_000)}!`;
  const started = performance.now();
  for (const source of nasty) expect(matches(source, long)).toBe(false);
  expect(performance.now() - started).toBeLessThan(1_000);
});

test('a pattern with more states than are remembered still matches', () => {
  const wide = new TextPattern('.*a.{12}'); // 8,192 states
  const obvious = /^(?:.*a.{12})$/;
  let state = 7;
  for (let i = 0; i < 500; i++) {
    const one = Array.from({length: 60}, () => {
      state = (state * 48_271) % 2_147_483_647;
      return state % 3 === 0 ? 'a' : 'b';
    }).join('');
    expect(wide.test(one)).toBe(obvious.test(one));
  }
});

test('a text beyond the longest matches nothing and is not read', () => {
  expect(matches('a*', 'a'.repeat(LONGEST_TEXT))).toBe(true);
  expect(matches('a*', 'a'.repeat(LONGEST_TEXT + 1))).toBe(false);
});

test.each([
  ['(a)\\1', /'\\1' is not offered/],
  ['(?=a)b', /looking ahead or behind/],
  ['\\bword\\b', /'\\b' is not offered/],
  ['a^b', /'\^' within the pattern/],
  ['a$b', /'\$' before the end/],
  ['(', /Unterminated group/],
  ['(?:(?:a{99}){99}){99}', /more than 2000 places/],
  ['a{9999999999}', /more than 2000 places/],
])('%s is refused, saying why', (source, message) => expect(() => new TextPattern(source)).toThrow(message));
