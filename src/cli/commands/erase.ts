import {randomUUID} from 'node:crypto';
import {userInfo} from 'node:os';
import {createInterface} from 'node:readline/promises';
import {type Command, InvalidArgumentError} from 'commander';
import {
  type EntityStream,
  type Erasure,
  entityValues,
  eraseEverywhere,
  erasures,
  findEntityNamed,
  findEverywhere,
  type Project,
  streamsOf,
  whoTypes,
} from '../../app/index.ts';
import {MillraceError} from '../../protocol/index.ts';
import {type ProjectOptions, projectOptions} from '../options.ts';
import {count, moment, plural} from '../terminal/figures.ts';
import type {Terminal} from '../terminal/terminal.ts';
import {withRuntime} from '../with-runtime.ts';

type Pair = readonly [name: string, value: string];

type Options = ProjectOptions & {
  readonly entity?: string;
  readonly key?: readonly Pair[];
  readonly also?: readonly Pair[];
  readonly dryRun?: true;
  readonly yes?: true;
  readonly history?: true;
  readonly json?: true;
};

export function eraseCommand(program: Command, terminal: Terminal): void {
  projectOptions(program.command('erase'))
    .summary('erase a person, or any entity, from everything that is stored')
    .description(
      'Finds the events of an entity by its key in every stream that names it, says what will happen, and asks. Events, refused rows and logged predictions are erased; live states are made again; training sets and models that were made from them are named. Nothing else may have the data open.',
    )
    .option('--entity <name>', 'such as user')
    .option('--key <name=value>', 'a key of the entity; again for each of several', pair)
    .option('--also <stream.column=value>', 'a stream that no view of the entity reads; may be given again', pair)
    .option('--dry-run', 'only say what would happen')
    .option('--yes', 'do not ask')
    .option('--history', 'list the erasures so far instead: who, when and how much, without any value')
    .option('--json', 'print as JSON')
    .addHelpText('after', '\nExample:\n  millrace erase --entity user --key userId=123 --dry-run')
    .action((options: Options) => erase(options, terminal));
}

function pair(text: string, before: readonly Pair[] = []): readonly Pair[] {
  const at = text.indexOf('=');
  if (at < 1) throw new InvalidArgumentError('It must be a name, = and a value, such as userId=123.');
  return [...before, [text.slice(0, at), text.slice(at + 1)]];
}

async function erase(options: Options, terminal: Terminal): Promise<void> {
  await withRuntime(options, async runtime => {
    if (options.history) {
      await history(await erasures(runtime), options, terminal);
      return;
    }
    const where = whereOf(runtime.project, options);
    const found = await findEverywhere(runtime, where);
    if (options.dryRun) {
      if (options.json) terminal.printJson(found);
      else for (const line of sentences(found, 'would be')) terminal.print(line);
      return;
    }
    if (!options.json || !options.yes) for (const line of sentences(found, 'will be')) terminal.note(line);
    if (!options.yes && !(await confirmed(terminal))) {
      terminal.note('Nothing was erased.');
      return;
    }
    const id = randomUUID();
    const record = await runtime.audit.during(
      {who: whoTypes(), action: 'entity.erase', what: options.entity ?? 'named columns', detail: {erasure: id}},
      () => eraseEverywhere(runtime, where, {id, by: userInfo().username}),
      ({streams}) => ({events: streams.reduce((sum, {events}) => sum + events, 0)}),
    );
    if (options.json) terminal.printJson(record);
    else terminal.print(`Erased. The record is ${record.id}; millrace erase --history lists it.`);
  });
}

function whereOf(project: Project, {entity: name, key = [], also = []}: Options): EntityStream[] {
  if (name === undefined && also.length === 0)
    throw new MillraceError('USAGE', 'Nobody is named.', {fix: 'Name whom: --entity user --key userId=123.'});
  const found: EntityStream[] = [];
  if (name !== undefined) {
    const entity = findEntityNamed(project, name);
    found.push(...streamsOf(project, entity, entityValues(entity, Object.fromEntries(key))));
  }
  for (const [path, text] of also) {
    const [stream = '', column = ''] = path.split('.');
    const type = project.sources.find(source => source.name === stream)?.schema[column]?.type;
    const value = type === undefined || type === 'string' ? text : type === 'bool' ? text === 'true' : Number(text);
    found.push({stream, key: {[column]: value}});
  }
  return found;
}

/** What is found, in words and figures. */
function sentences({streams, untouched, predictions, views, madeFrom}: Erasure, verb: string): string[] {
  const total = streams.reduce((sum, {events, refused}) => sum + events + refused, 0);
  const answers = predictions.reduce((sum, model) => sum + model.answers, 0);
  const lines = [`${plural(total, 'event')} and ${plural(answers, 'prediction')} ${verb} erased:`];
  for (const {stream, columns, events, refused} of streams) {
    const rows = refused > 0 ? ` and ${plural(refused, 'refused row')}` : '';
    lines.push(`  ${stream} by ${columns.join(', ')}: ${plural(events, 'event')}${rows}`);
  }
  for (const {model, answers: of} of predictions) lines.push(`  predictions of ${model}: ${count(of)}`);
  if (views.length > 0)
    lines.push(`The live states of ${views.join(', ')} ${verb} made again from all events, when next needed.`);
  if (untouched.length > 0)
    lines.push(
      `Not looked at, since no view of the entity reads them: ${untouched.join(', ')} (--also names a column).`,
    );
  if (madeFrom.length > 0) lines.push('Made from these events, and left as they are:');
  for (const {model, version, status, dataset, rows, asOf} of madeFrom)
    lines.push(`  ${model} v${version} (${status}), trained on ${dataset}: ${count(rows)} rows as of ${moment(asOf)}`);
  return lines;
}

async function confirmed(terminal: Terminal): Promise<boolean> {
  if (!process.stdin.isTTY || !terminal.moves)
    throw new MillraceError('USAGE', 'Nothing was erased: nobody is here to be asked.', {
      fix: 'Look at it with --dry-run, then run it with --yes.',
    });
  const question = createInterface({input: process.stdin, output: process.stderr});
  try {
    return (await question.question('This cannot be undone. Erase? (yes/no) ')).trim().toLowerCase() === 'yes';
  } finally {
    question.close();
  }
}

async function history(records: Awaited<ReturnType<typeof erasures>>, options: Options, terminal: Terminal) {
  if (options.json) {
    terminal.printJson(records);
    return;
  }
  if (records.length === 0) terminal.print('Nothing was erased yet.');
  for (const {id, by, at, finishedAt, streams, predictions} of records) {
    const events = streams.reduce((sum, stream) => sum + stream.events, 0);
    const answers = predictions.reduce((sum, model) => sum + model.answers, 0);
    const state = finishedAt === null ? terminal.style.red(' (cut short: run it again)') : '';
    terminal.print(`${moment(at)}  ${by}  ${plural(events, 'event')}, ${plural(answers, 'prediction')}  ${id}${state}`);
  }
}
