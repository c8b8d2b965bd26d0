/** Which positions the killed process erases from [from, to): every third. */
export const erasedBetween = (from: number, to: number): number[] =>
  Array.from({length: Math.ceil((to - from) / 3)}, (_, i) => from + 3 * i);
