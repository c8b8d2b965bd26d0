import type {Command} from 'commander';
import type {Alert, MonitorWindow} from '../../protocol/index.ts';
import {positiveInteger, type ReaderOptions, readerOptions} from '../options.ts';
import {withReader} from '../reader.ts';
import {count, metric, moment, percent} from '../terminal/figures.ts';
import {table} from '../terminal/table.ts';
import type {Terminal} from '../terminal/terminal.ts';
import {reportCommand} from './monitor-report.ts';
import {simulateCommand} from './monitor-simulate.ts';
import {suggestCommand} from './monitor-suggest.ts';

type Options = ReaderOptions & {readonly last: number; readonly json?: true};

/** Commands below `monitor`, in the order in which `--help` lists them. Their options are their own. */
const SUBCOMMANDS: readonly ((monitor: Command, terminal: Terminal) => void)[] = [
  reportCommand,
  simulateCommand,
  suggestCommand,
];

export function monitorCommand(program: Command, terminal: Terminal): void {
  const monitor = readerOptions(program.command('monitor'))
    .summary('print the monitored windows and the open alerts')
    .description('Prints the newest windows of each model: volume, latency, drift, and quality where labels are known.')
    .argument('[model]', 'default: all')
    .option('--last <n>', 'so many windows', positiveInteger, 14)
    .option('--json', 'print windows and open alerts as JSON')
    .addHelpText('after', '\nExample:\n  millrace monitor lateness --last 30')
    .action((model: string | undefined, options: Options) => print(model, options, terminal));
  for (const add of SUBCOMMANDS) add(monitor, terminal);
}

async function print(model: string | undefined, options: Options, terminal: Terminal): Promise<void> {
  await withReader(options, async reader => {
    if (model !== undefined) await reader.model(model);
    const names = model === undefined ? [...new Set((await reader.models()).map(v => v.model))] : [model];
    const windows = (await Promise.all(names.map(name => reader.windows(name)))).flatMap(all =>
      all.slice(-options.last),
    );
    const alerts = (await reader.alerts()).filter(
      alert => alert.resolvedAt === null && (model === undefined || alert.model === model),
    );
    if (options.json) {
      terminal.printJson({windows, alerts});
      return;
    }
    for (const name of names) {
      terminal.print(terminal.style.bold(name));
      const own = windows.filter(w => w.model === name);
      for (const line of own.length === 0 ? ['  No window has closed yet.'] : windowTable(own, terminal.style))
        terminal.print(line);
    }
    if (names.length === 0) terminal.print('Nothing has been trained yet. Run millrace train.');
    terminal.print();
    for (const line of alertLines(alerts, terminal.style)) terminal.print(line);
  });
}

function windowTable(windows: readonly MonitorWindow[], {dim}: Terminal['style']): string[] {
  const right = (title: string) => ({title, align: 'right' as const});
  return table(
    [
      {title: 'from (UTC)'},
      right('predictions'),
      right('errors'),
      right('p50 µs'),
      right('p99 µs'),
      right('predicted'),
      right('happened'),
      right('AUC'),
      right('log loss'),
      {title: 'adrift'},
    ],
    windows.map(w => {
      const measured = w.performance?.overall;
      const drifted = [...w.drift, w.prediction].filter(d => d.verdict === 'drift').map(d => d.subject);
      return [
        moment(w.from),
        count(w.predictions),
        count(w.errors),
        w.latencyUs ? count(w.latencyUs.p50) : '–',
        w.latencyUs ? count(w.latencyUs.p99) : '–',
        w.predictions === 0 ? '–' : percent(w.meanPrediction),
        percent(measured?.baseRate),
        metric(measured?.auc),
        metric(measured?.logLoss, 4),
        drifted.length > 3 ? `${drifted.slice(0, 3).join(', ')} and ${drifted.length - 3} more` : drifted.join(', '),
      ];
    }),
    dim,
  );
}

function alertLines(alerts: readonly Alert[], {red, yellow, green, dim}: Terminal['style']): string[] {
  if (alerts.length === 0) return [green('No alert is open.')];
  return alerts.flatMap(({severity, title, message, openedAt, action}) => [
    `${severity === 'page' ? red('page  ') : yellow('ticket')} ${title} ${dim(`since ${moment(openedAt)} UTC`)}`,
    `       ${message}${action === null ? '' : ` Done about it: ${action}.`}`,
  ]);
}
