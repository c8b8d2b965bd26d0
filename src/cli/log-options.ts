import {type Command, Option} from 'commander';
import {LOG_FORMATS, LOG_LEVELS, type Log, type LogFormat, type LogLevel, type LogOptions} from '../app/index.ts';
import {Terminal} from './terminal/terminal.ts';

export type LogFlags = {readonly log?: LogFormat; readonly logLevel?: LogLevel};

/** Options of commands that serve. */
export const logFlags = (command: Command): Command =>
  command
    .addOption(
      new Option('--log <format>', 'how stderr tells what happens: for people, or a JSON object in each line').choices(
        LOG_FORMATS,
      ),
    )
    .addOption(
      new Option(
        '--log-level <level>',
        'the least grave that is written; info has a line for each request, twenty a second at most (default: info with --log json, else warn)',
      ).choices(LOG_LEVELS),
    );

/** For people, what is wrong; for machines, requests too. */
export const logOptions = ({log = 'text', logLevel}: LogFlags): LogOptions => ({
  format: log,
  level: logLevel ?? (log === 'json' ? 'info' : 'warn'),
});

const COLOURS = new RegExp(`${String.fromCharCode(27)}\\[[0-9;]*[A-Za-z]`, 'g');

/** A terminal whose notes are lines of the log, so that every line on stderr is of one kind. */
export const loggedTerminal = (log: Log): Terminal =>
  new Terminal({
    stderr: {
      write: text => {
        const message = text.replaceAll(COLOURS, '').trim();
        if (message !== '') log.info(message);
      },
    },
  });
