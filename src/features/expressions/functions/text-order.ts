// Strings in the order of their UTF-8 bytes, which is the order of code points and that of SQL engines.

/** JavaScript compares UTF-16 units, which differs only where a surrogate meets a unit above it (U+E000 to U+FFFF). */
export function textBefore(a: string, b: string): boolean {
  const length = Math.min(a.length, b.length);
  for (let i = 0; i < length; i++) {
    const x = a.charCodeAt(i);
    const y = b.charCodeAt(i);
    if (x !== y) return rank(x) < rank(y);
  }
  return a.length < b.length;
}

const rank = (unit: number): number => (unit >= 0xd800 && unit <= 0xdfff ? unit + 0x10000 : unit);
