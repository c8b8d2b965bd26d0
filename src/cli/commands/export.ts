import {relative} from 'node:path';
import type {Command} from 'commander';
import {EXPORT_TARGETS, exportModel} from '../../app/index.ts';
import {type ProjectOptions, positiveInteger, projectOptions} from '../options.ts';
import {table} from '../terminal/table.ts';
import type {Terminal} from '../terminal/terminal.ts';
import {withRuntime} from '../with-runtime.ts';

type Options = ProjectOptions & {
  readonly version?: number;
  readonly target: string;
  readonly out: string;
  readonly force?: true;
  readonly json?: true;
};

const targets = Object.entries(EXPORT_TARGETS).map(([name, what]) => `  ${name.padEnd(9)}${what}`);

export function exportCommand(program: Command, terminal: Terminal): void {
  projectOptions(program.command('export'))
    .summary('a version as files that need no server')
    .description(
      'Writes a version of a model for another place. Modules hold model, encoding and derived features, and answer as the server does, to the bit; features of live windows are given by the caller.',
    )
    .argument('[model]', 'may be left out if the project has one')
    .option('--version <n>', 'which one (default: the one in production, or the newest)', positiveInteger)
    .requiredOption('--target <name>', Object.keys(EXPORT_TARGETS).join(', '))
    .requiredOption('--out <path>', 'a new or empty folder; also a .js or .mjs file, or an .onnx file')
    .option('--force', 'write over files that are there')
    .option('--json', 'print the files as JSON')
    .addHelpText(
      'after',
      `\nTargets:\n${targets.join('\n')}\n\nExample:\n  millrace export lateness --target browser --out public/lateness`,
    )
    .action((model: string | undefined, options: Options) => run(model, options, terminal));
}

async function run(model: string | undefined, options: Options, terminal: Terminal): Promise<void> {
  const {version, target, out, force} = options;
  const report = await withRuntime(options, runtime =>
    exportModel(runtime, {
      ...(model === undefined ? {} : {model}),
      ...(version === undefined ? {} : {version}),
      target,
      out,
      force: force === true,
    }),
  );
  if (options.json) {
    terminal.printJson(report);
    return;
  }
  const {bold, dim} = terminal.style;
  terminal.print(`${bold(`${report.model}, version ${report.version}`)} for ${report.target}:`);
  const rows = report.files.map(({path, bytes}) => [relative('.', path) || path, `${(bytes / 1_000).toFixed(1)} kB`]);
  for (const line of table([{title: 'file'}, {title: 'size', align: 'right'}], rows, dim)) terminal.print(line);
}
