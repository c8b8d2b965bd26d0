// Clocks of the zones of the tz database: what they show at an instant, and the instant of what they show.
import {MillraceError} from '../../protocol/index.ts';

const DAY_MS = 86_400_000;
/** Days remembered per zone: 270 years. */
const REMEMBERED = 100_000;

/** A change of the clocks within a day: `at` is the first instant with the offset `after`. */
type Change = {readonly at: number; readonly before: number; readonly after: number};

/**
 * Offset from UTC (ms) of one zone. Asking Intl costs some microseconds, so it is asked once per UTC day; a
 * day on whose ends the offsets differ is halved until the change is found. (No zone has changed twice in a
 * day and come back.)
 */
export class Zone {
  readonly name: string;
  readonly #format: Intl.DateTimeFormat;
  readonly #days = new Map<number, number | Change>();
  #latestDay = Number.NaN;
  #latest: number | Change = 0;

  constructor(name: string) {
    this.name = name;
    if (/^[+-]/.test(name)) throw unknownZone(name);
    try {
      this.#format = new Intl.DateTimeFormat('en-US', {
        timeZone: name,
        hourCycle: 'h23',
        era: 'short',
        year: 'numeric',
        month: 'numeric',
        day: 'numeric',
        hour: 'numeric',
        minute: 'numeric',
        second: 'numeric',
      });
    } catch (cause) {
      throw unknownZone(name, cause);
    }
  }

  /** Milliseconds by which the zone's clocks are ahead of UTC. */
  offset(time: number): number {
    const day = Math.floor(time / DAY_MS);
    const known = day === this.#latestDay ? this.#latest : this.#ofDay(day);
    return typeof known === 'number' ? known : time < known.at ? known.before : known.after;
  }

  /** What the clocks show, as if it were UTC. */
  local(time: number): number {
    return time + this.offset(time);
  }

  /** The instants, none to two, ascending, at which the clocks show `local`. */
  instants(local: number): number[] {
    const early = local - this.offset(local - DAY_MS);
    const late = local - this.offset(local + DAY_MS);
    return (early === late ? [early] : [early, late]).filter(at => this.local(at) === local).sort((a, b) => a - b);
  }

  /** As `instants`, always one: the first, and of a time that the clocks skip, when it would have been. */
  firstInstant(local: number): number {
    return this.instants(local)[0] ?? local - this.offset(local - DAY_MS);
  }

  #ofDay(day: number): number | Change {
    let known = this.#days.get(day);
    if (known === undefined) {
      known = this.#ask(day * DAY_MS);
      const end = this.#ask((day + 1) * DAY_MS);
      if (end !== known) known = this.#change(day * DAY_MS, (day + 1) * DAY_MS, known, end);
      if (this.#days.size >= REMEMBERED) this.#days.clear();
      this.#days.set(day, known);
    }
    this.#latestDay = day;
    this.#latest = known;
    return known;
  }

  /** Clocks change on whole seconds. */
  #change(from: number, to: number, before: number, after: number): Change {
    let low = from / 1_000;
    let high = to / 1_000;
    while (high - low > 1) {
      const middle = Math.floor((low + high) / 2);
      if (this.#ask(middle * 1_000) === before) low = middle;
      else high = middle;
    }
    return {at: high * 1_000, before, after};
  }

  #ask(time: number): number {
    const part: Record<string, string> = {};
    for (const {type, value} of this.#format.formatToParts(time)) part[type] = value;
    const shown = new Date(0);
    const year = Number(part.year);
    shown.setUTCFullYear(part.era === 'BC' ? 1 - year : year, Number(part.month) - 1, Number(part.day));
    shown.setUTCHours(Number(part.hour), Number(part.minute), Number(part.second));
    return shown.getTime() - Math.floor(time / 1_000) * 1_000;
  }
}

function unknownZone(name: string, cause?: unknown): MillraceError {
  return new MillraceError('REQUEST_INVALID', `'${name}' is not a time zone.`, {
    cause,
    fix: 'Use a name of the tz database, such as America/New_York.',
  });
}

const zones = new Map<string, Zone>();

/** The zone of that name. Throws REQUEST_INVALID if there is none. */
export function zoneOf(name: string): Zone {
  let known = zones.get(name);
  if (known === undefined) {
    known = new Zone(name);
    zones.set(name, known);
  }
  return known;
}
