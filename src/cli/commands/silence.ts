import type {Command} from 'commander';
import {silenceState, whoTypes} from '../../app/index.ts';
import type {SilenceRequest} from '../../client/index.ts';
import {type Silence, wallClock} from '../../protocol/index.ts';
import {withIncidents} from '../incident-desk.ts';
import {type ReaderOptions, readerOptions} from '../options.ts';
import {moment} from '../terminal/figures.ts';
import {table} from '../terminal/table.ts';
import type {Terminal} from '../terminal/terminal.ts';

type Options = ReaderOptions & {readonly json?: true};
type CreateOptions = Options &
  Silence['matches'] & {
    readonly from?: string;
    readonly to?: string;
    readonly for?: string;
    readonly reason: string;
    readonly maintenance?: true;
    readonly by?: string;
  };
type ListOptions = Options & {readonly all?: true};

export function silenceCommand(program: Command, terminal: Terminal): void {
  const silence = program
    .command('silence')
    .summary('keep incidents quiet for a while')
    .description('Silenced incidents are kept and shown; nobody is told until the silence ends.')
    .addHelpText('after', '\nExample:\n  millrace silence create --model lateness --for 2h --reason "new airports"');

  readerOptions(silence.command('create'))
    .description('Says nothing of what matches all that is given; * stands for any characters.')
    .option('--model <name>', 'of this model')
    .option('--kind <kind>', 'alerts of this kind, such as drift')
    .option('--subject <name>', 'alerts about this')
    .option('--cause <name>', 'incidents of this cause, such as source:orders')
    .option('--from <time>', 'from this time on (default: now), such as 2026-04-01T06:00Z')
    .option('--to <time>', 'until this time')
    .option('--for <duration>', 'for so long, such as 2h')
    .requiredOption('--reason <text>', 'why')
    .option('--maintenance', 'it is a maintenance window')
    .option('--by <name>', 'who says so (default: you)')
    .option('--json', 'print as JSON')
    .addHelpText('after', '\nExample:\n  millrace silence create --kind drift --model "*" --for 1d --reason "new year"')
    .action((options: CreateOptions) => create(options, terminal));

  readerOptions(silence.command('list'))
    .description('Lists the silences that are in force or still to come.')
    .option('--all', 'those that ended too')
    .option('--json', 'print as JSON')
    .addHelpText('after', '\nExample:\n  millrace silence list')
    .action((options: ListOptions) => list(options, terminal));

  readerOptions(silence.command('end'))
    .description('Ends a silence now. What is still open and was not told is then told.')
    .argument('<id>', 'as list shows it')
    .option('--json', 'print as JSON')
    .addHelpText('after', '\nExample:\n  millrace silence end 1f2e3d4c')
    .action((id: string, options: Options) => end(id, options, terminal));
}

async function create(options: CreateOptions, terminal: Terminal): Promise<void> {
  const {model, kind, subject, cause, from, to, reason, maintenance, by = whoTypes(), json} = options;
  const given = {model, kind, subject, cause};
  const request: SilenceRequest = {
    matches: Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined)),
    reason,
    by,
    ...(from === undefined ? {} : {from}),
    ...(to === undefined ? {} : {to}),
    ...(options.for === undefined ? {} : {for: options.for}),
    ...(maintenance ? {kind: 'maintenance'} : {}),
  };
  const made = await withIncidents(options, desk => desk.silence(request));
  if (json) terminal.printJson(made);
  else terminal.print(`Silence ${made.id} holds from ${moment(made.from)} until ${moment(made.to)} UTC.`);
}

async function list({all, json, ...options}: ListOptions, terminal: Terminal): Promise<void> {
  const now = wallClock.now();
  const found = (await withIncidents(options, desk => desk.silences())).filter(
    silence => all || silenceState(silence, now) !== 'expired',
  );
  if (json) terminal.printJson(found);
  else if (found.length === 0) terminal.print('Nothing is silenced.');
  else {
    const titles = ['id', 'state', 'what', 'from (UTC)', 'to (UTC)', 'by', 'why'].map(title => ({title}));
    const rows = found.map(silence => [
      silence.id,
      silence.kind === 'maintenance' ? `${silenceState(silence, now)}, maintenance` : silenceState(silence, now),
      Object.entries(silence.matches)
        .map(([name, value]) => `${name} ${value}`)
        .join(', '),
      moment(silence.from),
      moment(silence.to),
      silence.by,
      silence.reason,
    ]);
    for (const line of table(titles, rows, terminal.style.dim)) terminal.print(line);
  }
}

async function end(id: string, {json, ...options}: Options, terminal: Terminal): Promise<void> {
  const ended = await withIncidents(options, desk => desk.unsilence(id));
  if (json) terminal.printJson(ended);
  else terminal.print(`Silence ${id} has ended.`);
}
