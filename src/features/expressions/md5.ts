// The first 32 bits of MD5 (RFC 1321). Not for secrets: of all hashes of strings, it is the one that DuckDB and
// Spark both have, and it is small enough to run in a browser.

const SHIFTS = [7, 12, 17, 22, 5, 9, 14, 20, 4, 11, 16, 23, 6, 10, 15, 21];
/** floor(2^32 · |sin(i + 1)|), section 3.4 of the RFC. */
const SINES = Int32Array.from({length: 64}, (_, i) => Math.floor(Math.abs(Math.sin(i + 1)) * 2 ** 32));

const encoder = new TextEncoder();
let bytes = new Uint8Array(256);
let view = new DataView(bytes.buffer);
const words = new Int32Array(16);

/** The first eight hexadecimal digits of MD5 of the UTF-8 bytes of `text`, as a number. */
export function md5Prefix(text: string): number {
  const end = pad(text);
  let a = 0x67452301;
  let b = 0xefcdab89 | 0;
  let c = 0x98badcfe | 0;
  let d = 0x10325476;
  for (let block = 0; block < end; block += 64) {
    for (let i = 0; i < 16; i++) words[i] = view.getInt32(block + i * 4, true);
    const [a0, b0, c0, d0] = [a, b, c, d];
    for (let i = 0; i < 64; i++) {
      const round = i >> 4;
      const mixed =
        round === 0 ? (b & c) | (~b & d) : round === 1 ? (d & b) | (~d & c) : round === 2 ? b ^ c ^ d : c ^ (b | ~d);
      const from = round === 0 ? i : round === 1 ? (5 * i + 1) & 15 : round === 2 ? (3 * i + 5) & 15 : (7 * i) & 15;
      const sum = (a + mixed + SINES[i]! + words[from]!) | 0;
      const shift = SHIFTS[round * 4 + (i & 3)]!;
      a = d;
      d = c;
      c = b;
      b = (b + ((sum << shift) | (sum >>> (32 - shift)))) | 0;
    }
    a = (a + a0) | 0;
    b = (b + b0) | 0;
    c = (c + c0) | 0;
    d = (d + d0) | 0;
  }
  // The digest begins with the bytes of `a`, the lowest first.
  return (((a & 0xff) << 24) | ((a & 0xff00) << 8) | ((a >>> 8) & 0xff00) | (a >>> 24)) >>> 0;
}

/** Writes `text`, a one bit, zeros and the length in bits; returns the length in bytes, a multiple of 64. */
function pad(text: string): number {
  if (text.length * 3 + 72 > bytes.length) {
    bytes = new Uint8Array(text.length * 6 + 72);
    view = new DataView(bytes.buffer);
  }
  const {written} = encoder.encodeInto(text, bytes);
  const end = (written + 72) & ~63;
  bytes.fill(0, written, end);
  bytes[written] = 0x80;
  view.setUint32(end - 8, written << 3, true);
  view.setUint32(end - 4, Math.floor(written / 2 ** 29), true);
  return end;
}
