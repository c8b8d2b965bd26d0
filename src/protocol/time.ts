import {MillraceError, type Problem} from './errors.ts';

/** A length of time as people write it: `15s`, `2h`, `30d`. Inside everything is milliseconds. */
export type Duration = `${number}${'ms' | 's' | 'm' | 'h' | 'd'}`;

const UNIT_MS = {ms: 1, s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000} as const;

/** Milliseconds of a duration. Throws DEFINITION_INVALID for anything else than a number and a unit. */
export function durationMs(duration: Duration): number {
  const match = /^(\d+(?:\.\d+)?)(ms|s|m|h|d)$/.exec(duration);
  if (!match)
    throw new MillraceError('DEFINITION_INVALID', `'${duration}' is not a duration.`, {
      fix: 'Write a number and a unit of ms, s, m, h or d, such as 30m or 7d.',
    });
  return Number(match[1]) * UNIT_MS[match[2] as keyof typeof UNIT_MS];
}

/** The same, for a definition that names all its problems at once: one more of them, and NaN, instead of an error. */
export function checkedDurationMs(duration: Duration, path: string, problems: Problem[]): number {
  try {
    return durationMs(duration);
  } catch (error) {
    if (!(error instanceof MillraceError)) throw error;
    problems.push({path, message: error.message, ...(error.fix === undefined ? {} : {fix: error.fix})});
    return Number.NaN;
  }
}

/** `3 min 12 s`, `45 ms`, `2 d 4 h`: at most two units, the way the console and the terminal print it. */
export function formatDuration(ms: number): string {
  if (ms < 1_000) return `${Math.round(ms)} ms`;
  if (ms < 10_000) return `${(ms / 1_000).toFixed(1)} s`;
  const s = Math.round(ms / 1_000);
  if (s < 60) return `${s} s`;
  const pair = (big: number, bigUnit: string, small: number, smallUnit: string) =>
    small === 0 ? `${big} ${bigUnit}` : `${big} ${bigUnit} ${small} ${smallUnit}`;
  if (s < 3_600) return pair(Math.floor(s / 60), 'min', s % 60, 's');
  if (s < 86_400) return pair(Math.floor(s / 3_600), 'h', Math.floor((s % 3_600) / 60), 'min');
  return pair(Math.floor(s / 86_400), 'd', Math.floor((s % 86_400) / 3_600), 'h');
}

/** Where the time comes from. Everything that waits, schedules or stamps takes one of these. */
export interface Clock {
  /** UTC milliseconds. Never goes back. */
  now(): number;
}

let latest = 0;

/** The clock of the machine; when that is set back it stands still until it is past again. */
export const wallClock: Clock = {
  now: () => {
    latest = Math.max(latest, Date.now());
    return latest;
  },
};

/** A clock moved by hand: replays and tests run on it. */
export class ManualClock implements Clock {
  #now: number;

  constructor(start: number) {
    this.#now = start;
  }

  now(): number {
    return this.#now;
  }

  /** Moves forward to `time`; a time in the past leaves it where it is. */
  advanceTo(time: number): void {
    if (time > this.#now) this.#now = time;
  }
}
