import type {Command} from 'commander';
import {findSource, type IngestReport, ingestHistory, prepareSources, type Runtime} from '../../app/index.ts';
import {type CheckStatus, formatDuration} from '../../protocol/index.ts';
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
      const reports: IngestReport[] = [];
      try {
        // One by one: those before a source that cannot be loaded are in, and are told of.
        for (const source of sources)
          reports.push(
            ...(await ingestHistory(runtime, [source], {
              ...(options.until === undefined ? {} : {until: options.until}),
              onProgress: (stream, rows) => {
                interrupt.signal.throwIfAborted();
                progress.update({title: stream, done: rows, of: null, unit: 'rows'});
              },
            })),
          );
      } catch (error) {
        progress.clear();
        if (reports.length > 0 && !options.json) printReports(reports, terminal);
        throw error;
      }
      progress.clear();
      const checks = gate
        .checkStatus()
        .filter(({stream}) => reports.some(report => report.stream === stream))
        .filter(({count: times, state}) => times > 0 || state === 'violated');
      for (const {name, from} of sources)
        if (from?.kind !== 'file' && (streams.length > 0 || reports.length === 0))
          terminal.note(
            `'${name}' has no files to load: ${from === null ? `push its events to /v1/events/${name}` : `it is followed from ${from.kind} while millrace serve runs`}.`,
          );
      if (options.json) terminal.printJson({reports, checks});
      else {
        printReports(reports, terminal);
        printChecks(checks, runtime, terminal);
        for (const {stream, late} of reports)
          if (late > 0)
            terminal.print(
              `  '${stream}' has events later than ${formatDuration(findSource(project, stream).latenessMs)}: kept, but used by no feature.`,
            );
      }
    });
  } finally {
    progress.clear();
    interrupt.dispose();
  }
}

const right = (title: string) => ({title, align: 'right' as const});

function printReports(reports: readonly IngestReport[], terminal: Terminal): void {
  if (reports.length === 0) return;
  const titles = ['rows', 'accepted', 'rejected', 'duplicates', 'late', 'skipped', 'time', 'rows/s'];
  const rows = reports.map(r => [
    r.stream,
    ...[r.rows, r.accepted, r.rejected, r.duplicates, r.late, r.skipped].map(count),
    seconds(r.seconds),
    r.seconds > 0 ? count((r.rows - r.skipped) / r.seconds) : '–',
  ]);
  for (const line of table([{title: 'stream'}, ...titles.map(right)], rows, terminal.style.dim)) terminal.print(line);
}

function printChecks(checks: readonly CheckStatus[], {folder}: Runtime, terminal: Terminal): void {
  if (checks.length === 0) return;
  const rows = checks.map(c => [c.stream, c.check, outcomeOf(c), count(c.count), c.example ?? '', c.detail]);
  const titles = [{title: 'stream'}, {title: 'check'}, {title: 'outcome'}, right('times')];
  terminal.print();
  for (const line of table([...titles, {title: 'such as'}, {title: 'now'}], rows, terminal.style.dim))
    terminal.print(line);
  if (checks.some(({action, count: times}) => action === 'reject' && times > 0))
    terminal.print(`\n  Rejected rows are kept in ${folder}/quarantine.jsonl: millrace quarantine list shows them.`);
}

/** What a check did, in a word. */
function outcomeOf({action, count: times}: CheckStatus): string {
  if (times === 0) return 'violated';
  return action === 'reject' ? 'rejected' : action === 'stop' ? 'stopped' : 'warned';
}
