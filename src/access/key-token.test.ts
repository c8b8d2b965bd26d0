import {createHash, randomBytes} from 'node:crypto';
import {describe, expect, test} from 'vitest';
import {hashMatches, hashOf, makeToken, parseToken, tokenText, withoutSecrets} from './key-token.ts';

const token = makeToken(size => Uint8Array.from({length: size}, (_, i) => i * 7));
const text = tokenText(token);

describe('a token', () => {
  test('has a short id and 256 bits that are secret', () => {
    expect(text).toMatch(/^mrk_[0-9a-f]{16}_[\w-]{43}$/);
    expect(Buffer.from(token.secret, 'base64url')).toHaveLength(32);
    expect(parseToken(text)).toEqual(token);
    expect(tokenText(makeToken(randomBytes))).not.toBe(tokenText(makeToken(randomBytes)));
  });

  test.each([
    '',
    'mrk_',
    text.slice(0, -1),
    `${text}x`,
    text.replace('mrk_', 'mrx_'),
    text.replace(/^(.{20})_/, '$1-'),
  ])('%j is none', given => expect(parseToken(given)).toBeNull());

  test('is known by the SHA-256 of its secret alone', () => {
    const kept = hashOf(token.secret);
    expect(kept).toEqual(createHash('sha256').update(token.secret).digest());
    expect(hashMatches(token.secret, kept)).toBe(true);
    for (let i = 0; i < token.secret.length; i++) {
      const other = token.secret[i] === 'A' ? 'B' : 'A';
      expect(hashMatches(token.secret.slice(0, i) + other + token.secret.slice(i + 1), kept)).toBe(false);
    }
  });

  test('loses its secret in a text that is to be kept', () => {
    expect(withoutSecrets(`gave ${text} to {"a":"${text}"}`)).toBe(
      `gave mrk_${token.id}_… to {"a":"mrk_${token.id}_…"}`,
    );
  });

  test('is compared by hash, in constant time: a secret that is almost right is compared with nothing near', () => {
    const near = `${token.secret.slice(0, -1)}A`;
    const [a, b] = [hashOf(near), hashOf(token.secret)];
    expect(a.filter((byte, i) => byte === b[i]).length).toBeLessThan(8);
  });
});
