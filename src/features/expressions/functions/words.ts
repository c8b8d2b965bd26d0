// White space and words, by classes that are written out: what \s and \w mean differs between languages.

/** The characters of Unicode's White_Space (PropList.txt); a class of a regular expression in JavaScript, RE2 and Java. */
const SPACE_RANGES: readonly (readonly [number, number])[] = [
  [0x09, 0x0d],
  [0x20, 0x20],
  [0x85, 0x85],
  [0xa0, 0xa0],
  [0x1680, 0x1680],
  [0x2000, 0x200a],
  [0x2028, 0x2029],
  [0x202f, 0x202f],
  [0x205f, 0x205f],
  [0x3000, 0x3000],
];

/** ASCII that is no letter and no digit. */
const PUNCTUATION_RANGES: typeof SPACE_RANGES = [
  [0x01, 0x2f],
  [0x3a, 0x40],
  [0x5b, 0x60],
  [0x7b, 0x7f],
];

const classOf = (ranges: typeof SPACE_RANGES, code: (hex: string) => string): string =>
  `[${ranges.map(([from, to]) => `${code(from.toString(16))}-${code(to.toString(16))}`).join('')}]`;

const inJs = (hex: string) => `\\u{${hex}}`;
const inSql = (hex: string) => `\\x{${hex}}`;

/** As patterns in SQL; backslashes are as the regular expression has them. */
export const SPACE_PATTERN: string = classOf(SPACE_RANGES, inSql);
export const SEPARATOR_PATTERN: string = classOf([...PUNCTUATION_RANGES, ...SPACE_RANGES.slice(2)], inSql);

const SPACE = classOf(SPACE_RANGES, inJs);
const SPACES = new RegExp(`${SPACE}+`, 'gu');
const OUTER_SPACES = new RegExp(`^${SPACE}+|${SPACE}+$`, 'gu');
const SEPARATORS = new RegExp(`${classOf([...PUNCTUATION_RANGES, ...SPACE_RANGES.slice(2)], inJs)}+`, 'u');

export const trim = (text: string): string => text.replace(OUTER_SPACES, '');

/** Runs of white space become one space, none at the ends. */
export const collapse = (text: string): string => trim(text).replace(SPACES, ' ');

/** Runs of characters other than white space and ASCII punctuation. */
export const wordsOf = (text: string): string[] => text.split(SEPARATORS).filter(word => word !== '');
