import {createHash} from 'node:crypto';
import fc from 'fast-check';
import {describe, expect, test} from 'vitest';
import {MillraceError} from '../../../protocol/index.ts';
import {openDuckDb} from '../../../stores/duckdb/index.ts';
import {md5Prefix} from '../md5.ts';
import {regexOf, regexSql} from '../regex.ts';
import {lower, upper} from './letter-case.ts';
import {textBefore} from './text-order.ts';

test('every character of Unicode has the case in JavaScript that it has in DuckDB', async () => {
  const sql = await openDuckDb();
  const wrong: string[] = [];
  // The byte order mark is left out, because the reading of a result drops it.
  const query = `SELECT i, lower(chr(CAST(i AS INT))) AS l, upper(chr(CAST(i AS INT))) AS u
    FROM range(1, 1114112) AS t(i) WHERE i NOT BETWEEN 55296 AND 57343 AND i <> 65279`;
  for await (const {count, columns} of sql.stream(query))
    for (let row = 0; row < count; row++) {
      const c = String.fromCodePoint(columns.i![row] as number);
      if (lower(c) !== columns.l![row] || upper(c) !== columns.u![row]) wrong.push(c);
    }
  await sql.close();
  expect(wrong).toEqual([]);
});

test('texts are in the order of their UTF-8 bytes', () => {
  const text = fc.string({unit: 'binary', maxLength: 4});
  fc.assert(
    fc.property(text, text, (a, b) => textBefore(a, b) === Buffer.compare(Buffer.from(a), Buffer.from(b)) < 0),
    {numRuns: 500, seed: 1},
  );
});

test('the hash is the beginning of MD5, whatever the length', () => {
  const md5 = (text: string) => Number.parseInt(createHash('md5').update(text).digest('hex').slice(0, 8), 16);
  expect(md5Prefix('abc')).toBe(0x90015098); // RFC 1321, A.5
  for (let length = 0; length < 400; length++) expect(md5Prefix('x'.repeat(length))).toBe(md5('x'.repeat(length)));
  fc.assert(
    fc.property(fc.string({unit: 'binary', maxLength: 90}), text => md5Prefix(text) === md5(text)),
    {numRuns: 2_000, seed: 2},
  );
});

describe('a pattern', () => {
  test.each([
    ['^a.b$', '(^a[^\\n]b\\z)'],
    ['\\d+(\\w)', '[0-9]+([0-9A-Za-z_])'],
    ['[^a-z_\\d-]{2,3}?', '([^a-z\\x{5f}0-9\\x{2d}]{2,3}?)'],
    ['(?:x|y)*\\.', '((?:x|y)*\\.)'],
  ])('%s is written out for engines', (pattern, sql) => expect(regexSql(pattern)).toBe(sql));

  test.each([
    ['a\\b', '\\b'],
    ['\\s+', '\\s'],
    ['(?=a)', "begins with '(?'"],
    ['(a)\\1', '\\1'],
    ['(a*)*', 'after what may be empty'],
    ['(a)+', 'after a group that captures'],
    ['(a)(b)', 'more than one capturing group'],
    ['(a)|(b)', 'more than one capturing group'],
    ['(a', "'(' without ')'"],
    ['a)', "')' without '('"],
    ['[z-a]', 'range'],
    ['[a', "'[' without ']'"],
    ['a**', 'nothing to repeat'],
    ['a{2,1}', '{2,1}'],
    ['[[:alpha:]]', "'[' inside a class"],
  ])('%s is refused', (pattern, why) => expect(() => regexOf(pattern)).toThrow(why));

  test('means in DuckDB what it means in JavaScript', async () => {
    const sql = await openDuckDb();
    const atom = fc.constantFrom('a', 'b', '.', '[ab]', '[^a]', 'é', '😀', '\\d', '\\w', '\\.', '[-x]', '\\n');
    const repeated = fc
      .tuple(atom, fc.constantFrom('', '*', '+', '?', '{1,2}', '*?', '+?'))
      .map(parts => parts.join(''));
    const sequence = fc.array(repeated, {minLength: 1, maxLength: 3}).map(parts => parts.join(''));
    const pattern = fc
      .tuple(fc.constantFrom('', '^'), sequence, sequence, fc.constantFrom('', '?'), sequence, fc.constantFrom('', '$'))
      .map(([start, a, b, maybe, rest, end]) => `${start}${a}(${b}|c)${maybe}${rest}${end}`)
      .filter(isAllowed);
    const texts = ['', 'a', 'ab', 'ba.', 'aab\n', 'x-1', 'é😀a', 'cab', 'a\nb', 'bbb_', 'abc\r'];
    await fc.assert(
      fc.asyncProperty(fc.array(pattern, {minLength: 30, maxLength: 30}), async patterns => {
        const list = patterns.flatMap((p, i) => {
          const sqlPattern = `'${regexSql(p)}'`;
          return `CASE WHEN regexp_matches(s, ${sqlPattern}) THEN regexp_extract(s, ${sqlPattern}, 1) END AS p${i}`;
        });
        const values = texts.map((s, i) => `(${i}, '${s}')`).join(', ');
        const rows = await sql.rows(`SELECT ${list.join(', ')} FROM (VALUES ${values}) AS t(i, s) ORDER BY i`);
        for (const [i, p] of patterns.entries())
          for (const [row, s] of texts.entries()) {
            const match = regexOf(p).exec(s);
            expect(rows[row]![`p${i}`], `${p} in ${JSON.stringify(s)}`).toBe(match === null ? null : (match[1] ?? ''));
          }
      }),
      {numRuns: 10, seed: 6},
    );
    await sql.close();
  });
});

function isAllowed(pattern: string): boolean {
  try {
    return regexSql(pattern) !== '';
  } catch (error) {
    if (error instanceof MillraceError) return false;
    throw error;
  }
}
