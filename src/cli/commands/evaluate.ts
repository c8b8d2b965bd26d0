import type {Command} from 'commander';
import {EXIT} from '../exit-codes.ts';
import {positiveInteger, type ReaderOptions, readerOptions} from '../options.ts';
import {findVersion, withReader} from '../reader.ts';
import type {Terminal} from '../terminal/terminal.ts';
import {trialLines} from '../version-text.ts';

type Options = ReaderOptions & {readonly version?: number; readonly json?: true};

export function evaluateCommand(program: Command, terminal: Terminal): void {
  readerOptions(program.command('evaluate'))
    .summary('print how a version did in its trial')
    .description('Prints candidates and baselines with their metrics, gates and slices. Exits with 3 if gates failed.')
    .argument('[model]', 'may be left out if there is one')
    .option('--version <n>', 'which one (default: the one in production, or the newest)', positiveInteger)
    .option('--json', 'print the evaluation report as JSON')
    .addHelpText('after', '\nExample:\n  millrace evaluate lateness --version 2')
    .action((model: string | undefined, options: Options) => evaluate(model, options, terminal));
}

async function evaluate(model: string | undefined, options: Options, terminal: Terminal): Promise<void> {
  await withReader(options, async reader => {
    const version = await findVersion(reader, model, options.version);
    if (options.json) terminal.printJson(version.evaluation);
    else for (const line of trialLines(version, terminal.style)) terminal.print(line);
    if (!version.evaluation.passed) process.exitCode = EXIT.gatesFailed;
  });
}
