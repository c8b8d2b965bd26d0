import type {Command} from 'commander';
import {deployable, findModel, loadProject, promoteBy, type Runtime, whoTypes} from '../../app/index.ts';
import type {ReleasePlan} from '../../protocol/index.ts';
import {type ProjectOptions, positiveInteger, projectOptions} from '../options.ts';
import {serverClient} from '../server-client.ts';
import {findServer} from '../server-file.ts';
import type {Terminal} from '../terminal/terminal.ts';
import {folderOf, withRuntime} from '../with-runtime.ts';

type Options = ProjectOptions & {readonly version?: number; readonly reason: string; readonly json?: true};

export function deployCommand(program: Command, terminal: Terminal): void {
  projectOptions(program.command('deploy'))
    .summary('put a version into production at once')
    .description(
      'Makes a version the champion of all traffic; the champion before it retires and can be deployed again. A version that failed its gates is refused.',
    )
    .argument('[model]', 'may be left out if the project has one')
    .option('--version <n>', 'which one (default: the newest that passed its gates)', positiveInteger)
    .option('--reason <text>', 'why, for the record', 'Deployed by hand.')
    .option('--json', 'print the release plan as JSON')
    .addHelpText('after', '\nExample:\n  millrace deploy lateness --version 2')
    .action((model: string | undefined, options: Options) => deploy(model, options, terminal));
}

async function deploy(model: string | undefined, options: Options, terminal: Terminal): Promise<void> {
  const project = await loadProject(options.project);
  const {name} = findModel(project, model);
  const url = await findServer(folderOf(project, options));
  const {version, reason} = options;
  const plan =
    url === null
      ? await withRuntime(options, runtime => promote(runtime, name, version, reason))
      : await serverClient(url).deploy(name, {reason, ...(version === undefined ? {} : {version})});
  if (options.json) terminal.printJson(plan);
  else terminal.print(`Version ${plan.arms[0]!.version} of '${name}' is in production.`);
}

async function promote(
  runtime: Runtime,
  name: string,
  version: number | undefined,
  reason: string,
): Promise<ReleasePlan> {
  const chosen = await deployable(runtime.registry, name, version);
  if (chosen.status === 'champion') return (await runtime.registry.plan(name))!;
  return promoteBy(runtime, whoTypes(), {model: name, version: chosen.version, reason});
}
