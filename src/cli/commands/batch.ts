import {type Command, InvalidArgumentError} from 'commander';
import {type BatchResult, findModel, type RequestSource, runBatch} from '../../app/index.ts';
import {type Duration, durationMs, MillraceError} from '../../protocol/index.ts';
import {catchInterrupt} from '../interrupt.ts';
import {type ProjectOptions, positiveInteger, projectOptions, utcTime} from '../options.ts';
import {count, moment, plural, seconds} from '../terminal/figures.ts';
import {Progress} from '../terminal/progress.ts';
import type {Terminal} from '../terminal/terminal.ts';
import {withRuntime} from '../with-runtime.ts';

type Options = ProjectOptions & {
  readonly from?: string;
  readonly sql?: string;
  readonly seen?: number;
  readonly out: string;
  readonly asOf?: number;
  readonly version?: number;
  readonly partitionRows?: number;
  readonly features?: true;
  readonly toOnline?: true;
  readonly restart?: true;
  readonly json?: true;
};

export function batchCommand(program: Command, terminal: Terminal): void {
  projectOptions(program.command('batch'))
    .summary('predict for a file, a query or all that was asked of late')
    .description(
      'Predicts for many requests as of a time and writes Parquet files. Repeat the command after a stop of any kind: it goes on with the first part that is missing, and the files are the same.',
    )
    .argument('[model]', 'may be left out if the project has one')
    .option(
      '--from <file>',
      'requests from a .parquet, .csv or .jsonl; id and at (the time of the row) may stand beside the fields',
    )
    .option('--sql <select>', 'requests from a query; streams are tables by their names, with _time, _id and _arrival')
    .option('--seen <duration>', 'the distinct requests of the decisions of the last while, such as 30d', duration)
    .requiredOption('--out <folder>', 'where the predictions go: part-00000.parquet, … and manifest.json')
    .option('--as-of <time>', 'what was not known then is not used (default: now)', utcTime)
    .option('--version <n>', 'version of the model (default: the champion)', positiveInteger)
    .option('--partition-rows <n>', 'rows of a part (default: 100,000)', positiveInteger)
    .option('--features', 'write the features beside the predictions')
    .option('--to-online', 'serve these predictions as the ones made beforehand')
    .option('--restart', 'begin anew, whatever stands in the folder')
    .option('--json', 'print the record of the run as JSON')
    .addHelpText(
      'after',
      '\nExample:\n  millrace batch lateness --seen 30d --as-of 2001-06-01 --out predictions/2001-06-01',
    )
    .action((model: string | undefined, options: Options) => batch(model, options, terminal));
}

function duration(text: string): number {
  try {
    return durationMs(text as Duration);
  } catch {
    throw new InvalidArgumentError('It must be a number and a unit of ms, s, m, h or d, such as 30d.');
  }
}

/** Throws USAGE unless exactly one is named. */
function sourceOf({from, sql, seen}: Options): RequestSource {
  const sources: RequestSource[] = [];
  if (from !== undefined) sources.push({kind: 'file', path: from});
  if (sql !== undefined) sources.push({kind: 'query', sql});
  if (seen !== undefined) sources.push({kind: 'seen', withinMs: seen});
  if (sources.length === 1) return sources[0]!;
  throw new MillraceError(
    'USAGE',
    sources.length === 0 ? 'It is not said what to predict for.' : 'More than one thing is said to predict for.',
    {fix: 'Give one of --from <file>, --sql <select> and --seen <duration>.'},
  );
}

const TITLES = {requests: 'reading the requests', predicting: 'predicting', online: 'writing to the online store'};

async function batch(model: string | undefined, options: Options, terminal: Terminal): Promise<void> {
  const source = sourceOf(options);
  const {json, project, data, from, sql, seen, ...others} = options;
  const progress = new Progress(terminal);
  const interrupt = catchInterrupt(() => terminal.note('Stopping. The same command goes on from here.'));
  try {
    const result = await withRuntime(options, runtime =>
      runBatch(runtime, findModel(runtime.project, model), {
        ...others,
        source,
        signal: interrupt.signal,
        onProgress: (step, done, of) => progress.update({title: TITLES[step], done, of, unit: 'rows'}),
      }),
    ).finally(() => progress.clear());
    for (const problem of result.problems) terminal.note(problem);
    if (json)
      terminal.printJson({out: result.out, resumed: result.resumed, seconds: result.seconds, ...result.manifest});
    else for (const line of summary(result, terminal.style)) terminal.print(line);
  } finally {
    interrupt.dispose();
  }
}

function summary({manifest, out, resumed, seconds: took}: BatchResult, {bold, dim}: Terminal['style']): string[] {
  const {model, version, rows, asOf, partitions, online} = manifest;
  const fact = (name: string, value: string) => `  ${dim(name.padEnd(12))}${value}`;
  const made = rows - resumed;
  const rate = made > 0 ? `, ${count(made / took)} rows/s` : '';
  return [
    bold(`${plural(rows, 'prediction')} of '${model}', version ${version}, as of ${moment(asOf)} UTC`),
    fact('written', `${out}, ${plural(partitions.length, 'part')}`),
    ...(resumed > 0 ? [fact('stood', `${plural(resumed, 'row')} from before`)] : []),
    ...(online ? [fact('online', `${plural(online.entries, 'request')} answered from this run`)] : []),
    fact('took', `${seconds(took)}${rate}`),
  ];
}
