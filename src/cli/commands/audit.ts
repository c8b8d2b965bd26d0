import type {Command} from 'commander';
import {loadProject, openAccessRecords} from '../../app/index.ts';
import type {AuditEntry, AuditPage} from '../../protocol/index.ts';
import {positiveInteger, type ReaderOptions, readerOptions} from '../options.ts';
import {serverClient} from '../server-client.ts';
import {moment} from '../terminal/figures.ts';
import {table} from '../terminal/table.ts';
import type {Terminal} from '../terminal/terminal.ts';
import {folderOf} from '../with-runtime.ts';

type Options = ReaderOptions & {readonly limit: number; readonly before?: string; readonly json?: true};

export function auditCommand(program: Command, terminal: Terminal): void {
  readerOptions(program.command('audit'))
    .summary('who changed what, and when')
    .description(
      'Lists the changes to keys, versions in production, retrains, the event log, quarantine and erasures, newest first. Works on the data folder, also while a server runs.',
    )
    .option('--limit <n>', 'how many, at most 1000', positiveInteger, 50)
    .option('--before <id>', 'only entries older than this one')
    .option('--json', 'print as JSON: {entries, next}')
    .addHelpText('after', '\nExample:\n  millrace audit --limit 20')
    .action((options: Options) => audit(options, terminal));
}

async function audit(options: Options, terminal: Terminal): Promise<void> {
  const {entries, next} = await read(options);
  if (options.json) {
    terminal.printJson({entries, next});
    return;
  }
  if (entries.length === 0) terminal.print('Nothing was changed yet.');
  else {
    const titles = ['when (UTC)', 'who', 'did', 'to', 'with'].map(title => ({title}));
    for (const line of table(titles, entries.map(rowOf), terminal.style.dim)) terminal.print(line);
  }
  if (next !== null) terminal.note(terminal.errStyle.dim(`There are older ones: --before ${next}`));
}

const rowOf = ({at, who, action, what, detail, outcome}: AuditEntry): string[] => [
  moment(at),
  who,
  outcome === 'done' ? action : `${action} (failed)`,
  what,
  Object.entries(detail)
    .filter(([, value]) => value !== null)
    .map(([name, value]) => `${name} ${typeof value === 'object' ? JSON.stringify(value) : value}`)
    .join(', '),
];

/** Of the server at --url, or else of the data folder. */
async function read(options: Options): Promise<AuditPage> {
  const query = {limit: options.limit, ...(options.before === undefined ? {} : {before: options.before})};
  if (options.url !== undefined) return serverClient(options.url).audit(query);
  const records = await openAccessRecords(folderOf(await loadProject(options.project), options));
  try {
    return await records.audit.list(query);
  } finally {
    await records.close();
  }
}
