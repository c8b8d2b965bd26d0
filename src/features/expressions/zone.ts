import {MillraceError} from '../../protocol/index.ts';

const HOUR_MS = 3_600_000;
const QUARTER_MS = 900_000;

/**
 * Offset from UTC (ms) that a zone has at an instant. Offsets change on quarter hours only (since 1972, the
 * tz database), so that they are remembered per zone and quarter: asking Intl costs some microseconds.
 */
class Zone {
  readonly #format: Intl.DateTimeFormat;
  readonly #known = new Map<number, number>();

  constructor(name: string) {
    try {
      this.#format = new Intl.DateTimeFormat('en-US', {
        timeZone: name,
        hourCycle: 'h23',
        year: 'numeric',
        month: 'numeric',
        day: 'numeric',
        hour: 'numeric',
        minute: 'numeric',
      });
    } catch (cause) {
      throw new MillraceError('REQUEST_INVALID', `'${name}' is not a time zone.`, {
        cause,
        fix: 'Use a name of the tz database, such as America/New_York.',
      });
    }
  }

  offset(time: number): number {
    const quarter = Math.floor(time / QUARTER_MS);
    const known = this.#known.get(quarter);
    if (known !== undefined) return known;
    const part: Record<string, number> = {};
    for (const {type, value} of this.#format.formatToParts(quarter * QUARTER_MS)) part[type] = Number(value);
    const local = Date.UTC(part.year!, part.month! - 1, part.day!, part.hour!, part.minute!);
    const offset = local - quarter * QUARTER_MS;
    if (this.#known.size > 100_000) this.#known.clear();
    this.#known.set(quarter, offset);
    return offset;
  }
}

const zones = new Map<string, Zone>();

function local(time: number, zone: string): number {
  let known = zones.get(zone);
  if (!known) {
    known = new Zone(zone);
    zones.set(zone, known);
  }
  return time + known.offset(time);
}

/** Hour of the day, 0 to 23, on the clocks of `zone`. */
export function hourIn(time: number, zone: string): number {
  const at = local(time, zone);
  return Math.floor(at / HOUR_MS) - Math.floor(at / (24 * HOUR_MS)) * 24;
}

/** ISO day of the week in `zone`: Monday 1 to Sunday 7. */
export function weekdayIn(time: number, zone: string): number {
  const day = Math.floor(local(time, zone) / (24 * HOUR_MS));
  return ((((day + 3) % 7) + 7) % 7) + 1; // 1970-01-01 was a Thursday
}
