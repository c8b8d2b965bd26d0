import type {Command} from 'commander';
import {type LogPlan, planTruncation, type Runtime, truncateLog} from '../../app/index.ts';
import {formatDuration} from '../../protocol/index.ts';
import {type ProjectOptions, projectOptions} from '../options.ts';
import {count, plural} from '../terminal/figures.ts';
import {table} from '../terminal/table.ts';
import type {Terminal} from '../terminal/terminal.ts';
import {withRuntime} from '../with-runtime.ts';

type Options = ProjectOptions & {readonly dryRun?: true; readonly json?: true};

export function logCommand(program: Command, terminal: Terminal): void {
  const log = program
    .command('log')
    .summary('how much the event log holds, and what of it may go')
    .description(
      'Events whose sources declare a retention leave the log when no feature window or label needs them; the archive keeps them. A server does this once a day.',
    )
    .addHelpText('after', '\nExample:\n  millrace log status');

  projectOptions(log.command('status'))
    .description('Shows where the log begins and ends, how long each stream is kept and why, and what may go now.')
    .option('--json', 'print as JSON')
    .addHelpText('after', '\nExample:\n  millrace log status')
    .action((options: Options) => status(options, terminal));

  projectOptions(log.command('truncate'))
    .description('Archives everything, then drops from the log what no stream needs any more: whole files of 64 MiB.')
    .option('--dry-run', 'only say what would go')
    .option('--json', 'print as JSON')
    .addHelpText('after', '\nExample:\n  millrace log truncate --dry-run')
    .action((options: Options) => truncate(options, terminal));
}

async function status(options: Options, terminal: Terminal): Promise<void> {
  await withRuntime(options, async runtime => {
    const plan = await planTruncation(runtime);
    if (options.json) {
      terminal.printJson({...plan, streams: streamsOf(runtime, plan)});
      return;
    }
    terminal.print(`The log holds positions ${count(plan.start)} to ${count(plan.end)}.`);
    const right = (title: string) => ({title, align: 'right' as const});
    const rows = streamsOf(runtime, plan).map(({stream, events, archived, keepMs, because}) => [
      stream,
      count(events),
      count(archived),
      keepMs === null ? 'for ever' : formatDuration(keepMs),
      because,
    ]);
    const columns = [{title: 'stream'}, right('events'), right('archived'), {title: 'kept'}, {title: 'because'}];
    for (const line of table(columns, rows, terminal.style.dim)) terminal.print(line);
    terminal.print(`\n  ${whatGoes(plan)}`);
  });
}

async function truncate(options: Options, terminal: Terminal): Promise<void> {
  await withRuntime(options, async runtime => {
    if (options.dryRun) {
      const plan = await planTruncation(runtime);
      if (options.json) terminal.printJson(plan);
      else terminal.print(whatGoes(plan));
      return;
    }
    const done = await truncateLog(runtime);
    const dropped = done.newStart - done.start;
    if (options.json) terminal.printJson(done);
    else if (dropped > 0)
      terminal.print(`${plural(dropped, 'event')} left the log, which now begins at ${count(done.newStart)}.`);
    else terminal.print(`Nothing left the log. ${whatGoes(done)}`);
  });
}

const streamsOf = ({gate, archive}: Runtime, {needs}: LogPlan) =>
  needs.map(need => ({
    ...need,
    events: gate.report(need.stream).events,
    archived: archive.partitions(need.stream).reduce((sum, {rows}) => sum + rows, 0),
  }));

/** Whole files go, so less may go than may. */
function whatGoes({start, position, heldBy}: LogPlan): string {
  const held = heldBy ? ` The next one is of '${heldBy.stream}': ${heldBy.because}.` : '';
  return position === start
    ? `No event may go.${held}`
    : `${plural(position - start, 'event')} may go, as far as they fill whole files.${held}`;
}
