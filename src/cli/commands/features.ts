import type {Command} from 'commander';
import {featureCatalogue, loadProject} from '../../app/index.ts';
import {type FeatureRecord, MillraceError, nearest} from '../../protocol/index.ts';
import type {ProjectOptions} from '../options.ts';
import {projectOptions} from '../options.ts';
import {table} from '../terminal/table.ts';
import type {Terminal} from '../terminal/terminal.ts';

type Options = ProjectOptions & {readonly json?: true};

export function featuresCommand(program: Command, terminal: Terminal): void {
  const features = projectOptions(program.command('features').enablePositionalOptions(false))
    .summary('list the features of a project, or show one')
    .description('Lists every feature: what it is computed from, over which window, and which models read it.')
    .option('--json', 'print as JSON')
    .addHelpText('after', '\nExample:\n  millrace features\n  millrace features show outLate_2h')
    .action((options: Options) => list(options, terminal));
  features
    .command('show')
    .description('Shows one feature.')
    .argument('<name>')
    .addHelpText('after', '\nExample:\n  millrace features show outLate_2h')
    .action((name: string, _: unknown, command: Command) => show(name, command.optsWithGlobals() as Options, terminal));
}

async function list({project, json}: Options, terminal: Terminal): Promise<void> {
  const records = featureCatalogue(await loadProject(project));
  if (json) {
    terminal.printJson(records);
    return;
  }
  const rows = records.map(f => [
    f.name,
    f.type,
    f.view ?? 'request',
    f.entity ?? '',
    f.definition,
    f.usedBy.join(', '),
  ]);
  const titles = ['feature', 'type', 'view', 'entity', 'definition', 'read by'];
  for (const line of table(
    titles.map(title => ({title})),
    rows,
    terminal.style.dim,
  ))
    terminal.print(line);
}

async function show(name: string, {project, json}: Options, terminal: Terminal): Promise<void> {
  const feature = findFeature(featureCatalogue(await loadProject(project)), name);
  if (json) {
    terminal.printJson(feature);
    return;
  }
  const {bold, dim} = terminal.style;
  terminal.print(bold(feature.name));
  const facts: [string, string | null][] = [
    ['type', feature.type],
    ['definition', feature.definition],
    ['view', feature.view],
    ['entity', feature.entity],
    ['stream', feature.source],
    ['window', feature.window],
    ['known', feature.origin === 'request' ? 'at the request' : 'from events before the request'],
    ['read by', feature.usedBy.join(', ') || 'no model'],
  ];
  for (const [fact, value] of facts) if (value !== null) terminal.print(`  ${dim(fact.padEnd(12))}${value}`);
}

/** Throws FEATURE_UNKNOWN. */
function findFeature(records: readonly FeatureRecord[], name: string): FeatureRecord {
  const found = records.find(feature => feature.name === name);
  if (found) return found;
  const near = nearest(
    name,
    records.map(feature => feature.name),
  );
  throw new MillraceError('FEATURE_UNKNOWN', `There is no feature '${name}'.`, {
    fix: near.length > 0 ? `Did you mean ${near.join(' or ')}?` : 'See them all: millrace features.',
  });
}
