// Local clocks as plain intervals: which offset from UTC a local time has, and which local times do not
// exist (the hour that is skipped in spring) or exist twice (the hour that is repeated in autumn).

/** Local times in [from, until), as milliseconds that the clock shows (not UTC). */
export type LocalSpan = {
  readonly from: number;
  readonly until: number;
  readonly kind: 'plain' | 'missing' | 'ambiguous';
  /** UTC = local time - offset. `null` unless the span is plain: a time that is none or two is not guessed. */
  readonly offsetMinutes: number | null;
};

const MINUTE = 60_000;
const DAY = 86_400_000;

/**
 * The spans of a zone that cover the local times in [from, until), in order, without holes.
 * Offsets come from the tz database inside Node; a zone is taken to change its offset at most once a day.
 */
export function localSpans(zone: string, from: number, until: number): LocalSpan[] {
  const offsetAt = offsetReader(zone);
  // No offset is larger than a day, so these instants surround all local times asked for.
  const end = until + DAY;
  const spans: LocalSpan[] = [];
  let start = from - DAY;
  let offset = offsetAt(start);
  let local = start;
  for (let time = start; time < end; time += DAY) {
    if (offsetAt(time + DAY) === offset) continue;
    const change = firstChange(offsetAt, time, time + DAY);
    const next = offsetAt(change);
    const before = change + offset * MINUTE;
    const after = change + next * MINUTE;
    spans.push({from: local, until: Math.min(before, after), kind: 'plain', offsetMinutes: offset});
    spans.push({
      from: Math.min(before, after),
      until: Math.max(before, after),
      kind: after > before ? 'missing' : 'ambiguous',
      offsetMinutes: null,
    });
    local = Math.max(before, after);
    start = change;
    offset = next;
  }
  spans.push({from: local, until: end + DAY, kind: 'plain', offsetMinutes: offset});
  return spans
    .filter(span => span.until > from && span.from < until)
    .map(span => ({...span, from: Math.max(span.from, from), until: Math.min(span.until, until)}));
}

/** The first minute in (low, high] whose offset is that of `high`. */
function firstChange(offsetAt: (time: number) => number, low: number, high: number): number {
  const target = offsetAt(high);
  let [before, after] = [low / MINUTE, high / MINUTE];
  while (after - before > 1) {
    const middle = Math.floor((before + after) / 2);
    if (offsetAt(middle * MINUTE) === target) after = middle;
    else before = middle;
  }
  return after * MINUTE;
}

/** Minutes east of UTC at an instant. */
function offsetReader(zone: string): (time: number) => number {
  const format = new Intl.DateTimeFormat('en-US', {timeZone: zone, timeZoneName: 'longOffset'});
  return time => {
    const name = format.formatToParts(time).find(part => part.type === 'timeZoneName')?.value ?? '';
    const match = /^GMT(?:([+-])(\d\d):(\d\d))?$/.exec(name);
    if (!match) throw new TypeError(`'${name}' is not an offset from UTC in whole minutes (${zone}).`);
    const minutes = Number(match[2] ?? 0) * 60 + Number(match[3] ?? 0);
    return match[1] === '-' ? -minutes : minutes;
  };
}
