// Letter case, one character to one character (the simple mappings of UnicodeData.txt), because that is what
// DuckDB does: it keeps lengths, and a capital sigma is the same letter wherever it stands in a word.

/** Letters that Unicode 16 and 17 gave a case, which DuckDB (Unicode 15) does not know. */
const NEWER_UPPER = /[\u1c89\ua7cb\ua7cc\ua7ce\ua7d2\ua7d4\ua7da\ua7dc\u{10d50}-\u{10d65}\u{16ea0}-\u{16eb8}]/u;
const NEWER_LOWER = /[\u019b\u0264\u1c8a\ua7cd\ua7cf\ua7d3\ua7d5\ua7db\u{10d70}-\u{10d85}\u{16ebb}-\u{16ed3}]/u;

/** Small letters whose capitals are several characters in full, and one in simple mappings; then those. */
export const SMALL = 'ßᾀᾁᾂᾃᾄᾅᾆᾇᾐᾑᾒᾓᾔᾕᾖᾗᾠᾡᾢᾣᾤᾥᾦᾧᾳῃῳ';
export const CAPITAL = 'ẞᾈᾉᾊᾋᾌᾍᾎᾏᾘᾙᾚᾛᾜᾝᾞᾟᾨᾩᾪᾫᾬᾭᾮᾯᾼῌῼ';
const CAPITALS = new Map([...SMALL].map((letter, i) => [letter, [...CAPITAL][i]!]));

const ASCII = /^[\0-\x7f]*$/;

export function lower(text: string): string {
  if (ASCII.test(text)) return text.toLowerCase();
  // İ would become two characters, and Σ at the end of a word another letter.
  const plain = text.replaceAll('İ', 'i').replaceAll('Σ', 'σ');
  return NEWER_UPPER.test(plain) ? byCharacter(plain, lowerOf) : plain.toLowerCase();
}

export function upper(text: string): string {
  return ASCII.test(text) ? text.toUpperCase() : byCharacter(text, upperOf);
}

const byCharacter = (text: string, map: (character: string) => string): string => Array.from(text, map).join('');

const lowerOf = (c: string): string => (NEWER_UPPER.test(c) ? c : c.toLowerCase());

function upperOf(c: string): string {
  if (NEWER_LOWER.test(c)) return c;
  const capital = CAPITALS.get(c) ?? c.toUpperCase();
  return isOne(capital) ? capital : c;
}

const isOne = (text: string): boolean => text.length === 1 || (text.length === 2 && text.codePointAt(0)! > 0xffff);
