import type {MonitorWindow, RunSummary} from '../../protocol/index.ts';
import {formatDuration} from '../../protocol/index.ts';
import {count, day, metric, percent, seconds} from '../terminal/figures.ts';
import {table} from '../terminal/table.ts';
import type {Terminal} from '../terminal/terminal.ts';
import {candidateTable} from '../version-text.ts';

type Style = Terminal['style'];

/** A run of the whole loop on one screen. Every figure is taken from the summary as it was measured. */
export function summaryText(summary: RunSummary, style: Style): string[] {
  const {evaluation} = summary;
  return [
    ...section('Stages', stageTable(summary, style), style),
    ...(evaluation ? section('First version, on its test split', candidateTable(evaluation, style), style) : []),
    ...section('Production, by week', weekTable(summary.windows, style), style),
    ...section('What happened', storyLines(summary), style),
  ];
}

const section = (title: string, lines: readonly string[], {bold}: Style): string[] =>
  lines.length === 0 ? [] : ['', bold(title), ...lines];

function stageTable({stages}: RunSummary, {dim}: Style): string[] {
  return table(
    [
      {title: 'stage'},
      {title: 'time', align: 'right'},
      {title: 'rows', align: 'right'},
      {title: 'rows/s', align: 'right'},
    ],
    stages
      .filter(stage => stage.state !== 'waiting')
      .map(s => [s.name, seconds(s.seconds), count(s.rows), s.rowsPerSecond === null ? '–' : count(s.rowsPerSecond)]),
    dim,
  );
}

const WEEK_MS = 7 * 86_400_000;

/** Windows in sevens of days; AUC is the mean of the days' own, weighed by their labels. */
function weekTable(windows: readonly MonitorWindow[], {dim}: Style): string[] {
  const served = windows.filter(w => w.predictions > 0);
  const start = served[0]?.from;
  if (start === undefined) return [];
  const weeks = new Map<number, MonitorWindow[]>();
  for (const window of served) {
    const week = Math.floor((window.from - start) / WEEK_MS);
    weeks.set(week, [...(weeks.get(week) ?? []), window]);
  }
  const rows = [...weeks].map(([week, days]) => {
    const scored = days.flatMap(w => (w.performance ? [w.performance.overall] : []));
    const labelled = scored.filter(m => m.auc !== null);
    const drifted = new Set(days.flatMap(w => w.drift.filter(d => d.verdict === 'drift').map(d => d.subject)));
    return [
      day(start + week * WEEK_MS),
      count(days.reduce((sum, w) => sum + w.predictions, 0)),
      [...new Set(days.flatMap(w => w.byVersion.map(v => v.version)))].sort((a, b) => a - b).join(', '),
      metric(
        weighed(
          labelled,
          m => m.auc!,
          m => m.rows,
        ),
      ),
      percent(
        weighed(
          days,
          w => w.meanPrediction,
          w => w.predictions,
        ),
      ),
      percent(
        weighed(
          scored,
          m => m.baseRate,
          m => m.rows,
        ),
      ),
      drifted.size === 0 ? '–' : String(drifted.size),
    ];
  });
  return table(
    [
      {title: 'from'},
      {title: 'predictions', align: 'right'},
      {title: 'versions', align: 'right'},
      {title: 'AUC (mean of days)', align: 'right'},
      {title: 'predicted', align: 'right'},
      {title: 'happened', align: 'right'},
      {title: 'features adrift', align: 'right'},
    ],
    rows,
    dim,
  );
}

function weighed<T>(items: readonly T[], value: (item: T) => number, weight: (item: T) => number): number | null {
  let sum = 0;
  let weights = 0;
  for (const item of items) {
    sum += value(item) * weight(item);
    weights += weight(item);
  }
  return weights === 0 ? null : sum / weights;
}

function storyLines({alerts, retrains, promotions, consistency, replay, streams, ...rest}: RunSummary): string[] {
  const lines: string[] = [];
  const line = (name: string, text: string) => lines.push(`  ${name.padEnd(12)}  ${text}`);
  for (const {name, events, duplicates, late, checks} of streams) {
    const fired = checks.filter(check => check.count > 0).map(c => `${c.check} ${c.action} ${count(c.count)}`);
    line(
      name,
      `${count(events)} events, ${count(duplicates)} duplicates, ${count(late)} late${fired.length > 0 ? `; ${fired.join(', ')}` : ''}`,
    );
  }
  if (replay)
    line(
      'replay',
      `${day(replay.from)} to ${day(replay.to)}: ${count(replay.predictions)} predictions, ${count(replay.overHttp)} of them over HTTP`,
    );
  const open = alerts.filter(alert => alert.resolvedAt === null).length;
  const kinds = [...new Set(alerts.map(a => a.kind))].map(
    kind => `${kind} ${alerts.filter(a => a.kind === kind).length}`,
  );
  line(
    'alerts',
    alerts.length === 0 ? 'none' : `${count(alerts.length)} (${kinds.join(', ')}), ${count(open)} still open`,
  );
  for (const {firedAt, trigger, challenger, outcome} of retrains)
    line(
      'retrain',
      `${day(firedAt)} by ${trigger.kind}${challenger === null ? '' : ` → version ${challenger}`}: ${outcome}`,
    );
  for (const {version, at, reason} of promotions) line('promotion', `${day(at)} version ${version}: ${reason}`);
  if (consistency)
    line(
      'consistency',
      `${count(consistency.mismatches)} mismatches in ${count(consistency.values)} values of ${count(consistency.predictions)} predictions`,
    );
  line('took', `${formatDuration(rest.seconds * 1_000)}, at most ${count(rest.peakMemoryMb)} MiB of memory`);
  return lines;
}
