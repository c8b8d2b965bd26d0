import {type Command, Option} from 'commander';
import {materialiseDays} from '../../app/index.ts';
import {explain} from '../features/explain.ts';
import {type FeatureReader, withFeatures} from '../features/feature-reader.ts';
import {printFeature, printFeatures, printLineage} from '../features/print-feature.ts';
import {refresh} from '../features/refresh.ts';
import {positiveInteger, type ReaderOptions, readerOptions, utcTime} from '../options.ts';
import {count} from '../terminal/figures.ts';
import type {Terminal} from '../terminal/terminal.ts';
import {withRuntime} from '../with-runtime.ts';

type Options = ReaderOptions & {readonly json?: true};

export function featuresCommand(program: Command, terminal: Terminal): void {
  const features = readerOptions(program.command('features').enablePositionalOptions(false))
    .summary('find features; show one, its versions, or where it comes from')
    .description(
      'Lists the features in which all words occur, best first; all of them without a word. Words such as owner:dispatch narrow: owner, tag, sensitivity, view, entity, source, column, model, is:unused.',
    )
    .argument('[words...]', 'what to look for')
    .option('--json', 'print as JSON')
    .addHelpText(
      'after',
      '\nExample:\n  millrace features\n  millrace features late owner:dispatch\n  millrace features show outLate_2h',
    )
    .action((words: string[], options: Options) => list(words, options, terminal));

  features
    .command('show')
    .description('Shows one feature: what it is, its versions, and which models read it.')
    .argument('<name>')
    .addHelpText('after', '\nExample:\n  millrace features show outLate_2h')
    .action((name: string, _: unknown, command: Command) =>
      one(command, terminal, reader => reader.feature(name), printFeature),
    );
  features
    .command('diff')
    .description(
      'Shows how a view or a feature set changed: the newest version against the one before, or two by number.',
    )
    .argument('<view>')
    .argument('[from]', 'number of a version', positiveInteger)
    .argument('[to]', 'number of a version', positiveInteger)
    .addHelpText('after', '\nExample:\n  millrace features diff outbound\n  millrace features diff outbound 1 3')
    .action((view: string, from: number | undefined, to: number | undefined, _: unknown, command: Command) =>
      one(
        command,
        terminal,
        reader => reader.definitionDiff(view, {...(from && {from}), ...(to && {to})}),
        ({name, from: before, to: after, changes}) => {
          terminal.print(terminal.style.bold(`${name} v${before} → v${after}`));
          for (const {sentence} of changes) terminal.print(`  ${sentence}`);
          if (changes.length === 0) terminal.print('  Nothing changed.');
        },
      ),
    );
  features
    .command('lineage')
    .description('Shows what a feature is computed from, and which training sets, models and releases read it.')
    .argument('<name>')
    .addHelpText('after', '\nExample:\n  millrace features lineage outLate_2h')
    .action((name: string, _: unknown, command: Command) =>
      one(command, terminal, reader => reader.lineage(name), printLineage),
    );
  features
    .command('explain')
    .description(
      'Shows how the features of a set or a model are computed in batch: what is read, how, and what a new day costs.',
    )
    .argument('<set>', 'feature set or model')
    .option('--rows <n>', 'rows that features are wanted for', positiveInteger)
    .option('--from <time>', 'their times, from', utcTime)
    .option('--to <time>', 'their times, up to', utcTime)
    .addOption(new Option('--sql <dialect>', 'print each feature as plain SQL too').choices(['duckdb', 'spark']))
    .addHelpText('after', '\nExample:\n  millrace features explain atDeparture --sql spark')
    .action((name: string, _: unknown, command: Command) => explain(name, command.optsWithGlobals(), terminal));
  features
    .command('materialise')
    .description(
      'Computes the features of a set for each event of a stream, a Parquet file for each day. Days that stand are left as they are; a run that was stopped goes on where it stopped.',
    )
    .argument('<set>', 'feature set or model')
    .requiredOption('--from <time>', 'first day (UTC)', utcTime)
    .requiredOption('--to <time>', 'up to this time', utcTime)
    .option('--stream <name>', 'stream whose events are the rows (default: the decisions of the model)')
    .addHelpText('after', '\nExample:\n  millrace features materialise atDeparture --from 2001-01-01 --to 2001-02-01')
    .action((name: string, _: unknown, command: Command) =>
      materialiseFeatures(name, command.optsWithGlobals(), terminal),
    );
  features
    .command('refresh')
    .description(
      'Computes the cuts that are due, of views that are read as of cuts. A server does so by itself; this is for a folder that none has open.',
    )
    .addHelpText('after', '\nExample:\n  millrace features refresh')
    .action((_: unknown, command: Command) => refresh(command.optsWithGlobals(), terminal));
}

type MaterialiseOptions = ReaderOptions & {
  readonly from: number;
  readonly to: number;
  readonly stream?: string;
  readonly json?: true;
};

async function materialiseFeatures(name: string, options: MaterialiseOptions, terminal: Terminal): Promise<void> {
  const {from, to, stream} = options;
  const made = await withRuntime(options, runtime =>
    materialiseDays(runtime, name, {
      from,
      to,
      ...(stream === undefined ? {} : {stream}),
      onDay: ({day, rows}) => terminal.note(`${day}  ${count(rows)} rows`),
    }),
  );
  if (options.json) terminal.printJson({folder: made.folder, computed: made.computed, days: made.manifest.days});
  else
    terminal.print(
      `${count(made.computed.length)} days computed, ${count(made.manifest.days.length)} stand in ${made.folder}`,
    );
}

async function list(words: readonly string[], options: Options, terminal: Terminal): Promise<void> {
  await withFeatures(options, terminal, async reader => {
    // A word with a space was one in the shell: `owner:data team` is one filter.
    const q = words.map(word => (/\s/.test(word) ? word.replace(/^([a-z]+:)?(.*)$/s, '$1"$2"') : word)).join(' ');
    const records = await reader.features({q});
    if (options.json) terminal.printJson(records);
    else if (records.length === 0) terminal.print(`No feature has all of: ${words.join(' ')}`);
    else printFeatures(records, words.length === 0 ? await reader.definitions() : [], terminal);
  });
}

/** Reads one thing, and prints it as JSON if asked. */
async function one<T>(
  command: Command,
  terminal: Terminal,
  read: (reader: FeatureReader) => Promise<T>,
  print: (value: T, terminal: Terminal) => void,
): Promise<void> {
  const options = command.optsWithGlobals() as Options;
  await withFeatures(options, terminal, async reader => {
    const value = await read(reader);
    if (options.json) terminal.printJson(value);
    else print(value, terminal);
  });
}
