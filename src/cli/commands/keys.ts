import {type Command, InvalidArgumentError} from 'commander';
import {createKey, loadProject, openAccessRecords, revokeKey, whoTypes} from '../../app/index.ts';
import {
  type ApiKey,
  type ApiKeyRequest,
  type CreatedApiKey,
  type RateLimit,
  SCOPES,
  type Scope,
  wallClock,
} from '../../protocol/index.ts';
import {positiveInteger, type ReaderOptions, rateLimit, readerOptions, timeFromNow} from '../options.ts';
import {serverClient} from '../server-client.ts';
import {moment, plural} from '../terminal/figures.ts';
import {table} from '../terminal/table.ts';
import type {Terminal} from '../terminal/terminal.ts';
import {folderOf} from '../with-runtime.ts';

type Options = ReaderOptions & {readonly json?: true};
type CreateOptions = Options & {
  readonly scope: readonly Scope[];
  readonly models?: readonly string[];
  readonly expires?: number;
  readonly rate?: RateLimit;
  readonly burst?: number;
};

export function keysCommand(program: Command, terminal: Terminal): void {
  const keys = program
    .command('keys')
    .summary('API keys: who may ask a server for what')
    .description(
      'Works on the data folder, also while a server runs: it takes up the change at once. Another server is asked with --url, with an admin key in MILLRACE_KEY.',
    )
    .addHelpText('after', '\nExample:\n  millrace keys create checkout --scope predict --scope feedback');

  readerOptions(keys.command('create'))
    .description('Makes a key and prints its token, once: nobody keeps it. Once there is a key, requests need one.')
    .argument('<name>', 'who uses it')
    .requiredOption('--scope <scope>', `one of ${SCOPES.join(', ')}; again for each of several`, scopes)
    .option('--models <a,b>', 'only for these models', text => text.split(','))
    .option('--expires <duration>', 'ends after this time, such as 90d', timeFromNow)
    .option('--rate <n/s>', 'requests a second, such as 100/s', rateLimit)
    .option('--burst <n>', 'requests at once (default: as many as in a second)', positiveInteger)
    .option('--json', 'print as JSON')
    .addHelpText('after', '\nExample:\n  millrace keys create checkout --scope predict --models lateness --rate 100/s')
    .action((name: string, options: CreateOptions) => create(name, options, terminal));

  readerOptions(keys.command('list'))
    .description('Lists all keys, without their secrets, newest first.')
    .option('--json', 'print as JSON')
    .addHelpText('after', '\nExample:\n  millrace keys list')
    .action((options: Options) => list(options, terminal));

  readerOptions(keys.command('revoke'))
    .description('Ends a key for good.')
    .argument('<id>', 'as list shows it')
    .option('--json', 'print as JSON')
    .addHelpText('after', '\nExample:\n  millrace keys revoke 1f2e3d4c5b6a7988')
    .action((id: string, options: Options) => revoke(id, options, terminal));
}

function scopes(text: string, before: readonly Scope[] = []): readonly Scope[] {
  const scope = SCOPES.find(candidate => candidate === text);
  if (scope) return [...before, scope];
  throw new InvalidArgumentError(`It must be one of ${SCOPES.join(', ')}.`);
}

type Keys = {
  create(request: ApiKeyRequest): Promise<CreatedApiKey>;
  list(): Promise<readonly ApiKey[]>;
  revoke(id: string): Promise<ApiKey>;
};

/** The keys of the server at --url, or else those in the data folder. */
async function withKeys<T>(options: Options, work: (keys: Keys) => Promise<T>): Promise<T> {
  if (options.url !== undefined) {
    const client = serverClient(options.url);
    return work({
      create: request => client.createKey(request),
      list: async () => (await client.keys()).keys,
      revoke: id => client.revokeKey(id),
    });
  }
  const records = await openAccessRecords(folderOf(await loadProject(options.project), options));
  try {
    return await work({
      create: request => createKey(records, request, whoTypes()),
      list: () => records.keys.list(),
      revoke: id => revokeKey(records, id, whoTypes()),
    });
  } finally {
    await records.close();
  }
}

async function create(name: string, options: CreateOptions, terminal: Terminal): Promise<void> {
  const {scope, models, expires, rate, burst} = options;
  const made = await withKeys(options, keys =>
    keys.create({
      name,
      scopes: scope,
      ...(models === undefined ? {} : {models}),
      ...(expires === undefined ? {} : {expiresAt: wallClock.now() + expires}),
      ...(rate === undefined ? {} : {rate: burst === undefined ? rate : {...rate, burst}}),
    }),
  );
  if (options.json) {
    terminal.printJson(made);
    return;
  }
  terminal.print(made.token);
  const {bold} = terminal.errStyle;
  terminal.note(`Key ${bold(name)} (${made.key.id}): keep the token, it is not shown again.`);
  terminal.note('Send it as Authorization: Bearer <token>; millrace takes it from MILLRACE_KEY.');
}

async function list(options: Options, terminal: Terminal): Promise<void> {
  const keys = await withKeys(options, ({list: all}) => all());
  if (options.json) {
    terminal.printJson(keys);
    return;
  }
  if (keys.length === 0) {
    terminal.print('There is no key: a server on this machine asks nobody for one.');
    return;
  }
  const now = wallClock.now();
  const titles = ['id', 'name', 'scopes', 'models', 'rate', 'made', 'last used', 'state'].map(title => ({title}));
  const rows = keys.map(key => [
    key.id,
    key.name,
    key.scopes.join(', '),
    key.models?.join(', ') ?? 'all',
    key.rate === null ? '–' : `${key.rate.perSecond}/s, ${key.rate.burst} at once`,
    moment(key.createdAt),
    key.lastUsedAt === null ? 'never' : moment(key.lastUsedAt),
    stateOf(key, now),
  ]);
  for (const line of table(titles, rows, terminal.style.dim)) terminal.print(line);
  terminal.note(terminal.errStyle.dim(`${plural(keys.length, 'key')}; times in UTC, last used to the minute.`));
}

function stateOf({revokedAt, expiresAt}: ApiKey, now: number): string {
  if (revokedAt !== null) return `revoked ${moment(revokedAt)}`;
  if (expiresAt === null) return 'in force';
  return now >= expiresAt ? `expired ${moment(expiresAt)}` : `until ${moment(expiresAt)}`;
}

async function revoke(id: string, options: Options, terminal: Terminal): Promise<void> {
  const key = await withKeys(options, keys => keys.revoke(id));
  if (options.json) terminal.printJson(key);
  else terminal.print(`Key '${key.name}' is revoked; a server that runs refuses it within a second.`);
}
