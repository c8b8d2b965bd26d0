/** The log of a process: a line of JSON, or of text, on stderr for each thing that happened. */
import {type Logger, pino, stdTimeFunctions} from 'pino';
import {errorFields} from './error-fields.ts';
import {textLine} from './text-line.ts';

export const LOG_FORMATS = ['json', 'text', 'off'] as const;
export type LogFormat = (typeof LOG_FORMATS)[number];
export const LOG_LEVELS = ['debug', 'info', 'warn', 'error'] as const;
export type LogLevel = (typeof LOG_LEVELS)[number];

/** `log.warn({model, request_id}, 'what happened')`. An error is given as `err`. Never give it secrets or feature values. */
export type Log = Logger;

export type LogOptions = {
  readonly format: LogFormat;
  /** The least grave that is written. */
  readonly level: LogLevel;
};

/** Where lines go; the line break is theirs. */
export type LogTarget = {write(line: string): unknown};

/**
 * Lines are written at once, so that none is lost with the process. Of an error its name, code, message, fix, stack and
 * cause are kept, never other properties: those of clients hold their commands, passwords included.
 */
export function openLog({format, level}: LogOptions, target: LogTarget = process.stderr): Log {
  const lines = format === 'text' ? {write: (line: string) => target.write(textLine(line))} : target;
  return pino(
    {
      level: format === 'off' ? 'silent' : level,
      base: null,
      messageKey: 'message',
      timestamp: stdTimeFunctions.isoTime,
      formatters: {level: label => ({level: label})},
      serializers: {err: errorFields},
    },
    lines,
  );
}
