// A silence as somebody asks for it, checked.
import {isActive} from '../../monitoring/index.ts';
import {
  checkedDurationMs,
  type Duration,
  MillraceError,
  type Problem,
  parseTime,
  type Silence,
} from '../../protocol/index.ts';

/** Longer ones are forgotten by those who made them. */
const LONGEST_MS = 366 * 86_400_000;
const MATCHERS = ['model', 'kind', 'subject', 'cause'] as const;
const KNOWN = ['kind', 'matches', 'from', 'to', 'for', 'reason'];
const MOST_TEXT = 500;

/**
 * `{matches: {model?, kind?, subject?, cause?}, from?, to or for, reason, kind?}`: from now unless told, times as
 * UTC ms or ISO text, `for` as a duration such as `2h`. Throws REQUEST_INVALID with all problems at once.
 */
export function parseSilence(given: unknown, now: number): Omit<Silence, 'id' | 'by'> {
  const problems: Problem[] = [];
  const problem = (path: string, message: string, fix: string) => problems.push({path, message, fix});
  const fields = isObject(given) ? given : {};
  if (!isObject(given)) problem('', 'A silence is an object.', 'Send {"matches": …, "for": "2h", "reason": …}.');
  for (const field of Object.keys(fields))
    if (!KNOWN.includes(field))
      problem(
        field.slice(0, 60),
        `'${field.slice(0, 60)}' is no field of a silence.`,
        `Known are ${KNOWN.join(', ')}.`,
      );
  const {kind = 'silence', reason} = fields;
  if (kind !== 'silence' && kind !== 'maintenance')
    problem('kind', 'It is no kind of silence.', "Give 'silence' or 'maintenance'.");
  if (typeof reason !== 'string' || reason.trim() === '' || reason.length > MOST_TEXT)
    problem('reason', 'It has no reason.', `Say why, in at most ${MOST_TEXT} characters.`);
  const matches = matchesOf(fields.matches, problem);
  const {from, to} = timesOf(fields, now, problem);
  if (problems.length > 0)
    throw new MillraceError('REQUEST_INVALID', `This silence is not valid: ${problems.map(p => p.message).join(' ')}`, {
      problems,
      fix: problems[0]!.fix!,
    });
  return {kind: kind as Silence['kind'], matches, from, to, reason: reason as string};
}

type Fields = Readonly<Record<string, unknown>>;
type Report = (path: string, message: string, fix: string) => void;

const isObject = (value: unknown): value is Fields =>
  value !== null && typeof value === 'object' && !Array.isArray(value);

function matchesOf(given: unknown, problem: Report): Silence['matches'] {
  const fields = isObject(given) ? given : {};
  const fix = `Give one or more of ${MATCHERS.join(', ')}, such as {"model": "late", "kind": "drift"}; * stands for any characters.`;
  if (Object.keys(fields).length === 0) problem('matches', 'It matches nothing in particular.', fix);
  for (const [name, value] of Object.entries(fields))
    if (
      !(MATCHERS as readonly string[]).includes(name) ||
      typeof value !== 'string' ||
      value === '' ||
      value.length > 200
    )
      problem(`matches.${name.slice(0, 60)}`, `'${name.slice(0, 60)}' is no matcher.`, fix);
  return fields as Silence['matches'];
}

function timesOf(fields: Fields, now: number, problem: Report): {from: number; to: number} {
  const from = fields.from === undefined ? now : timeOf(fields.from);
  if (from === undefined) problem('from', 'Its start is no time.', 'Give UTC milliseconds or ISO text.');
  const start = from ?? now;
  const to = fields.for === undefined ? timeOf(fields.to) : start + lengthOf(fields.for);
  if ((fields.to === undefined) === (fields.for === undefined))
    problem('to', 'It has no one end.', 'Give either to (a time) or for (a duration such as 2h).');
  else if (to === undefined || !(to > start && to > now && to - start <= LONGEST_MS))
    problem(
      'to',
      'Its end is not after its start and now, or more than a year off.',
      'Give a later time, or a duration such as 2h.',
    );
  return {from: start, to: to ?? start};
}

const timeOf = (given: unknown): number | undefined => {
  if (typeof given === 'number') return Number.isSafeInteger(given) ? given : undefined;
  return typeof given === 'string' ? parseTime(given) : undefined;
};

/** NaN for what is no duration. */
const lengthOf = (given: unknown): number =>
  typeof given === 'string' ? checkedDurationMs(given as Duration, 'for', []) : Number.NaN;

/** `pending` before its start, `expired` from its end on. */
export function silenceState(silence: Silence, now: number): 'pending' | 'active' | 'expired' {
  if (isActive(silence, now)) return 'active';
  return now < silence.from ? 'pending' : 'expired';
}
