import {resolve} from 'node:path';
import type {Command} from 'commander';
import {findModel, trainingSetOf, writeTrainingSet} from '../../app/index.ts';
import type {DatasetRecord} from '../../protocol/index.ts';
import {type ProjectOptions, projectOptions, utcTime} from '../options.ts';
import {count, moment, percent, seconds} from '../terminal/figures.ts';
import {Progress} from '../terminal/progress.ts';
import type {Terminal} from '../terminal/terminal.ts';
import {trainingSpan} from '../training-span.ts';
import {withRuntime} from '../with-runtime.ts';

type Options = ProjectOptions & {
  readonly asOf?: number;
  readonly from?: number;
  readonly out?: string;
  readonly json?: true;
};

export function datasetCommand(program: Command, terminal: Terminal): void {
  projectOptions(program.command('dataset'))
    .summary('build a training set as of a time')
    .description(
      'Builds the training set of a model: one row per decision, features as of the decision, labels as they were known at the given time. Prints its record: rows, hash, and what the leakage checks found.',
    )
    .argument('[model]', 'may be left out if the project has one')
    .option('--as-of <time>', 'what was not known then is not used (default: now)', utcTime)
    .option('--from <time>', 'decisions from this time on (default: all)', utcTime)
    .option('--out <file>', 'write it as Parquet: time, label, features')
    .option('--json', 'print the record as JSON')
    .addHelpText('after', '\nExample:\n  millrace dataset --as-of 2001-04-01 --out training.parquet')
    .action((model: string | undefined, options: Options) => dataset(model, options, terminal));
}

async function dataset(model: string | undefined, options: Options, terminal: Terminal): Promise<void> {
  const progress = new Progress(terminal);
  await withRuntime(options, async runtime => {
    const definition = findModel(runtime.project, model);
    const set = await trainingSetOf(runtime, definition, {
      ...trainingSpan(runtime, definition, options),
      onStep: (message, done, of) => progress.update({title: message, done, of}),
    }).finally(() => progress.clear());
    if (options.out !== undefined) {
      await writeTrainingSet(runtime, definition, set, resolve(options.out));
      terminal.note(`Wrote ${options.out}.`);
    }
    if (options.json) terminal.printJson(set.record);
    else for (const line of recordLines(set.record, terminal.style)) terminal.print(line);
  });
}

function recordLines(record: DatasetRecord, {bold, dim, green, yellow, red}: Terminal['style']): string[] {
  const fact = (name: string, value: string) => `  ${dim(name.padEnd(12))}${value}`;
  const marks = {ok: green('✓'), warn: yellow('!'), block: red('✗')};
  return [
    bold(record.id),
    fact('decisions', `${moment(record.from)} to ${moment(record.to)}, as known at ${moment(record.asOf)} (UTC)`),
    fact('rows', `${count(record.rows)}, ${percent(record.positives / record.rows)} positive`),
    fact('left out', `${count(record.pending)} pending, ${count(record.unknown)} without a label`),
    fact('features', `${record.features.length}: ${record.features.join(', ')}`),
    fact('hash', record.hash),
    fact('took', seconds(record.seconds)),
    ...alike(record.leakage).map(([{check, severity, message}, features]) => {
      const of = features.length > 3 ? ` (${count(features.length)} features)` : features.map(f => ` ${f}`).join(',');
      return fact('leakage', `${marks[severity]} ${check}${of}: ${message}`);
    }),
  ];
}

/** Findings that differ in their feature only, with those features. */
function alike(findings: DatasetRecord['leakage']): [DatasetRecord['leakage'][number], string[]][] {
  const groups = new Map<string, [DatasetRecord['leakage'][number], string[]]>();
  for (const finding of findings) {
    const key = JSON.stringify([finding.check, finding.severity, finding.message]);
    const group = groups.get(key) ?? [finding, []];
    if (finding.feature !== null) group[1].push(finding.feature);
    groups.set(key, group);
  }
  return [...groups.values()];
}
