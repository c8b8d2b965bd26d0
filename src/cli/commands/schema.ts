import {existsSync, readFileSync, writeFileSync} from 'node:fs';
import {type Command, Option} from 'commander';
import {
  diffSchemas,
  FILE_FORMATS,
  type FileFormat,
  freezeSchema,
  type InferredSchema,
  inferFiles,
  schemaText,
  thawSchema,
} from '../../app/index.ts';
import {MillraceError} from '../../protocol/index.ts';
import {EXIT} from '../exit-codes.ts';
import {positiveInteger} from '../options.ts';
import {count, plural} from '../terminal/figures.ts';
import type {Terminal} from '../terminal/terminal.ts';

type Options = {
  readonly format?: FileFormat;
  readonly values?: number;
  readonly out?: string;
  readonly json?: true;
};

export function schemaCommand(program: Command, terminal: Terminal): void {
  const schema = program
    .command('schema')
    .summary('infer the schema of files, keep it, and compare it with later files')
    .description('Reads whole files, a folder of them or a glob, and says what their columns turn out to be.')
    .addHelpText('after', '\nExample:\n  millrace schema infer orders.csv');

  fileOptions(schema.command('infer'))
    .description('Prints the schema as TypeScript, to be pasted into a source.')
    .argument('<files>', 'a file, a folder or a glob: CSV, JSON lines or Parquet')
    .option('--json', 'print what was seen of each column as JSON')
    .addHelpText('after', "\nExample:\n  millrace schema infer 'data/orders-*.parquet'")
    .action((files: string, options: Options) => infer(files, options, terminal));

  fileOptions(schema.command('freeze'))
    .description('Writes down what the files hold now, as text that is equal for equal schemas.')
    .argument('<files>', 'a file, a folder or a glob')
    .option('--out <file>', 'where to (default: stdout)')
    .option('--json', 'the same: a frozen schema is JSON')
    .addHelpText('after', '\nExample:\n  millrace schema freeze orders.csv --out orders.schema.json')
    .action((files: string, options: Options) => freeze(files, options, terminal));

  fileOptions(schema.command('diff'))
    .description(
      'Compares two frozen schemas or files, the older first. Exits with 1 if a source that was declared for the older would refuse rows of the newer.',
    )
    .argument('<older>', 'a frozen schema (.json), or files')
    .argument('<newer>', 'likewise')
    .option('--json', 'print the changes as JSON')
    .addHelpText('after', '\nExample:\n  millrace schema diff orders.schema.json orders.csv')
    .action((older: string, newer: string, options: Options) => diff(older, newer, options, terminal));
}

const fileOptions = (command: Command): Command =>
  command
    .addOption(new Option('--format <format>', 'of the files (default: by their names)').choices([...FILE_FORMATS]))
    .option('--values <n>', 'different values of a column that are listed (default: 20)', positiveInteger);

async function infer(files: string, options: Options, terminal: Terminal): Promise<void> {
  const schema = await inferFiles(files, options);
  if (options.json) {
    terminal.printJson(schema);
    return;
  }
  terminal.note(terminal.errStyle.dim(`${plural(schema.rows, 'row')}, ${plural(schema.columns.length, 'column')}`));
  terminal.print(schemaText(schema));
  for (const {name, misfits, type} of schema.columns)
    if (misfits > 0)
      terminal.note(`  '${name}': ${count(misfits)} values are no ${type}; a load would reject their rows.`);
}

async function freeze(files: string, options: Options, terminal: Terminal): Promise<void> {
  const frozen = freezeSchema(await inferFiles(files, options));
  if (options.out === undefined) terminal.print(frozen);
  else {
    writeFileSync(options.out, `${frozen}\n`);
    terminal.note(`Wrote ${options.out}.`);
  }
}

async function diff(older: string, newer: string, options: Options, terminal: Terminal): Promise<void> {
  const changes = diffSchemas(await schemaOf(older, options), await schemaOf(newer, options));
  const breaks = changes.some(change => change.breaks);
  if (breaks) process.exitCode = EXIT.failed;
  if (options.json) {
    terminal.printJson({breaks, changes});
    return;
  }
  const {red, dim} = terminal.style;
  if (changes.length === 0) terminal.print('Nothing changed.');
  for (const {message, breaks: bad} of changes) terminal.print(`  ${bad ? red('✗') : dim('·')} ${message}`);
  if (breaks) terminal.print('\n  What is marked ✗ breaks a source that was declared for the older schema.');
}

async function schemaOf(path: string, options: Options): Promise<InferredSchema> {
  if (!path.endsWith('.json')) return inferFiles(path, options);
  if (existsSync(path)) return thawSchema(readFileSync(path, 'utf8'));
  throw new MillraceError('SOURCE_NOT_FOUND', `There is no frozen schema ${path}.`, {
    fix: 'Make one: millrace schema freeze.',
  });
}
