import {setTimeout as wait} from 'node:timers/promises';
import {type Command, InvalidArgumentError} from 'commander';
import {ConsistencyRuns, findModel, loadProject, openRuntime} from '../../app/index.ts';
import {type ConsistencyRun, MillraceError, type SkewExample} from '../../protocol/index.ts';
import {EXIT} from '../exit-codes.ts';
import {type ReaderOptions, readerOptions, utcTime} from '../options.ts';
import {serverClient} from '../server-client.ts';
import {findServer} from '../server-file.ts';
import {count, day, metric, moment, percent, plural, seconds} from '../terminal/figures.ts';
import {Progress} from '../terminal/progress.ts';
import {table} from '../terminal/table.ts';
import type {Terminal} from '../terminal/terminal.ts';
import {folderOf} from '../with-runtime.ts';

type Range = {readonly sample?: number; readonly from?: number; readonly to?: number};
type Options = ReaderOptions & Range & {readonly json?: true};

const POLL_MS = 300;

export function consistencyCommand(program: Command, terminal: Terminal): void {
  readerOptions(program.command('consistency'))
    .summary('compare served features with what the event log gives')
    .description(
      'Computes feature vectors that were served to a model again, from the event log as it stood then, and compares them bit for bit. Exits with 1 if any value differs. A server that has the data open does it itself; its record is kept either way.',
    )
    .argument('[model]', 'may be left out if the project has one')
    .option('--sample <share>', 'share of keys, such as 0.1 (default: as the policy of the model has it)', share)
    .option('--from <time>', 'predictions from this time on (default: as the policy has it)', utcTime)
    .option('--to <time>', 'predictions before this time (default: now)', utcTime)
    .option('--json', 'print the run as JSON')
    .addHelpText('after', '\nExample:\n  millrace consistency lateness --sample 0.1 --from 2001-04-01')
    .action((model: string | undefined, options: Options) => consistency(model, options, terminal));
}

function share(text: string): number {
  const value = Number(text);
  if (text.trim() !== '' && value > 0 && value <= 1) return value;
  throw new InvalidArgumentError('It must be a share above 0, up to 1.');
}

async function consistency(model: string | undefined, options: Options, terminal: Terminal): Promise<void> {
  const progress = new Progress(terminal);
  progress.update({title: 'comparing served features', done: 0, of: null});
  const run = await compare(model, options).finally(() => progress.clear());
  if (options.json) terminal.printJson(run);
  else for (const line of runText(run, terminal.style)) terminal.print(line);
  if (run.mismatches > 0) process.exitCode = EXIT.failed;
}

/** By the server that has the data open, or else here. */
async function compare(model: string | undefined, options: Options): Promise<ConsistencyRun> {
  const {sample, from, to} = options;
  const range: Range = {
    ...(sample === undefined ? {} : {sample}),
    ...(from === undefined ? {} : {from}),
    ...(to === undefined ? {} : {to}),
  };
  const project = await loadProject(options.project);
  const definition = findModel(project, model);
  const folder = folderOf(project, options);
  const url = options.url ?? (await findServer(folder));
  if (url !== null) return compareThere(url, definition.name, range);
  const runtime = await openRuntime(project, {folder});
  try {
    return await new ConsistencyRuns(runtime).run(definition, range);
  } finally {
    await runtime.close();
  }
}

async function compareThere(url: string, model: string, range: Range): Promise<ConsistencyRun> {
  const client = serverClient(url);
  const {number} = await client.checkConsistency(model, range);
  for (;;) {
    await wait(POLL_MS);
    const run = (await client.consistency(model)).find(candidate => candidate.number === number);
    if (run?.state === 'done') return run;
    if (run?.state === 'running') continue;
    throw new MillraceError('INTERNAL', `The consistency run failed: ${run?.error ?? 'the server was stopped'}.`, {
      fix: "See the server's own output, and run it again.",
    });
  }
}

function runText(run: ConsistencyRun, {bold, dim, green, red, yellow}: Terminal['style']): string[] {
  const about = dim(
    `${count(run.predictions)} predictions of ${run.from === null ? 'all time' : moment(run.from)} to ${moment(run.to)} UTC, ${run.sample === 1 ? 'all keys' : `${percent(run.sample)} of keys (${run.keys.join(', ')})`}, ${seconds(run.seconds)}`,
  );
  if (run.values === 0)
    return [yellow(`Nothing to compare: no prediction of '${run.model}' lies in this time range.`), about];
  const compared = `${count(run.values)} values of ${run.features.length} features compared`;
  if (run.mismatches === 0) return [green(`No skew: ${compared}, 0 differ.`), about];
  const right = (title: string) => ({title, align: 'right' as const});
  const differing = run.features.filter(f => f.mismatches + f.missing + f.extra > 0);
  return [
    red(
      `Skew: ${compared}, ${count(run.mismatches)} ${run.mismatches === 1 ? 'differs' : 'differ'}, in ${plural(differing.length, 'feature')}.`,
    ),
    about,
    '',
    ...table(
      [{title: 'feature'}, ...['compared', 'mismatch', 'missing', 'extra', 'SMAPE', 'largest'].map(right)],
      differing.map(f => [
        f.feature,
        ...[f.compared, f.mismatches, f.missing, f.extra].map(count),
        metric(f.smape, 6),
        f.maxDifference === 0 ? '–' : f.maxDifference.toPrecision(3),
      ]),
      dim,
    ),
    '',
    ...differing.slice(0, 5).flatMap(f => [bold(f.feature), ...f.examples.slice(0, 2).map(exampleText)]),
  ];
}

const exampleText = ({id, at, position, served, recomputed, request}: SkewExample): string =>
  `  ${id}, ${day(at)} (${at}), log position ${count(position)}: served ${JSON.stringify(served)}, recomputed ${JSON.stringify(recomputed)}, ${JSON.stringify(request)}`;
