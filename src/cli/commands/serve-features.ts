import type {Command} from 'commander';
import {FeatureReplica, loadProject, openFeatureCopy} from '../../app/index.ts';
import {MillraceError, wallClock} from '../../protocol/index.ts';
import {buildFeatureServer} from '../../server/index.ts';
import {aborted, catchInterrupt} from '../interrupt.ts';
import {PORT} from '../listen.ts';
import {portNumber} from '../options.ts';
import type {Terminal} from '../terminal/terminal.ts';

type Options = {
  readonly project: string;
  readonly from: string;
  readonly port: number;
  readonly host: string;
  readonly json?: true;
};

export function serveFeaturesCommand(program: Command, terminal: Terminal): void {
  program
    .command('serve-features')
    .summary('answer reads of features from a copy in Redis')
    .description(
      'Answers POST /v1/features/<set>/read from the copy of the feature states that `millrace serve --copy-to` keeps in Redis. It holds nothing itself: run as many as you need.',
    )
    .option('--project <path>', 'project file or its folder', '.')
    .requiredOption('--from <variable>', 'environment variable that holds the URL of Redis')
    .option('--port <n>', 'port (0: any free one)', portNumber, PORT)
    .option('--host <address>', 'address to listen on; there is no login, so mind who can reach it', '127.0.0.1')
    .option('--json', 'print {"url"} on stdout when ready')
    .addHelpText(
      'after',
      '\nExample:\n  REDIS_URL=redis://127.0.0.1:6379 millrace serve-features --from REDIS_URL --port 8081',
    )
    .action((options: Options) => serveFeatures(options, terminal));
}

async function serveFeatures({project: path, from, port, host, json}: Options, terminal: Terminal): Promise<void> {
  const project = await loadProject(path);
  const interrupt = catchInterrupt(() => terminal.note('Stopping.'));
  const store = await openFeatureCopy(project.name, from, process.env);
  const server = buildFeatureServer(new FeatureReplica(project.sets, store, wallClock));
  try {
    const url = await server.listen({port, host}).catch((cause: {code?: unknown}) => {
      if (cause.code !== 'EADDRINUSE') throw cause;
      throw new MillraceError('PORT_IN_USE', `Port ${port} on ${host} is in use.`, {
        cause,
        fix: 'Stop what listens there, or name another port with --port.',
      });
    });
    terminal.note(`Features of ${project.name}: ${project.sets.map(s => s.name).join(', ')}  ${url}`);
    if (json) terminal.printJson({url, pid: process.pid});
    await aborted(interrupt.signal);
  } finally {
    await server.close();
    await store.close();
    interrupt.dispose();
  }
}
