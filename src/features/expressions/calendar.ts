// Parts of a local time. A local time is a number: the milliseconds at which UTC would show the same.
// Years and months are those of the Gregorian calendar.

const MINUTE_MS = 60_000;
const HOUR_MS = 3_600_000;
const DAY_MS = 86_400_000;

/** Read in place, because a new Date per row is what would cost. */
const scratch = new Date(0);
const dateOf = (local: number): Date => {
  scratch.setTime(local);
  return scratch;
};
const dayOf = (local: number): number => Math.floor(local / DAY_MS);

export const minuteOf = (local: number): number => Math.floor(local / MINUTE_MS) - Math.floor(local / HOUR_MS) * 60;
export const hourOf = (local: number): number => Math.floor(local / HOUR_MS) - dayOf(local) * 24;

/** ISO day of the week: Monday 1 to Sunday 7. */
export const weekdayOf = (local: number): number => ((((dayOf(local) + 3) % 7) + 7) % 7) + 1; // 1970-01-01 was a Thursday

export const dayOfMonthOf = (local: number): number => dateOf(local).getUTCDate();
export const monthOf = (local: number): number => dateOf(local).getUTCMonth() + 1;
export const yearOf = (local: number): number => dateOf(local).getUTCFullYear();
export const dayOfYearOf = (local: number): number => dayOf(local) - dayOf(startOfYear(local)) + 1;

/** ISO 8601 week, 1 to 53: the week belongs to the year of its Thursday. */
export function weekOf(local: number): number {
  const thursday = local + (4 - weekdayOf(local)) * DAY_MS;
  return Math.ceil(dayOfYearOf(thursday) / 7);
}

export const startOfDay = (local: number): number => dayOf(local) * DAY_MS;
/** Weeks begin on Monday. */
export const startOfWeek = (local: number): number => startOfDay(local) - (weekdayOf(local) - 1) * DAY_MS;
export const startOfMonth = (local: number): number => startOfDay(local) - (dayOfMonthOf(local) - 1) * DAY_MS;
export const startOfYear = (local: number): number => Date.UTC(yearOf(local), 0);
