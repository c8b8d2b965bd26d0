import type {Command} from 'commander';
import {
  describeNotifications,
  Followers,
  Host,
  ImportedServing,
  keepFlushing,
  LivePlatform,
  type Log,
  loadProject,
  openFeatureCopy,
  openLog,
  openRuntime,
  openTracing,
} from '../../app/index.ts';
import {PRODUCT, VERSION} from '../../server/index.ts';
import {type AccessFlags, accessFlags, accessOptions, listenOptions, noteAccess} from '../access-options.ts';
import {CopyNotes} from '../copy-notes.ts';
import {FollowerNotes} from '../follower-notes.ts';
import {aborted, catchInterrupt} from '../interrupt.ts';
import {keepDoing} from '../keep-doing.ts';
import {listen, PORT} from '../listen.ts';
import {type LogFlags, logFlags, loggedTerminal, logOptions} from '../log-options.ts';
import {type ProjectOptions, portNumber, positiveInteger, projectOptions} from '../options.ts';
import {Story} from '../quickstart/story.ts';
import {announceServer} from '../server-file.ts';
import {count} from '../terminal/figures.ts';
import type {Terminal} from '../terminal/terminal.ts';
import {folderOf} from '../with-runtime.ts';
import {startWorkers, workerCount, workersOf} from '../workers.ts';

type Options = ProjectOptions &
  AccessFlags &
  LogFlags & {
    readonly port?: number;
    readonly grpcPort?: number;
    readonly threads?: number;
    readonly json?: true;
    readonly copyTo?: string;
    readonly workers?: number;
  };

const TICK_MS = 2_000;
const CHECKPOINT_MS = 300_000;

export function serveCommand(program: Command, terminal: Terminal): void {
  logFlags(accessFlags(projectOptions(program.command('serve'))))
    .summary('serve predictions, take events, monitor and retrain')
    .description(
      'Serves the API and the console. Windows close, alerts open, retrains and rollouts go on by the clock of the wall. SIGTERM or Ctrl-C finishes the requests that run, keeps the live state and ends.',
    )
    .option('--port <n>', `port (default: ${PORT}, or the next free one; 0: any free one)`, portNumber)
    .option(
      '--grpc-port <n>',
      'speak the Open Inference Protocol over gRPC on this port too (0: any free one)',
      portNumber,
    )
    .option('--threads <n>', 'threads of trainings and queries (default: all cores)', positiveInteger)
    .option(
      '--copy-to <variable>',
      'keep a copy of the feature states in the Redis whose URL this environment variable holds',
    )
    .option(
      '--workers <n>',
      'processes that answer predictions beside this one; auto: one for each core (default: 0)',
      workerCount,
    )
    .option('--json', 'print {"url", "adminUrl", "grpc", "pid"} on stdout when ready')
    .addHelpText(
      'after',
      '\nExample:\n  millrace serve --port 8080\n  millrace serve --host 0.0.0.0 --tls-cert cert.pem --tls-key key.pem --admin-port 4101\n  REDIS_URL=redis://127.0.0.1:6379 millrace serve --copy-to REDIS_URL',
    )
    .action((options: Options) => {
      const log = openLog(logOptions(options));
      return serve(options, options.log === 'json' ? loggedTerminal(log) : terminal, log);
    });
}

async function serve(options: Options, terminal: Terminal, log: Log): Promise<void> {
  const {bold, dim, yellow} = terminal.errStyle;
  const project = await loadProject(options.project);
  const folder = folderOf(project, options);
  const interrupt = catchInterrupt(() => terminal.note(dim('Stopping. Once more to end at once.')));
  const {signal} = interrupt;
  const {copyTo} = options;
  const copy = copyTo === undefined ? undefined : await openFeatureCopy(project.name, copyTo, process.env);
  const runtime = await openRuntime(project, {
    folder,
    ...(copy === undefined ? {} : {copy}),
    ...(options.threads === undefined ? {} : {threads: options.threads}),
  });
  try {
    const host = new Host(runtime, accessOptions(options));
    host.log = log;
    host.tracing = await openTracing({name: PRODUCT, version: VERSION}, log, process.env);
    const story = new Story(terminal, {several: project.models.length > 1});
    const workers = workersOf(host, options, terminal);
    host.workers = workers;
    const server = await listen(host, {
      port: options.port ?? PORT,
      ...listenOptions(options),
      strict: options.port !== undefined,
      ...(workers === null ? {} : {workers}),
      onOther: port => terminal.note(dim(`Port ${PORT} is in use; this server takes ${port}.`)),
    });
    const goAway = announceServer(folder, server.adminUrl);
    try {
      const grpc = options.grpcPort === undefined ? null : (await server.serveGrpc(options.grpcPort)).address;
      const platform = await LivePlatform.open(runtime, {
        training: 'poll',
        fill: 'meanwhile',
        consistency: 'scheduled',
        tell: {environment: process.env, write: line => process.stderr.write(`${line}\n`)},
        onStep: retrain => {
          host.touch();
          story.retrain(retrain);
        },
      });
      host.platform = platform;
      host.imported = await ImportedServing.open(runtime);
      host.followers = await Followers.start(platform, process.env);
      terminal.note(
        `${bold(`Millrace · ${project.name}`)}  ${server.url}  ${dim(`${count(runtime.log.end())} events, ${folder}`)}`,
      );
      for (const sentence of describeNotifications(platform.incidents.notifications)) terminal.note(dim(sentence));
      for (const problem of platform.problems) terminal.note(yellow(problem));
      for (const {name, state, reason} of host.imported.models.index())
        if (state === 'UNAVAILABLE') terminal.note(yellow(`'${name}' cannot be served: ${reason}`));
      if (grpc !== null) terminal.note(`gRPC: ${grpc}`);
      noteAccess(host, server, options, terminal);
      for (const {definition, service} of platform.models)
        if (!service.plan)
          terminal.note(`'${definition.name}' has no version deployed: millrace train, millrace deploy.`);
      const working = workers && (await startWorkers(workers, platform, signal, terminal));
      if (options.json) terminal.printJson({url: server.url, adminUrl: server.adminUrl, grpc, pid: process.pid});
      const flushing = keepFlushing(runtime.predictions, signal);
      await Promise.race([keepTicking(host, platform, story, signal, terminal, copy !== undefined), aborted(signal)]);
      // What workers answered is recorded before the log is closed.
      await workers?.drain();
      await Promise.all([flushing, working?.keeping]);
      await host.followers.stop();
      await platform.consistency.stop();
      await platform.refreshed.stop();
      await server.close();
      await host.imported.close();
      await platform.incidents.stop();
      await platform.tick();
      await platform.checkpoint();
    } finally {
      await workers?.drain();
      await host.followers?.stop();
      await host.platform?.consistency.stop();
      await host.platform?.refreshed.stop();
      await host.platform?.incidents.stop();
      goAway();
      await server.close();
      await host.imported?.close();
      await host.tracing?.close();
    }
  } finally {
    await runtime.close();
    interrupt.dispose();
  }
}

/** Does what is due, every few seconds, until somebody stops it. `copied`: others read the state elsewhere, so it is kept every time. */
async function keepTicking(
  host: Host,
  platform: LivePlatform,
  story: Story,
  signal: AbortSignal,
  terminal: Terminal,
  copied: boolean,
): Promise<void> {
  const {clock, copyState} = host.runtime;
  const copy = new CopyNotes(terminal);
  const followed = new FollowerNotes(terminal);
  let kept = performance.now();
  const steps = [
    async () => {
      await platform.events.take(null, clock.now());
    },
    () => platform.tick(),
    () => {
      story.alerts(
        platform.models.flatMap(m => [...m.watch.openAlerts]),
        clock.now(),
      );
      host.touch();
      if (copyState) copy.tell(copyState());
      followed.tell(host.followers?.states() ?? []);
    },
    async () => {
      if (!copied && performance.now() - kept <= CHECKPOINT_MS) return;
      kept = performance.now();
      await platform.checkpoint();
    },
  ];
  await keepDoing(steps, {everyMs: TICK_MS, signal, log: host.log});
}
