// A report on two tables for the terminal: the verdict, what is wrong with the data, and the columns that matter.
import {type Picture, reportFigure, reportSpan, type TableReport} from '../../app/index.ts';
import {count, percent, plural} from '../terminal/figures.ts';
import {table} from '../terminal/table.ts';
import type {Terminal} from '../terminal/terminal.ts';

type Style = Terminal['style'];

/** Columns that are listed though nothing is to be said of them. */
const QUIET_COLUMNS = 10;
const LONGEST_NAME = 40;

export function reportText(report: TableReport, style: Style): string[] {
  const {bold, dim, green, yellow, red} = style;
  const colour = {'nothing to see': green, watch: yellow, drift: red, broken: red}[report.verdict];
  return [
    bold(colour(report.sentence)),
    dim(`reference  ${sideText(report.reference)}`),
    dim(`current    ${sideText(report.current)}`),
    ...performanceText(report, style),
    ...qualityText(report, style),
    ...columnsText(report, style),
  ];
}

function sideText(side: TableReport['reference']): string {
  const span = reportSpan(side);
  return `${side.name}, ${plural(side.rows, 'row')}${span === '' ? '' : `, ${span}`}`;
}

function performanceText({performance}: TableReport, {dim, red}: Style): string[] {
  if (performance === null) return [];
  const figures = (found: {value: number; low: number | null; high: number | null} | null): string =>
    found === null
      ? '–'
      : `${reportFigure(found.value)}${found.low === null ? '' : ` [${reportFigure(found.low)}, ${reportFigure(found.high)}]`}`;
  return [
    '',
    ...table(
      [{title: `${performance.prediction} for ${performance.target}`}, {title: 'before'}, {title: 'now'}, {title: ''}],
      performance.metrics.map(({metric, reference, current, worse}) => [
        metric,
        figures(reference),
        figures(current),
        worse ? red('worse') : '',
      ]),
      dim,
    ),
    ...(performance.currentRows === 0 ? [dim('  No current row has a target yet.')] : []),
    ...estimateText(performance.estimate),
  ];
}

function estimateText(estimate: NonNullable<TableReport['performance']>['estimate']): string[] {
  if (estimate === null) return [];
  const shown = Object.entries(estimate.metrics).filter(([name]) =>
    ['auc', 'logLoss', 'accuracy', 'baseRate'].includes(name),
  );
  const figures = shown.map(
    ([name, {value, low, high}]) => `${name} ${reportFigure(value)} [${reportFigure(low)}, ${reportFigure(high)}]`,
  );
  return [
    `  Estimated for all ${plural(estimate.rows, 'row')}, before labels: ${figures.join(', ')}. ${estimate.notes.join(' ')}`,
  ];
}

function qualityText({quality}: TableReport, {red, yellow}: Style): string[] {
  if (quality.length === 0) return [];
  return [
    '',
    ...quality.map(
      ({column, severity, message}) =>
        `  ${severity === 'broken' ? red('broken') : yellow('watch ')}  ${cut(column)}: ${message}`,
    ),
  ];
}

function columnsText({columns}: TableReport, {dim, red, yellow}: Style): string[] {
  const loud = columns.filter(({verdict}) => verdict === 'drift' || verdict === 'insufficient data');
  const shown = columns.slice(0, Math.max(loud.length, QUIET_COLUMNS));
  if (shown.length === 0) return [];
  const paint = {drift: red, 'insufficient data': yellow, stable: dim, 'not compared': dim};
  const nulls = ({rows, nulls: missing}: {readonly rows: number; readonly nulls: number}) =>
    percent(missing / (rows || 1));
  const lines = table(
    [
      {title: 'column'},
      {title: 'verdict'},
      {title: 'effect', align: 'right'},
      {title: 'p', align: 'right'},
      {title: 'before'},
      {title: 'now'},
      {title: 'nulls', align: 'right'},
      {title: 'what changed'},
    ],
    shown.map(({column, verdict, effect, pValue, picture, reference, current, words, needed}) => [
      cut(column),
      paint[verdict](verdict),
      effect === null ? '–' : reportFigure(effect),
      pValue === null ? '–' : pValue < 0.001 ? '<0.001' : pValue.toFixed(3),
      dim(bars(picture, 'reference')),
      bars(picture, 'current'),
      nulls(current) === nulls(reference) ? nulls(current) : `${nulls(reference)} → ${nulls(current)}`,
      verdict === 'insufficient data' ? neededText(needed, current.rows) : words,
    ]),
    dim,
  );
  const rest = columns.length - shown.length;
  return ['', ...lines, ...(rest === 0 ? [] : [dim(`  and ${plural(rest, 'column')} more, of which none drifts.`)])];
}

const neededText = (needed: number | null, rows: number): string =>
  needed === null ? 'the reference has too few rows' : `${plural(rows, 'row')}; ${count(needed)} are needed`;

const BLOCKS = '▁▂▃▄▅▆▇█';
const BARS = 8;

/** The distribution in eight characters, both sides on one scale. */
function bars(picture: Picture | null, side: 'reference' | 'current'): string {
  if (picture === null) return '';
  const [own, other] = [eight(picture[side]), eight(picture[side === 'current' ? 'reference' : 'current'])];
  const most = Math.max(...own, ...other) || 1;
  return own.map(share => (share === 0 ? ' ' : BLOCKS[Math.min(7, Math.floor((share / most) * 8))])).join('');
}

function eight(shares: readonly number[]): number[] {
  if (shares.length <= BARS) return [...shares];
  const sums = new Array<number>(BARS).fill(0);
  shares.forEach((share, i) => {
    sums[Math.floor((i * BARS) / shares.length)]! += share;
  });
  return sums;
}

/** A name on one line, whatever it holds. */
function cut(name: string): string {
  const line = name.replace(/[\p{Cc}\p{Zl}\p{Zp}]+/gu, ' ');
  return line === '' ? '(no name)' : line.length > LONGEST_NAME ? `${line.slice(0, LONGEST_NAME - 1)}…` : line;
}
