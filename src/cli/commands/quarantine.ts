import type {Command} from 'commander';
import {
  discardQuarantined,
  findSource,
  loadProject,
  openRuntime,
  QuarantineCounts,
  quarantinePage,
  replayWaiting,
  whoTypes,
} from '../../app/index.ts';
import type {QuarantinePage, QuarantineReplay} from '../../protocol/index.ts';
import {offsetOf, type ProjectOptions, positiveInteger, projectOptions} from '../options.ts';
import {serverClient} from '../server-client.ts';
import {findServer} from '../server-file.ts';
import {count, moment, plural} from '../terminal/figures.ts';
import {table} from '../terminal/table.ts';
import type {Terminal} from '../terminal/terminal.ts';
import {folderOf, withRuntime} from '../with-runtime.ts';

type Options = ProjectOptions & {readonly limit?: number; readonly reason?: string; readonly json?: true};

export function quarantineCommand(program: Command, terminal: Terminal): void {
  const quarantine = program
    .command('quarantine')
    .summary('read, replay or give up the rows that were refused')
    .description('Rows that broke the schema or a rejecting check wait here, whole, until they are mended or given up.')
    .addHelpText('after', '\nExample:\n  millrace quarantine list orders');

  projectOptions(quarantine.command('list'))
    .description('Lists the rows that wait and why, oldest first. A running server is asked.')
    .argument('[stream]', 'only of this stream')
    .option('--limit <n>', 'rows of each stream', positiveInteger, 20)
    .option('--json', 'print as JSON')
    .addHelpText('after', '\nExample:\n  millrace quarantine list orders --limit 5')
    .action((stream: string | undefined, options: Options) => list(stream, options, terminal));

  projectOptions(quarantine.command('replay'))
    .description(
      'Pushes the rows that wait again: after a check was mended in the project file, or a duplicate was the cause. What is refused again waits on. A running server does it.',
    )
    .argument('[stream]', 'only those of this stream')
    .option('--json', 'print the counts as JSON')
    .addHelpText('after', '\nExample:\n  millrace quarantine replay orders')
    .action((stream: string | undefined, options: Options) => replay(stream, options, terminal));

  projectOptions(quarantine.command('discard'))
    .description(
      'Gives up rows by their offsets, as list shows them. They are kept, with the reason, and replayed no more.',
    )
    .argument('<offsets...>', 'of the rows', collectOffset)
    .requiredOption('--reason <text>', 'why nobody wants them')
    .option('--json', 'print as JSON')
    .addHelpText('after', '\nExample:\n  millrace quarantine discard 0 412 --reason "from a test device"')
    .action((offsets: readonly number[], options: Options) => discard(offsets, options, terminal));
}

const collectOffset = (text: string, all: readonly number[] = []): readonly number[] => [...all, offsetOf(text)];

/** What can be done with waiting rows, by a server or on the stores. */
type Waiting = {
  readonly streams: readonly string[];
  page(stream: string, limit: number): Promise<QuarantinePage>;
  replay(stream: string): Promise<QuarantineReplay>;
};

async function withWaiting<T>(options: Options, only: string | undefined, work: (waiting: Waiting) => Promise<T>) {
  const project = await loadProject(options.project);
  const streams = only === undefined ? project.sources.map(({name}) => name) : [findSource(project, only).name];
  const folder = folderOf(project, options);
  const url = await findServer(folder);
  if (url !== null) {
    const client = serverClient(url);
    return work({
      streams,
      page: (stream, limit) => client.quarantine(stream, {limit}),
      replay: stream => client.replayQuarantine(stream),
    });
  }
  const runtime = await openRuntime(project, {folder});
  try {
    const counts = new QuarantineCounts(runtime.quarantine);
    return await work({
      streams,
      page: async (stream, limit) => quarantinePage(runtime, stream, limit, await counts.read()),
      replay: stream => replayWaiting(runtime, stream),
    });
  } finally {
    await runtime.close();
  }
}

async function list(stream: string | undefined, options: Options, terminal: Terminal): Promise<void> {
  const pages = await withWaiting(options, stream, ({streams, page}) =>
    Promise.all(streams.map(name => page(name, options.limit ?? 20))),
  );
  if (options.json) {
    terminal.printJson(pages);
    return;
  }
  const {bold, dim} = terminal.style;
  const waiting = pages.filter(page => page.waiting > 0);
  if (waiting.length === 0) terminal.print('No row waits in quarantine.');
  for (const page of waiting) {
    const reasons = page.reasons.map(({check, count: rows}) => `${count(rows)} ${check}`).join(', ');
    terminal.print(`${bold(page.stream)}: ${plural(page.waiting, 'row waits', 'rows wait')} ${dim(`(${reasons})`)}`);
    const rows = page.rows.map(row => [`${row.offset}`, moment(row.at), row.message, cropped(row.text)]);
    const titles = [{title: 'offset', align: 'right' as const}, {title: 'refused'}, {title: 'why'}, {title: 'row'}];
    for (const line of table(titles, rows, dim)) terminal.print(line);
    if (page.waiting > page.rows.length) terminal.print(dim(`  … and ${count(page.waiting - page.rows.length)} more`));
  }
}

const cropped = (text: string): string => (text.length > 80 ? `${text.slice(0, 79)}…` : text);

async function replay(stream: string | undefined, options: Options, terminal: Terminal): Promise<void> {
  const counts = {accepted: 0, duplicates: 0, refused: 0, left: 0};
  await withWaiting(options, stream, async ({streams, replay: one}) => {
    for (const name of streams) {
      const done = await one(name);
      for (const key of Object.keys(counts) as (keyof typeof counts)[]) counts[key] += done[key];
    }
  });
  if (options.json) terminal.printJson(counts);
  else {
    const {accepted, duplicates, refused} = counts;
    terminal.print(
      accepted + duplicates + refused === 0
        ? 'No row waits in quarantine.'
        : `${plural(accepted, 'row')} got in, ${count(duplicates)} there already, ${count(refused)} refused again: these wait on.`,
    );
  }
}

async function discard(offsets: readonly number[], options: Options, terminal: Terminal): Promise<void> {
  const reason = options.reason ?? '';
  await withRuntime(options, ({quarantine, clock, audit}) =>
    audit.during(
      {
        who: whoTypes(),
        action: 'quarantine.discard',
        what: plural(offsets.length, 'row'),
        detail: {reason, offsets: [...offsets]},
      },
      () => discardQuarantined(quarantine, {offsets, reason, at: clock.now()}),
    ),
  );
  if (options.json) terminal.printJson({discarded: offsets.length});
  else terminal.print(`${plural(offsets.length, 'row')} given up; the quarantine keeps them with the reason.`);
}
