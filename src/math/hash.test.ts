import {expect, test} from 'vitest';
import {hash53, hashUnit, murmur3} from './hash.ts';

test('murmur3 agrees with the reference in words', () => {
  // Python mmh3 5.3.1: mmh3.hash_bytes(text, seed, x64arch=False), as little-endian uint32.
  const golden: [string, number, number[]][] = [
    ['', 0, [0, 0, 0, 0]],
    ['', 42, [2943167670, 2512915642, 2512915642, 2512915642]],
    ['a', 0, [2811532092, 1431744539, 1431744539, 1431744539]],
    ['abc', 42, [1540296638, 2269232105, 2269232105, 2269232105]],
    ['hello', 0, [723797152, 3683770103, 2598056374, 2598056374]],
    ['hello, world', 0, [2334220380, 3115944478, 2468821635, 3948500935]],
    ['The quick brown fox jumps over the lazy dog', 0, [789939139, 3975031911, 1568405100, 3857259820]],
    ['The quick brown fox jumps over the lazy dog', 42, [2965806105, 2986186183, 80168637, 3058683884]],
    ['Θεσσαλονίκη ✈ 🛫', 0, [220121138, 3333601333, 2167151698, 3503085402]],
    ['Θεσσαλονίκη ✈ 🛫', 42, [935236125, 3211109873, 1809242686, 2737072434]],
  ];
  for (const [text, seed, words] of golden) expect(murmur3(text, seed)).toEqual(words);
});

test('a hash does not depend on what was hashed before', () => {
  const before = hash53('short');
  hash53('x'.repeat(5000));
  hash53('ώ'.repeat(5000));
  expect(hash53('short')).toBe(before);
});

test('hashUnit spreads near names evenly over [0, 1)', () => {
  const counts = new Float64Array(100);
  for (let i = 0; i < 100_000; i++) counts[Math.floor(hashUnit(`user-${i}`, 'rollout') * 100)]! += 1;
  const chiSquare = counts.reduce((sum, count) => sum + (count - 1000) ** 2 / 1000, 0);
  expect(chiSquare).toBeLessThan(148.2); // scipy.stats.chi2.isf(0.001, 99) = 148.23
});

test('two salts place the same units independently', () => {
  let both = 0;
  for (let i = 0; i < 40_000; i++)
    if (hashUnit(`user-${i}`, 'canary-1') < 0.5 && hashUnit(`user-${i}`, 'canary-2') < 0.5) both++;
  expect(Math.abs(both - 10_000)).toBeLessThan(347); // 4 standard deviations of a binomial with p = 1/4
});

test('where the salt ends matters', () => {
  expect(hashUnit('bc', 'a')).not.toBe(hashUnit('c', 'ab'));
});
