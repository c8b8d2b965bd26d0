import type {Command} from 'commander';
import {findSource, ingestHistory, prepareSources} from '../../app/index.ts';
import {formatDuration} from '../../protocol/index.ts';
import {catchInterrupt} from '../interrupt.ts';
import {type ProjectOptions, positiveInteger, projectOptions, utcTime} from '../options.ts';
import {count, seconds} from '../terminal/figures.ts';
import {Progress} from '../terminal/progress.ts';
import {table} from '../terminal/table.ts';
import type {Terminal} from '../terminal/terminal.ts';
import {withRuntime} from '../with-runtime.ts';

type Options = ProjectOptions & {readonly rows?: number; readonly until?: number; readonly json?: true};

export function ingestCommand(program: Command, terminal: Terminal): void {
  projectOptions(program.command('ingest'))
    .summary('load the history of the sources into the event log')
    .description(
      'Makes the files of the sources if the project knows how, and loads them. What a load before has taken is skipped, so an interrupted load is resumed by running it again.',
    )
    .argument('[streams...]', 'streams to load (default: all that have files)')
    .option('--rows <n>', 'ask the project to prepare only the first rows in time', positiveInteger)
    .option('--until <time>', 'only events before this time (UTC)', utcTime)
    .option('--json', 'print the reports as JSON')
    .addHelpText('after', '\nExample:\n  millrace ingest --until 2001-04-01')
    .action((streams: string[], options: Options) => ingest(streams, options, terminal));
}

async function ingest(streams: readonly string[], options: Options, terminal: Terminal): Promise<void> {
  const progress = new Progress(terminal);
  const interrupt = catchInterrupt();
  try {
    await withRuntime(options, async runtime => {
      const {project, gate} = runtime;
      const sources = streams.length === 0 ? project.sources : streams.map(name => findSource(project, name));
      await prepareSources(runtime, options.rows, line => terminal.note(line));
      const reports = await ingestHistory(runtime, sources, {
        ...(options.until === undefined ? {} : {until: options.until}),
        onProgress: (stream, rows) => {
          interrupt.signal.throwIfAborted();
          progress.update({title: stream, done: rows, of: null, unit: 'rows'});
        },
      });
      progress.clear();
      const refused = reports.flatMap(({stream}) =>
        gate
          .report(stream)
          .checks.filter(check => check.count > 0)
          .map(check => ({stream, ...check})),
      );
      if (options.json) {
        terminal.printJson({reports, checks: refused});
        return;
      }
      const {dim} = terminal.style;
      const right = (title: string) => ({title, align: 'right' as const});
      for (const line of table(
        [
          {title: 'stream'},
          ...['rows', 'accepted', 'rejected', 'duplicates', 'late', 'skipped', 'time', 'rows/s'].map(right),
        ],
        reports.map(r => [
          r.stream,
          ...[r.rows, r.accepted, r.rejected, r.duplicates, r.late, r.skipped].map(count),
          seconds(r.seconds),
          r.seconds > 0 ? count((r.rows - r.skipped) / r.seconds) : '–',
        ]),
        dim,
      ))
        terminal.print(line);
      if (refused.length === 0) return;
      terminal.print();
      for (const line of table(
        [{title: 'stream'}, {title: 'check'}, {title: 'action'}, right('events'), {title: 'such as'}],
        refused.map(c => [c.stream, c.check, c.action, count(c.count), c.example ?? '']),
        dim,
      ))
        terminal.print(line);
      if (refused.some(c => c.action === 'reject'))
        terminal.print(`\n  Rejected rows are kept in ${runtime.folder}/quarantine.jsonl.`);
      const lates = reports.filter(r => r.late > 0).map(({stream}) => findSource(project, stream));
      for (const {name, latenessMs} of lates)
        terminal.print(
          `  '${name}' has events later than ${formatDuration(latenessMs)}: kept, but used by no feature.`,
        );
    });
  } finally {
    progress.clear();
    interrupt.dispose();
  }
}
