import type {Command} from 'commander';
import {answerInstances, LivePlatform, loadProject, openRuntime} from '../../app/index.ts';
import {type JsonValue, MillraceError, type PredictAnswer} from '../../protocol/index.ts';
import {type ReaderOptions, readerOptions} from '../options.ts';
import {serverClient} from '../server-client.ts';
import {findServer} from '../server-file.ts';
import {moment} from '../terminal/figures.ts';
import {table} from '../terminal/table.ts';
import type {Terminal} from '../terminal/terminal.ts';
import {folderOf} from '../with-runtime.ts';

type Instance = {readonly [field: string]: JsonValue};
type Options = ReaderOptions & {readonly json: readonly Instance[]; readonly pretty?: true};

export function predictCommand(program: Command, terminal: Terminal): void {
  readerOptions(program.command('predict'))
    .summary('ask a model in production for a prediction')
    .description(
      'Asks a running server, or opens the data itself if none runs. Features are read live, as of now; the prediction is logged and monitored like any other. Prints JSON.',
    )
    .argument('<model>')
    .requiredOption('--json <fields>', 'request fields of one prediction, or a list of such', parseInstances)
    .option('--pretty', 'print a table instead of JSON')
    .addHelpText('after', `\nExample:\n  millrace predict lateness --json '{"origin": "JFK", "destination": "LAX", …}'`)
    .action((model: string, options: Options) => predict(model, options, terminal));
}

/** Throws USAGE. */
function parseInstances(text: string): readonly Instance[] {
  const example = `Give an object such as --json '{"origin": "JFK"}', or a list of such.`;
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (cause) {
    throw new MillraceError('USAGE', `--json is no JSON: ${(cause as Error).message}`, {cause, fix: example});
  }
  const list: readonly unknown[] = Array.isArray(value) ? value : [value];
  if (list.length === 0 || list.some(item => typeof item !== 'object' || item === null || Array.isArray(item)))
    throw new MillraceError('USAGE', '--json is neither an object nor a list of objects.', {fix: example});
  return list as readonly Instance[];
}

async function predict(model: string, options: Options, terminal: Terminal): Promise<void> {
  const answer = await ask(model, options);
  if (!options.pretty) {
    terminal.printJson(answer);
    return;
  }
  const {bold, dim} = terminal.style;
  for (const {id, prediction, score, version, role, level, at, features = {}, outside = []} of answer.predictions) {
    const value = prediction === null ? `undecided (${score?.toFixed(4)}), people are asked` : prediction.toFixed(4);
    const by = level === 'model' ? '' : `, answered by ${level}`;
    terminal.print(`${bold(value)}  version ${version} (${role})${by}, ${moment(at)} UTC, ${id}`);
    if (outside.length > 0) terminal.print(`Outside what training saw: ${outside.join(', ')}.`);
    const rows = Object.entries(features).map(([name, value]) => [name, value === null ? '–' : String(value)]);
    for (const line of table([{title: 'feature'}, {title: 'value', align: 'right'}], rows, dim)) terminal.print(line);
  }
}

async function ask(model: string, options: Options): Promise<PredictAnswer> {
  const {json: instances} = options;
  if (options.url !== undefined) return serverClient(options.url).predict(model, {instances});
  const project = await loadProject(options.project);
  const folder = folderOf(project, options);
  const url = await findServer(folder);
  if (url !== null) return serverClient(url).predict(model, {instances});
  const runtime = await openRuntime(project, {folder});
  try {
    const platform = await LivePlatform.open(runtime, {training: 'poll'});
    const live = platform.model(model);
    const {answer, served} = answerInstances(live, instances);
    for (const prediction of served) live.shadow(prediction);
    await platform.checkpoint();
    return answer;
  } finally {
    await runtime.close();
  }
}
