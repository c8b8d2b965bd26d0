import {join} from 'node:path';
import {setInterval as every} from 'node:timers/promises';
import type {Command} from 'commander';
import {type Host, loadProject, quickstart} from '../../app/index.ts';
import {formatDuration, type ManualClock, MillraceError} from '../../protocol/index.ts';
import type {RunningServer} from '../../server/index.ts';
import {catchInterrupt} from '../interrupt.ts';
import {listen, PORT} from '../listen.ts';
import {portNumber, positiveInteger} from '../options.ts';
import {EXAMPLE} from '../packaged.ts';
import {StageDisplay} from '../quickstart/stage-display.ts';
import {Story} from '../quickstart/story.ts';
import {summaryText} from '../quickstart/summary-text.ts';
import {announceServer} from '../server-file.ts';
import type {Terminal} from '../terminal/terminal.ts';

type Options = {
  readonly project: string;
  readonly folder?: string;
  readonly rows?: number;
  readonly threads?: number;
  readonly port?: number;
  readonly json?: true;
  readonly exit?: true;
};

export function quickstartCommand(program: Command, terminal: Terminal): void {
  program
    .command('quickstart')
    .summary('run the whole loop on real data, and watch it')
    .description(
      'Lives through a history: the first half is ingested, trained on and deployed; the second is replayed through the online path on a simulated clock, with monitoring, retrains and releases as they are due.',
    )
    .option('--project <path>', 'project file or its folder', EXAMPLE)
    .option('--folder <folder>', 'folder of its data, its own (default: .millrace/<project>-quickstart)')
    .option('--rows <n>', 'only the first rows in time (default: all)', positiveInteger)
    .option('--threads <n>', 'threads of trainings and queries (default: all cores)', positiveInteger)
    .option('--port <n>', `port of the server (default: ${PORT}, or the next free one; 0: any free one)`, portNumber)
    .option('--exit', 'end when done instead of serving on')
    .option('--json', 'print one JSON summary on stdout at the end')
    .addHelpText('after', '\nExample:\n  millrace quickstart --rows 300000 --exit')
    .action(options => run(options as Options, terminal));
}

async function run(options: Options, terminal: Terminal): Promise<void> {
  const started = performance.now();
  const {bold, dim} = terminal.errStyle;
  const project = await loadProject(options.project);
  const folder = options.folder ?? join('.millrace', `${project.name}-quickstart`);
  const stages = new StageDisplay(terminal);
  const story = new Story(terminal);
  const interrupt = catchInterrupt(() => {
    stages.clear();
    terminal.note(dim('Stopping: closing the stores. Once more to end at once.'));
  });
  let host: Host | undefined;
  let server: RunningServer | undefined;
  let goAway = () => {};
  let done = false;
  try {
    const {clock, summary} = await quickstart(project, {
      folder,
      signal: interrupt.signal,
      ...(options.rows === undefined ? {} : {rows: options.rows}),
      ...(options.threads === undefined ? {} : {threads: options.threads}),
      onPolicy: sentences => {
        stages.clear();
        terminal.note(bold('Written down before the replay:'));
        for (const sentence of sentences) terminal.note(`  ${sentence}`);
      },
      onStage: (stage, progress) => {
        stages.observe(stage, progress);
        const platform = host?.platform;
        if (platform)
          story.alerts(
            platform.models.flatMap(m => [...m.watch.openAlerts]),
            platform.runtime.clock.now(),
          );
      },
      onRetrain: retrain => story.retrain(retrain),
      serve: async opened => {
        host = opened;
        server = await listen(opened, {
          port: options.port ?? PORT,
          strict: options.port !== undefined,
          onOther: port => terminal.note(dim(`Port ${PORT} is in use; this run takes ${port}.`)),
        });
        goAway = announceServer(folder, server.adminUrl);
        terminal.note(`${bold(`Millrace · ${project.name}`)}  ${server.url}  ${dim(folder)}`);
        return server;
      },
    });
    done = true;
    if (options.json) terminal.printJson(summary);
    else for (const line of summaryText(summary, terminal.style)) terminal.print(line);
    terminal.note();
    if (options.exit) {
      terminal.note(`Done in ${formatDuration(performance.now() - started)}. Look at it again: leave out --exit.`);
      return;
    }
    terminal.note(`${bold('Look at it:')} ${server!.url}  ${dim('(Ctrl-C ends it)')}`);
    await liveOn(host!, clock, interrupt.signal);
  } catch (error) {
    if (interrupt.signal.aborted && !done) throw interrupt.signal.reason;
    throw error;
  } finally {
    stages.clear();
    goAway();
    await server?.close();
    // An unfinished run has closed its stores itself.
    if (done) await host?.runtime.close();
    interrupt.dispose();
  }
}

const TICK_MS = 1_000;

/** The simulated clock goes on by the wall from where the replay ended, until somebody stops it. */
async function liveOn(host: Host, clock: ManualClock, signal: AbortSignal): Promise<void> {
  const {platform} = host;
  if (!platform) throw new MillraceError('INTERNAL', 'The platform is not open.');
  const end = clock.now();
  const started = performance.now();
  try {
    for await (const _ of every(TICK_MS, undefined, {signal})) {
      clock.advanceTo(Math.floor(end + performance.now() - started));
      await platform.events.take(null, clock.now());
      await platform.tick();
    }
  } catch (error) {
    if (!signal.aborted) throw error;
  }
  await platform.checkpoint();
}
