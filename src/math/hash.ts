/** Stable hashes of text for buckets and sticky assignment: the same on every machine, in any language. */

/**
 * A number in [0, 1) for `text`, uniform over texts and independent between salts: an experiment
 * uses its name as the salt, so that a unit's place in one says nothing about its place in another.
 */
export function hashUnit(text: string, salt: string): number {
  return hash53(`${salt}\0${text}`) / 0x20000000000000;
}

/** An integer below 2^53 for `text`: the upper bits of its MurmurHash3 x86_128 with seed 0. */
export function hash53(text: string): number {
  const [h1, h2] = murmur3(text);
  return h1 * 0x200000 + (h2 >>> 11);
}

/** MurmurHash3 x86_128 (Appleby, public domain) over the UTF-8 bytes of `text`, as four 32-bit words. */
export function murmur3(text: string, seed = 0): [number, number, number, number] {
  const length = encode(text);
  let h1 = seed;
  let h2 = seed;
  let h3 = seed;
  let h4 = seed;
  const blocksEnd = length - (length % 16);
  for (let i = 0; i < blocksEnd; i += 16) {
    h1 ^= scramble(word(i), c1, 15, c2);
    h1 = (Math.imul((rotl(h1, 19) + h2) | 0, 5) + 0x561ccd1b) | 0;
    h2 ^= scramble(word(i + 4), c2, 16, c3);
    h2 = (Math.imul((rotl(h2, 17) + h3) | 0, 5) + 0x0bcaa747) | 0;
    h3 ^= scramble(word(i + 8), c3, 17, c4);
    h3 = (Math.imul((rotl(h3, 15) + h4) | 0, 5) + 0x96cd1c35) | 0;
    h4 ^= scramble(word(i + 12), c4, 18, c1);
    h4 = (Math.imul((rotl(h4, 13) + h1) | 0, 5) + 0x32ac3b17) | 0;
  }
  // The tail is padded with zeros, and a zero word scrambles to zero.
  bytes.fill(0, length, blocksEnd + 16);
  h1 ^= scramble(word(blocksEnd), c1, 15, c2) ^ length;
  h2 ^= scramble(word(blocksEnd + 4), c2, 16, c3) ^ length;
  h3 ^= scramble(word(blocksEnd + 8), c3, 17, c4) ^ length;
  h4 ^= scramble(word(blocksEnd + 12), c4, 18, c1) ^ length;

  h1 = (h1 + h2 + h3 + h4) | 0;
  h2 = finalMix(h2 + h1);
  h3 = finalMix(h3 + h1);
  h4 = finalMix(h4 + h1);
  h1 = (finalMix(h1) + h2 + h3 + h4) | 0;
  return [h1 >>> 0, (h2 + h1) >>> 0, (h3 + h1) >>> 0, (h4 + h1) >>> 0];
}

const c1 = 0x239b961b;
const c2 = 0xab0e9789;
const c3 = 0x38b34ae5;
const c4 = 0xa1e38b93;

const rotl = (x: number, bits: number): number => (x << bits) | (x >>> (32 - bits));

const scramble = (k: number, before: number, bits: number, after: number): number =>
  Math.imul(rotl(Math.imul(k, before), bits), after);

function finalMix(x: number): number {
  let h = x | 0;
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
  return h ^ (h >>> 16);
}

const encoder = new TextEncoder();
let bytes = new Uint8Array(256);

/** Writes `text` into `bytes`, with room for a last block, and returns its length in bytes. */
function encode(text: string): number {
  if (text.length * 3 + 16 > bytes.length) bytes = new Uint8Array(text.length * 6 + 16);
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    if (code > 127) return encoder.encodeInto(text, bytes).written;
    bytes[i] = code;
  }
  return text.length;
}

const word = (i: number): number => bytes[i]! | (bytes[i + 1]! << 8) | (bytes[i + 2]! << 16) | (bytes[i + 3]! << 24);
