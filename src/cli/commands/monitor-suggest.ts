import type {Command} from 'commander';
import {findModel, loadProject, suggestForVersion, suggestionsText} from '../../app/index.ts';
import {type ProjectOptions, positiveInteger, projectOptions} from '../options.ts';
import {findVersion, withReader} from '../reader.ts';
import type {Terminal} from '../terminal/terminal.ts';
import {folderOf} from '../with-runtime.ts';

type Options = ProjectOptions & {readonly version?: number; readonly json?: true};

export function suggestCommand(monitor: Command, terminal: Terminal): void {
  projectOptions(monitor.command('suggest'))
    .summary('print checks of quality that the training rows speak for')
    .description(
      'Prints checks on features and predictions, as TypeScript to paste into the project: what was always so in the training rows of a version, with room for chance, and the reason for each.',
    )
    .argument('[model]', 'may be left out if there is one')
    .option('--version <n>', 'learn from this version (default: the one in production, or the newest)', positiveInteger)
    .option('--json', 'print checks, code and reasons as JSON')
    .addHelpText('after', '\nExample:\n  millrace monitor suggest lateness > quality.ts')
    .action((model: string | undefined, options: Options) => suggest(model, options, terminal));
}

async function suggest(model: string | undefined, options: Options, terminal: Terminal): Promise<void> {
  const project = await loadProject(options.project);
  const definition = findModel(project, model);
  const {version} = await withReader(options, reader => findVersion(reader, definition.name, options.version));
  const suggested = await suggestForVersion(definition, version, folderOf(project, options));
  if (options.json) terminal.printJson(suggested);
  else for (const line of suggestionsText(suggested, suggested.suggestions)) terminal.print(line);
}
