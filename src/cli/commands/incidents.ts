import {type Command, Option} from 'commander';
import {whoTypes} from '../../app/index.ts';
import {MillraceError} from '../../protocol/index.ts';
import {withIncidents} from '../incident-desk.ts';
import {positiveInteger, type ReaderOptions, readerOptions} from '../options.ts';
import type {Terminal} from '../terminal/terminal.ts';
import {incidentLines, incidentTable} from './incidents-text.ts';

type Options = ReaderOptions & {
  readonly state: 'open' | 'resolved' | 'all';
  readonly model?: string;
  readonly limit: number;
  readonly acknowledge?: true;
  readonly useful?: true;
  readonly noise?: true;
  readonly by?: string;
  readonly json?: true;
};

export function incidentsCommand(program: Command, terminal: Terminal): void {
  readerOptions(program.command('incidents'))
    .summary('what people are told of: all alerts of one cause')
    .description(
      'Lists incidents, newest first, or prints one: what, since when, how big, its alerts and those that follow from them, and who was told.',
    )
    .argument('[id]', 'as the list shows it')
    .addOption(new Option('--state <state>', 'which ones').choices(['open', 'resolved', 'all']).default('open'))
    .option('--model <name>', 'of this model only')
    .option('--limit <n>', 'how many, at most 1000', positiveInteger, 50)
    .option('--acknowledge', 'somebody works on it: a page is not repeated')
    .addOption(new Option('--useful', 'it was worth telling').conflicts('noise'))
    .option('--noise', 'it was not')
    .option('--by <name>', 'who says so (default: you)')
    .option('--json', 'print as JSON: a list, or {incident, alerts, deliveries}')
    .addHelpText('after', '\nExample:\n  millrace incidents lateness.3 --acknowledge')
    .action((id: string | undefined, options: Options) => incidents(id, options, terminal));
}

async function incidents(id: string | undefined, options: Options, terminal: Terminal): Promise<void> {
  const {state, model, limit, acknowledge, useful, noise, by = whoTypes(), json} = options;
  if (id === undefined && (acknowledge || useful || noise))
    throw new MillraceError('USAGE', 'It is not said which incident.', {
      fix: 'Name one, as millrace incidents lists it.',
    });
  await withIncidents(options, async desk => {
    if (id === undefined) {
      const query = {limit, ...(state === 'all' ? {} : {state}), ...(model === undefined ? {} : {model})};
      const found = await desk.incidents(query);
      if (json) terminal.printJson(found);
      else for (const line of incidentTable(found, terminal.style)) terminal.print(line);
      return;
    }
    if (acknowledge) await desk.acknowledge(id, {by});
    if (useful || noise) await desk.judge(id, {verdict: useful ? 'useful' : 'noise', by});
    const detail = await desk.incident(id);
    if (json) terminal.printJson(detail);
    else for (const line of incidentLines(detail, terminal.style)) terminal.print(line);
  });
}
