import type {Command} from 'commander';
import {findModel} from '../../app/index.ts';
import {MillraceError, type ModelVersion} from '../../protocol/index.ts';
import {type ProjectOptions, positiveInteger, projectOptions} from '../options.ts';
import type {Terminal} from '../terminal/terminal.ts';
import {withRuntime} from '../with-runtime.ts';

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
  await withRuntime(options, async ({project, registry, clock}) => {
    const {name} = findModel(project, model);
    const version =
      options.version === undefined
        ? newestPassed(name, await registry.versions(name))
        : await registry.version(name, options.version);
    if (!version.evaluation.passed)
      throw new MillraceError('GATE_FAILED', `Version ${version.version} of '${name}' did not pass its gates.`, {
        problems: version.evaluation.gates
          .filter(gate => !gate.passed)
          .map(({gate, message}) => ({path: gate, message})),
        fix: 'Deploy another version, or train again.',
      });
    const plan =
      version.status === 'champion'
        ? await registry.plan(name)
        : await registry.promote(name, version.version, {at: clock.now(), reason: options.reason});
    if (options.json) terminal.printJson(plan);
    else if (version.status === 'champion') terminal.print(`Version ${version.version} of '${name}' is in production.`);
    else terminal.print(`Version ${version.version} of '${name}' is now in production (${version.algorithm}).`);
  });
}

function newestPassed(name: string, versions: readonly ModelVersion[]): ModelVersion {
  const found = versions.find(version => version.evaluation.passed);
  if (found) return found;
  throw new MillraceError(
    versions.length === 0 ? 'VERSION_NOT_FOUND' : 'GATE_FAILED',
    versions.length === 0 ? `'${name}' has no version yet.` : `No version of '${name}' passed its gates.`,
    {fix: versions.length === 0 ? 'Run millrace train first.' : 'See why: millrace evaluate.'},
  );
}
