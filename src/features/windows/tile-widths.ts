/** Widths of the tiles (ms), each a divisor of the next: 1 s, 10 s, 1 min, 5 min, 1 h, 6 h, 1 d, 16 d. */
export const WIDTHS: readonly number[] = [
  1_000, 10_000, 60_000, 300_000, 3_600_000, 21_600_000, 86_400_000, 1_382_400_000,
];

/** The level of the tiles that a lifetime is made of; from it on, all tiles that a window can see are kept. */
export const HOURS = 4;
