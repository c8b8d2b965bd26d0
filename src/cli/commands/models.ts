import type {Command} from 'commander';
import {modelCard} from '../../app/index.ts';
import {positiveInteger, type ReaderOptions, readerOptions} from '../options.ts';
import {findVersion, withReader} from '../reader.ts';
import {count, metric, moment} from '../terminal/figures.ts';
import {table} from '../terminal/table.ts';
import type {Terminal} from '../terminal/terminal.ts';

type Options = ReaderOptions & {readonly json?: true};

export function modelsCommand(program: Command, terminal: Terminal): void {
  const models = readerOptions(program.command('models').enablePositionalOptions(false))
    .summary('list the versions of the models, or show one as a card')
    .description('Lists every version, newest first: what it is, where it stands, and how it did on its test split.')
    .option('--json', 'print as JSON')
    .addHelpText('after', '\nExample:\n  millrace models\n  millrace models show lateness --version 2')
    .action((options: Options) => list(options, terminal));
  models
    .command('show')
    .description('Shows one version as a model card (Markdown).')
    .argument('[model]', 'may be left out if there is one')
    .option('--version <n>', 'which one (default: the one in production, or the newest)', positiveInteger)
    .addHelpText('after', '\nExample:\n  millrace models show lateness --version 2 > card.md')
    .action((model: string | undefined, _: unknown, command: Command) =>
      show(model, command.optsWithGlobals() as Options & {version?: number}, terminal),
    );
}

async function list(options: Options, terminal: Terminal): Promise<void> {
  await withReader(options, async reader => {
    const versions = await reader.models();
    if (options.json) {
      terminal.printJson(versions);
      return;
    }
    if (versions.length === 0) {
      terminal.print('Nothing has been trained yet. Run millrace train.');
      return;
    }
    const right = (title: string) => ({title, align: 'right' as const});
    for (const line of table(
      [
        {title: 'model'},
        right('version'),
        {title: 'status'},
        {title: 'algorithm'},
        {title: 'created (UTC)'},
        right('rows'),
        right('AUC'),
        right('log loss'),
        {title: 'gates'},
      ],
      versions.map(v => [
        v.model,
        String(v.version),
        v.status,
        v.algorithm,
        moment(v.createdAt),
        count(v.dataset.rows),
        metric(v.metrics.auc),
        metric(v.metrics.logLoss, 4),
        v.evaluation.passed ? 'passed' : 'failed',
      ]),
      terminal.style.dim,
    ))
      terminal.print(line);
  });
}

async function show(
  model: string | undefined,
  options: Options & {readonly version?: number},
  terminal: Terminal,
): Promise<void> {
  await withReader(options, async reader => {
    const version = await findVersion(reader, model, options.version);
    if (options.json) terminal.printJson(version);
    else terminal.print(modelCard(version));
  });
}
