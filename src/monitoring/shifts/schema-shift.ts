/** Values of another type or set: columns that are gone, always null, or break a rule about their kind. */

import type {MonitorWindow, Shift} from '../../protocol/index.ts';
import {listWords, percent, windowWords} from '../alerts/words.ts';
import type {QualityCheck, QualityRule} from '../quality/definitions/quality-check.ts';
import {shiftRun, type Windows} from './shift-run.ts';

/** Kinds of rules that speak of what a column holds, not of how much. */
const SCHEMA_RULES: ReadonlySet<QualityRule['kind']> = new Set([
  'set',
  'pattern',
  'finite',
  'null-together',
  'null-share',
  'unseen-share',
  'varies',
]);

/** Names of the checks whose breach is a change of schema. */
export const schemaChecks = (checks: readonly QualityCheck[]): ReadonlySet<string> =>
  new Set(checks.filter(({rule}) => SCHEMA_RULES.has(rule.kind)).map(({name}) => name));

/** Null throughout, where at least half of the reference was known. */
const ALL = 0.99;
const KNOWN = 0.5;
const FEWEST_ROWS = 30;

type Breach = {readonly subject: string; readonly share: number; readonly message: string};

/** One shift for all columns that changed their kind; null if none did. */
export function schemaShift(windows: Windows, checks: ReadonlySet<string>): Shift | null {
  const window = windows.at(-1)!;
  const found = breaches(window, checks);
  if (found.length === 0) return null;
  const subjects = [...new Set(found.map(({subject}) => subject))];
  const own = (other: MonitorWindow): Breach[] =>
    breaches(other, checks).filter(({subject}) => subjects.includes(subject));
  const {first, since, pattern} = shiftRun(
    windows,
    other => (other.predictions < FEWEST_ROWS ? null : own(other).length > 0),
    other => (other.predictions < FEWEST_ROWS ? null : Math.max(0, ...own(other).map(({share}) => share))),
  );
  const what = found.slice(0, 3).map(({message}) => message);
  const more = found.length > what.length ? `; ${found.length - what.length} more` : '';
  const message = `${listWords(subjects.slice(0, 3))} ${subjects.length === 1 ? 'holds' : 'hold'} other values since ${windowWords(first)}: ${what.join('; ')}${more}.`;
  return {kind: 'schema', pattern, subjects, since, message};
}

function breaches({drift, inputs = [], quality = []}: MonitorWindow, checks: ReadonlySet<string>): Breach[] {
  const nulls = [...drift, ...inputs].flatMap(({subject, rows, nullShare}): Breach[] => {
    if (!nullShare || rows < FEWEST_ROWS || nullShare.current < ALL || nullShare.reference > KNOWN) return [];
    const message = `${subject} is null in ${percent(nullShare.current)} of rows, ${percent(nullShare.reference)} before`;
    return [{subject, share: nullShare.current, message}];
  });
  const known = new Set(nulls.map(({subject}) => subject));
  const broken = quality
    .filter(({verdict, check}) => verdict === 'broken' && checks.has(check))
    .flatMap(({subjects, rows, broken: count, message}) =>
      subjects
        .filter(subject => !known.has(subject))
        .map((subject): Breach => ({subject, share: rows === 0 ? 0 : count / rows, message: withoutStop(message)})),
    );
  return [...nulls, ...broken];
}

const withoutStop = (text: string): string => text.replace(/\.$/, '');
