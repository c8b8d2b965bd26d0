import type {Command} from 'commander';
import {
  type AlertSimulation,
  findModel,
  LEAST_HISTORY,
  loadProject,
  simulateClean,
  simulateHistory,
} from '../../app/index.ts';
import {nonNegative, positiveInteger, type ReaderOptions, readerOptions} from '../options.ts';
import {findVersion, withReader} from '../reader.ts';
import {moment} from '../terminal/figures.ts';
import {table} from '../terminal/table.ts';
import type {Terminal} from '../terminal/terminal.ts';
import {withRuntime} from '../with-runtime.ts';

type Options = ReaderOptions & {
  readonly clean?: true;
  readonly rows?: number;
  readonly windows: number;
  readonly pagesPerMonth?: number;
  readonly ticketsPerWeek?: number;
  readonly json?: true;
};

const WEEKS_IN_A_MONTH = 365.25 / 12 / 7;
/** Predictions in a window, where no window tells how many are usual. */
const USUAL_ROWS = 1_000;

export function simulateCommand(monitor: Command, terminal: Terminal): void {
  readerOptions(monitor.command('simulate'))
    .summary('print the alerts that the written policy leads to, before it is switched on')
    .description(
      'Replays the windows that were monitored under the policy as it is written now; with --clean, windows made of rows of the test split, in which nothing changes: every alert is a false one. With a budget it prints the strictest thresholds that keep to it.',
    )
    .argument('[model]', 'may be left out if there is one')
    .option('--clean', 'windows in which nothing changes (needs the data to itself)')
    .option('--rows <n>', 'predictions in a clean window (default: the usual number)', positiveInteger)
    .option('--windows <n>', 'so many clean windows', positiveInteger, 365)
    .option('--pages-per-month <n>', 'at most so many pages a month', nonNegative)
    .option('--tickets-per-week <n>', 'at most so many tickets a week', nonNegative)
    .option('--json', 'print as JSON')
    .addHelpText('after', '\nExample:\n  millrace monitor simulate lateness --pages-per-month 1 --tickets-per-week 1')
    .action((model: string | undefined, options: Options) => simulate(model, options, terminal));
}

async function simulate(model: string | undefined, options: Options, terminal: Terminal): Promise<void> {
  const project = await loadProject(options.project);
  const {pagesPerMonth, ticketsPerWeek} = options;
  const budget =
    pagesPerMonth === undefined && ticketsPerWeek === undefined
      ? null
      : {
          pagesPerWeek: pagesPerMonth === undefined ? Number.POSITIVE_INFINITY : pagesPerMonth / WEEKS_IN_A_MONTH,
          ticketsPerWeek: ticketsPerWeek ?? Number.POSITIVE_INFINITY,
        };
  const known = await withReader(options, async reader => {
    const version = await findVersion(reader, model, undefined);
    return {version, windows: (await reader.windows(version.model)).filter(({predictions}) => predictions > 0)};
  });
  const {version, windows} = known;
  const definition = findModel(project, version.model);
  const usual = windows.map(({predictions}) => predictions).sort((a, b) => a - b)[windows.length >> 1];
  const rows = options.rows ?? usual ?? USUAL_ROWS;
  const clean = options.clean === true || windows.length < LEAST_HISTORY;
  const simulation = clean
    ? await withRuntime(options, runtime =>
        simulateClean(runtime, definition, {version: version.version, rows, windows: options.windows, budget}),
      )
    : simulateHistory(definition, windows, version, budget);
  if (options.json) {
    terminal.printJson({model: version.model, version: version.version, ...(clean ? {rows} : {}), ...simulation});
    return;
  }
  for (const line of simulationLines(
    simulation,
    {model: version.model, rows, asked: options.clean === true},
    terminal.style,
  ))
    terminal.print(line);
}

function simulationLines(
  {source, replay, expected, solved}: AlertSimulation,
  {model, rows, asked}: {readonly model: string; readonly rows: number; readonly asked: boolean},
  {bold, dim}: Terminal['style'],
): string[] {
  const many = `${replay.windows} ${replay.windows === 1 ? 'window' : 'windows'}`;
  const given =
    source === 'history'
      ? `${many} that were monitored, ${moment(replay.from)} to ${moment(replay.to)} UTC. Troubles of that time are among the alerts.`
      : `${many} of ${rows} rows of the test split, drawn anew: every alert is a false one.${asked ? '' : ` Fewer than ${LEAST_HISTORY} windows were monitored.`}`;
  return [
    bold(model),
    `  ${given}`,
    ...expectedLines(expected, dim),
    ...(solved
      ? [
          '',
          solved.kept
            ? bold('The strictest thresholds that keep to the budget')
            : bold('No thresholds keep to the budget; the laxest that were tried'),
          ...thresholdLines(solved.policy),
          ...expectedLines(solved.expected, dim),
        ]
      : []),
  ];
}

const expectedLines = (expected: AlertSimulation['expected'], dim: Terminal['style']['dim']): string[] =>
  table(
    [
      {title: 'alert'},
      {title: 'of'},
      {title: 'seen', align: 'right'},
      {title: 'a week', align: 'right'},
      {title: '95 % interval', align: 'right'},
    ],
    expected.map(({severity, kind, count, perWeek}) => [
      severity,
      kind,
      String(count),
      perWeek.value.toFixed(2),
      `${perWeek.low.toFixed(2)} to ${perWeek.high.toFixed(2)}`,
    ]),
    dim,
  );

/** As they are written in a project. */
function thresholdLines({
  drift,
  predictionDrift,
  performance,
  calibration,
}: NonNullable<AlertSimulation['solved']>['policy']) {
  return [
    ...(drift ? [`  drift: {effect: ${drift.effect}}`] : []),
    ...(predictionDrift ? [`  predictionDrift: {effect: ${predictionDrift.effect}}`] : []),
    ...(performance ? [`  performance: {drop: ${performance.drop}}`] : []),
    ...(calibration ? [`  calibration: {ratio: [${calibration.ratio.join(', ')}]}`] : []),
  ];
}
