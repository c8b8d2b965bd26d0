// Local times as people write them.
import {MillraceError} from '../../protocol/index.ts';
import {zoneOf} from './zone.ts';

const DAY_MS = 86_400_000;
const LOCAL = /^(\d{4})-(\d\d)-(\d\d)(?:[T ](\d\d):(\d\d)(?::(\d\d)(?:\.(\d{3}))?)?)?$/;

/**
 * The instant at which the clocks of `zone` show `text`, such as `2024-03-30 14:30`; a date alone is its
 * midnight. Throws REQUEST_INVALID for a time that the clocks skip or show twice: which one is meant is not guessed.
 */
export function localTime(text: string, zone: string): Date {
  const match = LOCAL.exec(text);
  const [year, month, day, hour, minute, second, ms] = (match ?? []).slice(1).map(part => Number(part ?? 0));
  const local = Date.UTC(year!, month! - 1, day!, hour, minute, second, ms);
  const shown = Number.isNaN(local) ? '' : new Date(local).toISOString();
  if (!match || shown !== `${text.replace(' ', 'T')}${'0000-00-00T00:00:00.000'.slice(text.length)}Z`)
    throw new MillraceError('REQUEST_INVALID', `'${text}' is not a local time.`, {
      fix: 'Write a date, or a date and a time, such as 2024-03-30 14:30.',
    });
  const instants = zoneOf(zone).instants(local);
  if (instants.length !== 1)
    throw new MillraceError(
      'REQUEST_INVALID',
      instants.length === 0 ? `The clocks of ${zone} skip ${text}.` : `The clocks of ${zone} show ${text} twice.`,
      {
        fix: `Write the time in UTC: ${(instants.length === 0 ? [local - zoneOf(zone).offset(local - DAY_MS)] : instants).map(at => new Date(at).toISOString()).join(' or ')}.`,
      },
    );
  return new Date(instants[0]!);
}
