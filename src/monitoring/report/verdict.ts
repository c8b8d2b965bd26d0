import type {QualityFinding, ReportedColumn, ReportedPerformance, TableReport} from './table-report.ts';
import {figure, listed, plural, rows} from './words.ts';

/** The verdict, and why in a sentence or two: consequence first. No rows at all are broken: an export that failed must not pass. */
export function verdictOf(
  columns: readonly ReportedColumn[],
  quality: readonly QualityFinding[],
  performance: ReportedPerformance | null,
  [referenceRows, currentRows]: readonly [number, number],
): Pick<TableReport, 'verdict' | 'sentence'> {
  const drifting = columns.filter(({verdict}) => verdict === 'drift').map(({column}) => column);
  const judged = columns.filter(({verdict}) => verdict === 'drift' || verdict === 'stable').length;
  const waiting = columns.filter(({verdict}) => verdict === 'insufficient data').length;
  const broken = quality.filter(({severity}) => severity === 'broken');
  const worse = performance?.metrics.filter(metric => metric.worse) ?? [];

  const parts: string[] = [];
  for (const {metric, reference, current} of worse.slice(0, 1))
    parts.push(`${metric} is ${figure(current!.value)}, was ${figure(reference!.value)}`);
  if (broken.length > 0)
    parts.push(`${plural(broken.length, 'column is', 'columns are')} broken: ${listed(names(broken))}`);
  if (drifting.length > 0) parts.push(`${drifting.length} of ${plural(judged, 'column')} drift: ${listed(drifting)}`);
  const verdict =
    broken.length > 0 || currentRows === 0
      ? 'broken'
      : drifting.length + worse.length > 0
        ? 'drift'
        : quality.length > 0
          ? 'watch'
          : 'nothing to see';
  if (parts.length === 0) parts.push(calm(judged, waiting, referenceRows, currentRows));
  if (parts.length > 0 && verdict === 'watch') parts.push(`worth a look: ${listed(names(quality))}`);
  if (waiting > 0 && judged > 0)
    parts.push(`${plural(waiting, 'column has', 'columns have')} too few rows for a verdict`);
  return {verdict, sentence: parts.map(capital).join('. ').concat('.')};
}

const names = (findings: readonly QualityFinding[]): string[] => [...new Set(findings.map(({column}) => column))];

function calm(judged: number, waiting: number, referenceRows: number, currentRows: number): string {
  if (currentRows === 0) return 'there are no current rows';
  if (judged > 0) return `nothing to see: none of ${plural(judged, 'column')} drifts`;
  if (waiting === 0) return 'there is nothing to compare';
  const few = referenceRows < currentRows ? `${rows(referenceRows)} in the reference` : rows(currentRows);
  return `too few rows for a verdict (${few})`;
}

const capital = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);
