import {existsSync, readFileSync, writeFileSync} from 'node:fs';
import {resolve} from 'node:path';
import type {Command} from 'commander';
import {clientCode, loadProject, openApi} from '../../app/index.ts';
import {MillraceError} from '../../protocol/index.ts';
import {MANIFEST} from '../packaged.ts';
import type {Terminal} from '../terminal/terminal.ts';

type Options = {readonly project: string; readonly out?: string; readonly check?: true};

export function clientCommand(program: Command, terminal: Terminal): void {
  program
    .command('client')
    .summary('make a typed client of the project')
    .description(
      'Writes one TypeScript file without dependencies: a field that a model does not take does not compile. Prints it unless told where to.',
    )
    .option('--project <path>', 'project file, or its folder', '.')
    .option('--out <file>', 'where to write it')
    .option('--check', 'do not write: fail if the file is not what would be written (for CI)')
    .addHelpText('after', '\nExample:\n  millrace client --out web/src/millrace-client.ts')
    .action(async ({project, out, check}: Options) => {
      give(terminal, clientCode(await loadProject(project)), out, check);
    });
}

export function openApiCommand(program: Command, terminal: Terminal): void {
  program
    .command('openapi')
    .summary("write the project's HTTP API as OpenAPI 3.1")
    .description('The document that a server of the project has at /openapi.json. Prints it unless told where to.')
    .option('--project <path>', 'project file, or its folder', '.')
    .option('--out <file>', 'where to write it')
    .option('--check', 'do not write: fail if the file is not what would be written (for CI)')
    .addHelpText('after', '\nExample:\n  millrace openapi --out openapi.json')
    .action(async ({project, out, check}: Options) => {
      const {version} = JSON.parse(readFileSync(MANIFEST, 'utf8')) as {version: string};
      give(terminal, `${JSON.stringify(openApi(await loadProject(project), version), null, 2)}\n`, out, check);
    });
}

function give(terminal: Terminal, text: string, out: string | undefined, check: true | undefined): void {
  if (out === undefined) {
    if (check) throw new MillraceError('USAGE', '--check needs a file.', {fix: 'Name it with --out.'});
    terminal.print(text.trimEnd());
    return;
  }
  const path = resolve(out);
  const there = existsSync(path) ? readFileSync(path, 'utf8') : null;
  if (!check) writeFileSync(path, text);
  else if (there !== text)
    throw new MillraceError(
      'USAGE',
      there === null ? `${path} is not there.` : `${path} is not what would be written today.`,
      {
        fix: 'Write it again: the same command without --check.',
      },
    );
}
