import {type Command, InvalidArgumentError} from 'commander';
import {type Duration, durationMs, type RateLimit} from '../protocol/index.ts';

/** Where a command finds its project and its data. */
export type ProjectOptions = {
  readonly project: string;
  readonly data?: string;
};

export function projectOptions(command: Command): Command {
  return command
    .option('--project <path>', 'project file or its folder', '.')
    .option('--data <folder>', 'folder of all data (default: .millrace/<project>)');
}

/** For commands that a running server can answer. */
export type ReaderOptions = ProjectOptions & {readonly url?: string};

export function readerOptions(command: Command): Command {
  return projectOptions(command).option(
    '--url <url>',
    'ask this server (default: the one that has the data open, if one runs)',
  );
}

/** An option that is a whole number above 0. */
export function positiveInteger(text: string): number {
  const value = Number(text.replaceAll('_', ''));
  if (text.trim() !== '' && Number.isSafeInteger(value) && value > 0) return value;
  throw new InvalidArgumentError('It must be a whole number above 0.');
}

/** An amount, 0 or more. */
export function nonNegative(text: string): number {
  const value = Number(text);
  if (text.trim() !== '' && Number.isFinite(value) && value >= 0) return value;
  throw new InvalidArgumentError('It must be a number, 0 or more.');
}

/** A port to listen on; 0 takes a free one. */
export function portNumber(text: string): number {
  const value = Number(text);
  if (text.trim() !== '' && Number.isInteger(value) && value >= 0 && value <= 65_535) return value;
  throw new InvalidArgumentError('It must be a port from 0 to 65535; 0 takes a free one.');
}

/** A moment in UTC: a day, or an ISO time with its zone. Milliseconds. */
export function utcTime(text: string): number {
  const written = /^\d{4}-\d\d-\d\d(T\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[+-]\d\d:\d\d))?$/.test(text);
  const value = written ? Date.parse(text) : Number.NaN;
  if (!Number.isNaN(value)) return value;
  throw new InvalidArgumentError('It must be a day such as 2001-04-01, or a time such as 2001-04-01T06:00Z.');
}

/** Requests a second, such as `100/s` or `0.5/s`; a client may send as many at once, one at least. */
export function rateLimit(text: string): RateLimit {
  const perSecond = Number(/^(\d+(?:\.\d+)?)\/s$/.exec(text)?.[1]);
  if (perSecond > 0) return {perSecond, burst: Math.max(1, Math.ceil(perSecond))};
  throw new InvalidArgumentError('It must be requests a second, such as 100/s.');
}

/** How long from now on: `90d`, `12h`. Milliseconds. */
export function timeFromNow(text: string): number {
  try {
    return durationMs(text as Duration);
  } catch {
    throw new InvalidArgumentError('It must be a number and a unit, such as 90d or 12h.');
  }
}

/** A place in a file: a whole number, 0 or more. */
export function offsetOf(text: string): number {
  const value = Number(text);
  if (text.trim() !== '' && Number.isSafeInteger(value) && value >= 0) return value;
  throw new InvalidArgumentError('It must be an offset: a whole number, 0 or more.');
}
