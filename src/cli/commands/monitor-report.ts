import {writeFileSync} from 'node:fs';
import {type Command, InvalidArgumentError, Option} from 'commander';
import {DRIFT_MEASURES, type DriftMeasure, htmlReport, reportFiles, type TableReport} from '../../app/index.ts';
import {MillraceError} from '../../protocol/index.ts';
import {EXIT} from '../exit-codes.ts';
import {positiveInteger, utcTime} from '../options.ts';
import {Progress} from '../terminal/progress.ts';
import type {Terminal} from '../terminal/terminal.ts';
import {reportText} from './monitor-report-text.ts';

const FAIL_ON = ['drift', 'quality', 'none'] as const;

type Options = {
  readonly time?: string;
  readonly splitAt?: number;
  readonly prediction?: string;
  readonly target?: string;
  readonly positive?: string;
  readonly except: readonly string[];
  readonly effect?: number;
  readonly alpha?: number;
  readonly minRows?: number;
  readonly measure: readonly DriftMeasure[];
  readonly failOn: (typeof FAIL_ON)[number];
  readonly html?: string;
  readonly json?: true;
};

export function reportCommand(monitor: Command, terminal: Terminal): void {
  monitor
    .command('report')
    .summary('compare two files, or one before and after a time')
    .description(
      `Compares each column of the current rows with the reference: drift (beyond chance and large enough to matter, over all columns at once), changes of the schema, data quality, and measured performance where a prediction and a target are named. Exits with ${EXIT.reportFailed} if something drifts or is broken.`,
    )
    .argument('<reference>', 'a Parquet or CSV file, or a glob of them')
    .argument('[current]', 'likewise; without it: rows of the reference from --split-at on')
    .option('--time <column>', 'the column of times')
    .option('--split-at <time>', 'where the current rows begin (UTC)', utcTime)
    .option('--prediction <column>', 'what a model answered: probabilities, classes or values')
    .option('--target <column>', 'what happened; missing where it is not known yet')
    .option('--positive <value>', 'the value of the target that a probability is of')
    .option('--except <column>', 'is not compared; may be given again', collected, [])
    .option('--effect <psi>', 'smallest effect that is called drift (default: 0.08)', share)
    .option('--alpha <share>', 'false discovery rate over all columns (default: 0.01)', share)
    .option('--min-rows <n>', 'fewer rows give no verdict (default: by the power of the test)', positiveInteger)
    .option(
      '--measure <name>',
      `also compute ${DRIFT_MEASURES.join(', ')}; for --json; may be given again`,
      measure,
      [],
    )
    .addOption(
      new Option('--fail-on <what>', 'drift (and all that is worse), quality (broken data only) or none')
        .choices(FAIL_ON)
        .default('drift'),
    )
    .option('--html <file>', 'also write it as one page that needs nothing else')
    .option('--json', 'print the report as JSON')
    .addHelpText(
      'after',
      '\nExample:\n  millrace monitor report train.parquet today.csv --prediction score --target bought --html report.html\n  millrace monitor report flights.parquet --time departure --split-at 2001-03-01',
    )
    .action((reference: string, current: string | undefined, options: Options) =>
      report(reference, current ?? null, options, terminal),
    );
}

async function report(reference: string, current: string | null, options: Options, terminal: Terminal): Promise<void> {
  if ((options.prediction === undefined) !== (options.target === undefined))
    throw new MillraceError('USAGE', 'A prediction and a target are compared with each other: only one was named.', {
      fix: 'Give both --prediction and --target, or neither.',
    });
  const {effect, alpha, minRows, except, measure: measures} = options;
  const progress = new Progress(terminal);
  progress.update({title: 'comparing columns', done: 0, of: null});
  const result = await reportFiles({
    ...options,
    reference,
    current,
    except,
    measures,
    ...(effect === undefined ? {} : {effect}),
    ...(alpha === undefined ? {} : {alpha}),
    minRows: minRows ?? null,
  }).finally(() => progress.clear());
  if (options.html !== undefined) writePage(options.html, htmlReport(result));
  if (options.json) terminal.printJson(result);
  else for (const line of reportText(result, terminal.style)) terminal.print(line);
  if (options.html !== undefined) terminal.note(`The page is ${options.html}.`);
  if (fails(result, options.failOn)) process.exitCode = EXIT.reportFailed;
}

function writePage(path: string, page: string): void {
  try {
    writeFileSync(path, page);
  } catch (error) {
    const {message} = error as Error;
    throw new MillraceError('USAGE', `The page cannot be written: ${message}.`, {
      fix: 'Name a file in a folder that is there and may be written to.',
      cause: error,
    });
  }
}

function fails({verdict}: TableReport, on: Options['failOn']): boolean {
  if (on === 'none') return false;
  return verdict === 'broken' || (on === 'drift' && verdict === 'drift');
}

const collected = (name: string, before: readonly string[]): readonly string[] => [...before, name];

function measure(name: string, before: readonly DriftMeasure[]): readonly DriftMeasure[] {
  const found = DRIFT_MEASURES.find(known => known === name);
  if (found) return [...before, found];
  throw new InvalidArgumentError(`There are ${DRIFT_MEASURES.join(', ')}.`);
}

function share(text: string): number {
  const value = Number(text);
  if (text.trim() !== '' && value > 0) return value;
  throw new InvalidArgumentError('It must be a number above 0.');
}
