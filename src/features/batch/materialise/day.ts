/** UTC days, named as 2001-04-01. */
export const DAY_MS = 86_400_000;

/** The days that overlap [from, to), each by the instant at which it begins. */
export function daysBetween(from: number, to: number): number[] {
  const days: number[] = [];
  for (let day = Math.floor(from / DAY_MS) * DAY_MS; day < to; day += DAY_MS) days.push(day);
  return days;
}

export const dayName = (day: number): string => new Date(day).toISOString().split('T')[0]!;
