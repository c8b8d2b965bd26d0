import type {Command} from 'commander';
import {buildVersion, findModel} from '../../app/index.ts';
import {EXIT} from '../exit-codes.ts';
import {catchInterrupt} from '../interrupt.ts';
import {type ProjectOptions, positiveInteger, projectOptions, utcTime} from '../options.ts';
import {Progress} from '../terminal/progress.ts';
import type {Terminal} from '../terminal/terminal.ts';
import {trainingSpan} from '../training-span.ts';
import {trialLines} from '../version-text.ts';
import {withRuntime} from '../with-runtime.ts';

type Options = ProjectOptions & {
  readonly asOf?: number;
  readonly from?: number;
  readonly threads?: number;
  readonly warmStart?: true;
  readonly json?: true;
};

export function trainCommand(program: Command, terminal: Terminal): void {
  projectOptions(program.command('train'))
    .summary('train, evaluate and register a version of a model')
    .description(
      'Builds the training set, trains every candidate, evaluates them against the baselines and the version in production, judges the gates and registers the best. Exits with 3 if it did not pass them.',
    )
    .argument('[model]', 'may be left out if the project has one')
    .option('--as-of <time>', 'what was not known then is not used (default: now)', utcTime)
    .option('--from <time>', 'decisions from this time on (default: all)', utcTime)
    .option('--warm-start', 'continue from the version in production')
    .option('--threads <n>', 'threads of training and queries (default: all cores)', positiveInteger)
    .option('--json', 'print the version as JSON')
    .addHelpText('after', '\nExample:\n  millrace train --as-of 2001-04-01')
    .action((model: string | undefined, options: Options) => train(model, options, terminal));
}

async function train(model: string | undefined, options: Options, terminal: Terminal): Promise<void> {
  const progress = new Progress(terminal);
  const interrupt = catchInterrupt();
  try {
    await withRuntime(options, async runtime => {
      const definition = findModel(runtime.project, model);
      const version = await buildVersion(runtime, definition, {
        ...trainingSpan(runtime, definition, options),
        retrain: null,
        warmStart: options.warmStart ?? false,
        signal: interrupt.signal,
        onStep: (message, done, of) => progress.update({title: message, done, of}),
      });
      progress.clear();
      const {passed} = version.evaluation;
      if (options.json) terminal.printJson(version);
      else {
        for (const line of trialLines(version, terminal.style)) terminal.print(line);
        terminal.print();
        terminal.print(
          passed
            ? `Registered version ${version.version}. Deploy it: millrace deploy ${version.model} --version ${version.version}`
            : `Registered version ${version.version} as rejected: it did not pass its gates.`,
        );
      }
      if (!passed) process.exitCode = EXIT.gatesFailed;
    });
  } finally {
    progress.clear();
    interrupt.dispose();
  }
}
