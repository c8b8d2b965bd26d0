import {copyFileSync, existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync} from 'node:fs';
import {join, resolve} from 'node:path';
import type {Command} from 'commander';
import {MillraceError} from '../../protocol/index.ts';
import {PORT} from '../listen.ts';
import {TEMPLATES} from '../packaged.ts';
import type {Terminal} from '../terminal/terminal.ts';

type Options = {readonly out: string; readonly target: string; readonly force?: true};

const FROM = join(TEMPLATES, 'observability');
const SCRAPED = `127.0.0.1:${PORT}`;

export function observabilityCommand(program: Command, terminal: Terminal): void {
  program
    .command('observability')
    .summary('files for Prometheus and Grafana')
    .description(
      'Writes a scrape configuration and alert rules for Prometheus and a dashboard for Grafana. docs/observability.md says what is in them.',
    )
    .requiredOption('--out <folder>', 'where to; made if absent')
    .option('--target <address>', 'where Prometheus finds the server', SCRAPED)
    .option('--force', 'over files of the same names')
    .addHelpText('after', '\nExample:\n  millrace observability --out monitoring --target models.internal:4100')
    .action((options: Options) => writeFiles(options, terminal));
}

function writeFiles({out, target, force}: Options, terminal: Terminal): void {
  const folder = resolve(out);
  const files = readdirSync(FROM);
  const there = files.filter(file => existsSync(join(folder, file)));
  if (there.length > 0 && !force)
    throw new MillraceError('USAGE', `${folder} has ${there.join(', ')}.`, {
      fix: 'Name another folder, or write over them with --force.',
    });
  if (!/^[\w.[\]:-]+:\d+$/.test(target))
    throw new MillraceError('USAGE', `'${target}' is no address.`, {fix: 'Give host and port, such as 10.0.0.5:4100.'});
  mkdirSync(folder, {recursive: true});
  for (const file of files) {
    copyFileSync(join(FROM, file), join(folder, file));
    if (file !== 'prometheus.yml') continue;
    const text = readFileSync(join(FROM, file), 'utf8').replace(SCRAPED, target);
    writeFileSync(join(folder, file), text);
  }
  for (const file of files) terminal.print(join(folder, file));
}
