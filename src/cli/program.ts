import {readFileSync} from 'node:fs';
import {Command, CommanderError} from 'commander';
import {quickstartCommand} from './commands/quickstart.ts';
import {EXIT, EXIT_HELP, exitCodeOf} from './exit-codes.ts';
import {MANIFEST} from './packaged.ts';
import {printError} from './print-error.ts';
import {Terminal} from './terminal/terminal.ts';

const COMMANDS = [quickstartCommand];

/** Runs one command line and answers with its exit code. Never throws. */
export async function runProgram(args: readonly string[], terminal: Terminal = new Terminal()): Promise<number> {
  const {version} = JSON.parse(readFileSync(MANIFEST, 'utf8')) as {version: string};
  const program = new Command('millrace')
    .description('From raw events to a monitored, continually learning production model, in one process.')
    .version(version)
    .exitOverride()
    .showHelpAfterError('(--help shows what there is)')
    .addHelpText('after', `\n${EXIT_HELP}`);
  for (const add of COMMANDS) add(program, terminal);
  try {
    await program.parseAsync(args, {from: 'user'});
    return EXIT.ok;
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? EXIT.ok : EXIT.usage;
    printError(terminal, error);
    return exitCodeOf(error);
  }
}
