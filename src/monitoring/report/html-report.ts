import {histogramSvg} from './histogram-svg.ts';
import {type Html, html, nothing} from './html.ts';
import {STYLE} from './html-style.ts';
import {spanWords} from './span-words.ts';
import type {Figure, QualityFinding, ReportedColumn, ReportedPerformance, TableReport} from './table-report.ts';
import {figure, probability, rows, share} from './words.ts';

/** The report as one page that needs nothing else: no script, no font, no request. */
export function htmlReport(report: TableReport): string {
  const {reference, current, sentence, columns, quality, performance} = report;
  const page = html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<title>${current.name} against ${reference.name}</title>
<style>${{html: STYLE}}</style>
</head>
<body><main>
<h1>${current.name} against ${reference.name}</h1>
<p class="verdict">${mark(...VERDICTS[report.verdict])} ${sentence}</p>
<dl class="figures">
${fact('reference', rows(reference.rows), spanWords(reference))}
${fact('current', rows(current.rows), spanWords(current))}
${fact('columns that drift', String(columns.filter(({verdict}) => verdict === 'drift').length), `of ${columns.filter(({verdict}) => verdict === 'drift' || verdict === 'stable').length} judged`)}
${fact('findings on the data', String(quality.length), brokenWords(quality))}
</dl>
${performance ? performanceSection(performance) : nothing}
${quality.length > 0 ? qualitySection(quality) : nothing}
${columnsSection(columns)}
<details><summary>How to read this</summary>
<p>A column drifts if two things hold: the difference is beyond chance (false discovery rate ${report.settings.alpha} over all columns), and its size, the population stability index less what chance adds to it, is at least ${report.settings.effect}. With too few rows to see what matters a column says “insufficient data”. Bins are the deciles of the reference, or its 20 most frequent values; missing values are a bin of their own.</p>
</details>
</main></body>
</html>`;
  return `${page.html}\n`;
}

function brokenWords(quality: readonly QualityFinding[]): string {
  const broken = quality.filter(({severity}) => severity === 'broken').length;
  return broken === 0 ? '' : `${broken} of which break it`;
}

type Meaning = 'good' | 'watch' | 'bad' | 'unknown';

const VERDICTS: Readonly<Record<TableReport['verdict'], readonly [Meaning, string]>> = {
  'nothing to see': ['good', '● Calm'],
  watch: ['watch', '◆ Watch'],
  drift: ['bad', '▲ Drift'],
  broken: ['bad', '■ Broken'],
};

const COLUMN_VERDICTS: Readonly<Record<ReportedColumn['verdict'], readonly [Meaning, string]>> = {
  drift: ['bad', '▲ drift'],
  stable: ['good', '● stable'],
  'insufficient data': ['unknown', '○ insufficient data'],
  'not compared': ['unknown', '– not compared'],
};

const mark = (meaning: Meaning, words: string): Html => html`<span class="mark ${meaning}">${words}</span>`;

const fact = (name: string, value: string, about: string): Html =>
  html`<div><dt>${name}${about === '' ? '' : `, ${about}`}</dt><dd>${value}</dd></div>`;

function performanceSection(performance: ReportedPerformance): Html {
  const {metrics, prediction, target, referenceRows, currentRows, estimate} = performance;
  const measured = metrics.map(
    ({metric, reference, current, worse}) =>
      html`<tr><td>${metric}</td><td class="number">${interval(reference)}</td><td class="number">${interval(current)}</td><td>${worse ? mark('bad', '▲ worse, intervals apart') : nothing}</td></tr>`,
  );
  const estimated = estimate
    ? html`<p>Estimated, before labels, from ${rows(estimate.rows)} (${estimate.method}): ${Object.entries(
        estimate.metrics,
      )
        .map(([name, {value, low, high}]) => `${name} ${interval({value, low, high})}`)
        .join('; ')}. ${estimate.notes.join(' ')}</p>`
    : nothing;
  return html`<h2>Performance</h2>
<p class="quiet">${prediction} for ${target}, over the rows that have both: ${count(referenceRows)} before, ${count(currentRows)} now. Value and 95 % interval.</p>
<div class="scroll narrow"><table><thead><tr><th>metric</th><th class="number">reference</th><th class="number">current</th><th></th></tr></thead><tbody>${measured}</tbody></table></div>${estimated}`;
}

const count = (value: number | null): string => (value === null ? 'none' : rows(value));

function interval(found: Figure | null): string {
  if (found === null) return '–';
  const {value, low, high} = found;
  return low === null || high === null ? figure(value) : `${figure(value)} [${figure(low)}, ${figure(high)}]`;
}

function qualitySection(findings: readonly QualityFinding[]): Html {
  const found = findings.map(
    ({column, severity, message}) =>
      html`<tr><td class="name"><b>${column}</b></td><td>${severity === 'broken' ? mark('bad', '■ broken') : mark('watch', '◆ watch')}</td><td class="words">${message}</td></tr>`,
  );
  return html`<h2>Data quality</h2>
<div class="scroll"><table><thead><tr><th>column</th><th></th><th>finding</th></tr></thead><tbody>${found}</tbody></table></div>`;
}

function columnsSection(columns: readonly ReportedColumn[]): Html {
  const lines = columns.map(column => {
    const {verdict, effect, pValue, words, reference, current, type, picture} = column;
    return html`<tr><td class="name"><b>${column.column}</b><br><span class="unit">${type}</span></td><td class="picture">${histogramSvg(picture, column.column)}</td><td>${mark(...COLUMN_VERDICTS[verdict])}</td><td class="words">${words}</td><td class="number">${effect === null ? '–' : figure(effect)}</td><td class="number">${probability(pValue)}</td><td class="number">${share(reference.nulls / (reference.rows || 1))}<br>${share(current.nulls / (current.rows || 1))}</td><td class="number">${figure(reference.distinct)}<br>${figure(current.distinct)}</td></tr>`;
  });
  return html`<h2>Columns</h2>
<p class="quiet key">What matters first. <i class="before"></i>reference<i class="now"></i>current; of two lines in a cell the first is the reference.</p>
<div class="scroll"><table><thead><tr><th>column</th><th>distribution</th><th>verdict</th><th>what changed</th><th class="number">effect</th><th class="number">p</th><th class="number">nulls</th><th class="number">distinct</th></tr></thead><tbody>${lines}</tbody></table></div>`;
}
