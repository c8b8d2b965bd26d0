/** UTF-16 code units from `low` to `high`, both included. */
export type UnitRange = readonly [low: number, high: number];

/** A regular expression as a tree: what remains of it once its text is read. */
export type PatternNode =
  | {readonly kind: 'unit'; readonly of: readonly UnitRange[]}
  | {readonly kind: 'sequence'; readonly items: readonly PatternNode[]}
  | {readonly kind: 'choice'; readonly options: readonly PatternNode[]}
  /** `most` null: without end. */
  | {readonly kind: 'repeat'; readonly item: PatternNode; readonly least: number; readonly most: number | null};

const LAST = 0xffff;

/** All units that are in none of the ranges. */
export function unitsBut(ranges: readonly UnitRange[]): UnitRange[] {
  const rest: UnitRange[] = [];
  let from = 0;
  for (const [low, high] of ranges.toSorted((a, b) => a[0] - b[0])) {
    if (low > from) rest.push([from, low - 1]);
    from = Math.max(from, high + 1);
  }
  if (from <= LAST) rest.push([from, LAST]);
  return rest;
}

const range = (low: string, high = low): UnitRange => [low.charCodeAt(0), high.charCodeAt(0)];
const DIGITS = [range('0', '9')];
const WORD = [...DIGITS, range('A', 'Z'), range('_'), range('a', 'z')];
// ECMAScript WhiteSpace and LineTerminator.
const SPACE: readonly UnitRange[] = [
  [9, 13],
  range(' '),
  [0xa0, 0xa0],
  [0x1680, 0x1680],
  [0x2000, 0x200a],
  [0x2028, 0x2029],
  [0x202f, 0x202f],
  [0x205f, 0x205f],
  [0x3000, 0x3000],
  [0xfeff, 0xfeff],
];

/** `\d`, `\W` and their like, by their letter. */
export const CLASSES: Readonly<Record<string, readonly UnitRange[]>> = {
  d: DIGITS,
  D: unitsBut(DIGITS),
  w: WORD,
  W: unitsBut(WORD),
  s: SPACE,
  S: unitsBut(SPACE),
};

/** What `.` stands for: anything but the end of a line. */
export const ANY_BUT_LINE_END = unitsBut([
  [10, 10],
  [13, 13],
  [0x2028, 0x2029],
]);
