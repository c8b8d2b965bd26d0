import {readFile, writeFile} from 'node:fs/promises';
import {type Command, InvalidArgumentError} from 'commander';
import {
  COMPRESSION_METHODS,
  type Compression,
  compressionMethods,
  compressOnnx,
  compressVersion,
  findModel,
  type MethodOptions,
  onnxMethods,
  readNumberRows,
  versionToExport,
} from '../../app/index.ts';
import {MillraceError} from '../../protocol/index.ts';
import {compressionLines, onnxCompressionLines} from '../compression-text.ts';
import {EXIT} from '../exit-codes.ts';
import {catchInterrupt} from '../interrupt.ts';
import {type ProjectOptions, positiveInteger, projectOptions} from '../options.ts';
import {Progress} from '../terminal/progress.ts';
import type {Terminal} from '../terminal/terminal.ts';
import {gateLines} from '../version-text.ts';
import {withRuntime} from '../with-runtime.ts';

type Options = ProjectOptions &
  MethodOptions & {
    readonly version?: number;
    readonly method: string;
    readonly register?: true;
    readonly out?: string;
    readonly onnx?: string;
    readonly rank?: number;
    readonly energy?: number;
    readonly rows?: string;
    readonly seed: number;
    readonly threads?: number;
    readonly json?: true;
  };

export function compressCommand(program: Command, terminal: Terminal): void {
  projectOptions(program.command('compress'))
    .summary('make a version, or an ONNX network, smaller and show what it costs')
    .description(
      'Makes a smaller model of a version and compares both on its test split: size, latency, quality overall and by slice. With --register it goes through the same gates as a training and becomes a version of its own. With --onnx, the dense layers of a file.',
    )
    .argument('[model]', 'may be left out if the project has one')
    .option('--version <n>', 'which one (default: the one in production, or the newest)', positiveInteger)
    .requiredOption(
      '--method <names>',
      `${COMPRESSION_METHODS.join(', ')}; several with commas; with --onnx: int8, low-rank`,
    )
    .option('--trees <n>', 'prune: trees kept; distil: trees of the student', positiveInteger)
    .option('--leaves <n>', 'prune: leaves of a tree on average; distil: of a tree of the student', positiveInteger)
    .option('--tolerance <loss>', 'prune: log loss that it may cost on the validation split (default: 0.0005)', share)
    .option('--student <kind>', 'distil: trees or linear (default: trees)', studentKind)
    .option('--extra-rows <n>', 'distil: rows mixed from the training rows, labelled by the teacher', positiveInteger)
    .option('--register', 'register it as a new version if it can be judged')
    .option('--onnx <file>', 'compress this file instead of a version')
    .option('--out <file>', 'where the smaller ONNX file goes')
    .option('--rank <n>', 'low-rank: rank of every layer', positiveInteger)
    .option('--energy <share>', 'low-rank: share of the squared singular values that stays (default: 0.95)', share)
    .option('--rows <file>', 'with --onnx: rows to compare on, .npy or .csv (default: random ones)')
    .option('--seed <n>', 'of random rows', positiveInteger, 1)
    .option('--threads <n>', 'threads of training and queries (default: all cores)', positiveInteger)
    .option('--json', 'print the report as JSON')
    .addHelpText(
      'after',
      '\nExample:\n  millrace compress lateness --method prune,quantise-8 --register\n  millrace compress --onnx net.onnx --out small.onnx --method int8',
    )
    .action((model: string | undefined, options: Options) =>
      options.onnx === undefined ? version(model, options, terminal) : network(options, options.onnx, terminal),
    );
}

async function version(model: string | undefined, options: Options, terminal: Terminal): Promise<void> {
  const methods = compressionMethods(options.method, options);
  const progress = new Progress(terminal);
  const interrupt = catchInterrupt();
  try {
    const made = await withRuntime(options, async runtime => {
      const definition = findModel(runtime.project, model);
      return compressVersion(runtime, definition, {
        version: await versionToExport(runtime, definition, options.version),
        methods,
        register: options.register === true,
        now: () => performance.now(),
        signal: interrupt.signal,
        onStep: (title, done, of) => progress.update({title, done, of}),
      });
    });
    progress.clear();
    print(made, options, terminal);
  } finally {
    progress.clear();
    interrupt.dispose();
  }
}

function print({report, registered}: Compression, options: Options, terminal: Terminal): void {
  if (registered?.evaluation.passed === false) process.exitCode = EXIT.gatesFailed;
  if (options.json) {
    terminal.printJson({...report, registered: registered?.version ?? null});
    return;
  }
  for (const line of compressionLines(report, terminal.style)) terminal.print(line);
  if (registered === null) return;
  const {model, version: number, evaluation} = registered;
  terminal.print();
  for (const line of gateLines(evaluation, terminal.style)) terminal.print(line);
  terminal.print();
  terminal.print(
    evaluation.passed
      ? `Registered version ${number}. Deploy it: millrace deploy ${model} --version ${number}`
      : `Registered version ${number} as rejected: it did not pass its gates.`,
  );
}

async function network(options: Options, path: string, terminal: Terminal): Promise<void> {
  if (options.out === undefined)
    throw new MillraceError('USAGE', '--onnx needs a place for the smaller file.', {fix: 'Add --out small.onnx.'});
  const methods = onnxMethods(options.method, options);
  const rows = options.rows === undefined ? undefined : await readNumberRows(options.rows);
  const onnx = await readFile(path).catch(cause => {
    throw new MillraceError('SOURCE_NOT_FOUND', `'${path}' cannot be read.`, {cause, fix: 'Give a file that exists.'});
  });
  const {bytes, report} = await compressOnnx(onnx, {
    methods,
    seed: options.seed,
    now: () => performance.now(),
    ...(rows === undefined ? {} : {rows}),
  });
  await writeFile(options.out, bytes);
  if (options.json) terminal.printJson(report);
  else for (const line of onnxCompressionLines(report, terminal.style)) terminal.print(line);
}

function share(text: string): number {
  const value = Number(text);
  if (text.trim() !== '' && value > 0 && value <= 1) return value;
  throw new InvalidArgumentError('It must be a number above 0 and up to 1.');
}

function studentKind(text: string): string {
  if (text === 'trees' || text === 'linear') return text;
  throw new InvalidArgumentError('It must be trees or linear.');
}
