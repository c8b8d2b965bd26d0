import {cpSync, existsSync, mkdirSync, readdirSync, readFileSync, renameSync, writeFileSync} from 'node:fs';
import {basename, join, relative, resolve} from 'node:path';
import type {Command} from 'commander';
import {MillraceError} from '../../protocol/index.ts';
import {MANIFEST, TEMPLATES} from '../packaged.ts';
import type {Terminal} from '../terminal/terminal.ts';

export function initCommand(program: Command, terminal: Terminal): void {
  program
    .command('init')
    .summary('make a new project that runs')
    .description('Makes a small typed project with a seeded generator of its data. Writes into empty folders only.')
    .argument('[folder]', 'where to; made if absent', '.')
    .addHelpText('after', '\nExample:\n  millrace init my-shop && cd my-shop && millrace check')
    .action((folder: string) => init(folder, terminal));
}

function init(folder: string, terminal: Terminal): void {
  const target = resolve(folder);
  const there = existsSync(target) ? readdirSync(target).filter(name => name !== '.git') : [];
  if (there.length > 0)
    throw new MillraceError('USAGE', `The folder ${target} is not empty: it holds ${there.slice(0, 3).join(', ')}.`, {
      fix: 'Name a new folder: millrace init my-project.',
    });
  mkdirSync(target, {recursive: true});
  cpSync(join(TEMPLATES, 'start'), target, {recursive: true});
  // Registries drop or rename a .gitignore inside a package, so it travels without its dot.
  renameSync(join(target, 'gitignore'), join(target, '.gitignore'));
  const manifest = join(target, 'package.json');
  const {version} = JSON.parse(readFileSync(MANIFEST, 'utf8')) as {version: string};
  const written = readFileSync(manifest, 'utf8')
    .replace('"start"', JSON.stringify(packageName(target)))
    .replace('"millrace": "*"', `"millrace": "^${version}"`);
  writeFileSync(manifest, written);
  const {bold, dim} = terminal.style;
  terminal.print(`${bold(basename(target))} is ready. Next:`);
  const steps = [
    ['check', 'look for mistakes before anything runs'],
    ['ingest', 'make the data and load it'],
    ['train', 'train, evaluate and register a version'],
    ['deploy', 'put it into production'],
    ['serve', 'answer requests, and watch it'],
  ];
  const path = relative(process.cwd(), target);
  if (path !== '') terminal.print(`  cd ${path.startsWith('..') ? target : path}`);
  for (const [name, what] of steps) terminal.print(`  ${`millrace ${name}`.padEnd(18)}${dim(what!)}`);
}

/** The folder's name as npm accepts it. */
const packageName = (folder: string): string =>
  basename(folder)
    .toLowerCase()
    .replaceAll(/[^a-z0-9-]+/g, '-')
    .replaceAll(/^-+|-+$/g, '') || 'project';
