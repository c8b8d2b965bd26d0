// Weeks of rows with one change in them, for all tools alike: numbers n0 to n5 and categories c0 and c1.
import {writeFileSync} from 'node:fs';
import {normal, type Random, seededRandom} from '../../src/math/index.ts';

export const NUMBERS = 6;
export const CATEGORIES = 2;
export const NAMES = [
  ...Array.from({length: NUMBERS}, (_, i) => `n${i}`),
  ...Array.from({length: CATEGORIES}, (_, i) => `c${i}`),
];
const VALUES = 'abcdefghij';
export const REFERENCE_ROWS = 10_000;

/** Weeks before the change, and in all. */
export const BEFORE = 6;
export const WEEKS = 14;

export type StreamChange = {
  readonly name: string;
  readonly subject: string;
  /** The value of a row, so many weeks after the change (0: in its first week). */
  readonly apply: (value: number | string | null, week: number, random: Random) => number | string | null;
};

const ofNumber =
  (change: (value: number, week: number, random: Random) => number | null): StreamChange['apply'] =>
  (value, week, random) =>
    change(value as number, week, random);

export const STREAM_CHANGES: readonly StreamChange[] = [
  {name: 'nothing', subject: '', apply: value => value},
  {name: '0.5 σ', subject: 'n0', apply: ofNumber(value => value + 0.5)},
  {name: 'gradual, 0.1 σ a week', subject: 'n0', apply: ofNumber((value, week) => value + 0.1 * (week + 1))},
  {name: 'unit × 1,000', subject: 'n0', apply: ofNumber(value => value * 1_000)},
  {name: 'all null', subject: 'n0', apply: ofNumber(() => null)},
  {name: 'a tenth null', subject: 'n0', apply: ofNumber((value, _, random) => (random() < 0.1 ? null : value))},
  {
    name: 'a category vanishes',
    subject: 'c0',
    apply: (value, _, random) =>
      value === 'b' ? VALUES[Math.floor(random() * VALUES.length)]!.replace('b', 'a') : value,
  },
];

export type StreamRow = readonly (number | string | null)[];

/** The rows of week -1 (the reference), 0, 1, … in order. */
export function* streamOf(change: StreamChange, rows: number, seed: number): Generator<readonly [number, StreamRow]> {
  const random = seededRandom(seed);
  const changed = NAMES.indexOf(change.subject);
  for (let week = -1; week < WEEKS; week++)
    for (let i = 0; i < (week < 0 ? REFERENCE_ROWS : rows); i++) {
      const row: (number | string | null)[] = NAMES.map(name =>
        name.startsWith('n') ? normal(random) : VALUES[Math.floor(VALUES.length * random() ** 2)]!,
      );
      if (week >= BEFORE && changed >= 0) row[changed] = change.apply(row[changed]!, week - BEFORE, random);
      yield [week, row];
    }
}

/** The same as a file of comma-separated values with a head, an empty field for a missing value. */
export function writeStream(file: string, change: StreamChange, rows: number, seed: number): void {
  const lines = [['week', ...NAMES].join()];
  for (const [week, row] of streamOf(change, rows, seed)) lines.push([week, ...row.map(value => value ?? '')].join());
  writeFileSync(file, lines.join('\n'));
}
