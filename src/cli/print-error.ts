import {join} from 'node:path';
import {ClientError} from '../client/index.ts';
import {MillraceError} from '../protocol/index.ts';
import {Interrupted} from './exit-codes.ts';
import {ROOT} from './packaged.ts';
import type {Terminal} from './terminal/terminal.ts';

const OURS = [join(ROOT, 'src'), join(ROOT, 'dist')];

/** Says on stderr what went wrong and what to do. A failure that nobody foresaw shows its stack. */
export function printError(terminal: Terminal, error: unknown): void {
  const {red, bold, dim} = terminal.errStyle;
  if (error instanceof Interrupted) {
    terminal.note(dim('Interrupted.'));
    return;
  }
  if (error instanceof MillraceError || error instanceof ClientError) {
    terminal.note(`${red(bold(error.code))}  ${error.message}`);
    for (const {path, message, fix} of error.problems)
      terminal.note(`  - ${path === '' ? '' : `${path}: `}${message}${fix === undefined ? '' : ` ${fix}`}`);
    const stack = error.code === 'PROJECT_FAILED' ? stackOf(error.cause) : '';
    if (stack !== '') terminal.note(dim(stack));
    if (error.fix !== undefined) terminal.note(`  ${bold('→')} ${error.fix}`);
    return;
  }
  terminal.note(`${red(bold('Something failed that should not have.'))}`);
  terminal.note(error instanceof Error ? (error.stack ?? error.message) : String(error));
  terminal.note(`  ${bold('→')} Please report this, with the command and the lines above.`);
}

/** The same for a script, as the HTTP API has it. */
export function errorJson(error: unknown): Record<string, unknown> {
  if (error instanceof MillraceError) return error.toJSON();
  if (error instanceof ClientError) {
    const {code, message, fix, problems} = error;
    return {code, message, ...(fix === undefined ? {} : {fix}), ...(problems.length === 0 ? {} : {problems})};
  }
  return {code: 'INTERNAL', message: error instanceof Error ? error.message : String(error)};
}

/** Where in the user's own files it happened. */
function stackOf(cause: unknown): string {
  if (!(cause instanceof Error) || cause.stack === undefined) return '';
  return cause.stack
    .split('\n')
    .filter(
      line => /^\s+at /.test(line) && !/node_modules|node:internal/.test(line) && !OURS.some(o => line.includes(o)),
    )
    .slice(0, 3)
    .join('\n');
}
