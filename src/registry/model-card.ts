/**
 * A model card as Markdown, after Mitchell et al., "Model Cards for Model Reporting" (2019), from what a
 * version recorded about itself and nothing else: what was not measured is not claimed.
 */
import {type CandidateReport, formatDuration, type JsonValue, type ModelVersion} from '../protocol/index.ts';

/** The card of one version: Markdown with tables, times in UTC, figures to four significant digits. */
export function modelCard(version: ModelVersion): string {
  const {model, dataset, evaluation, lineage, artifact} = version;
  const chosen = evaluation.candidates.find(candidate => candidate.name === evaluation.chosen);
  return [
    `# ${model}, version ${version.version}`,
    `${version.algorithm}, ${version.status}, created ${time(version.createdAt)}. ${
      evaluation.passed ? 'It passed its gates.' : 'It did not pass its gates.'
    }`,

    '## Performance',
    `On the test split, which neither training nor the choice between models saw. Brackets hold the 95 % interval.`,
    performanceTable(evaluation.candidates),

    '## Gates',
    table(
      ['gate', 'passed', 'measured', 'required', 'in words'],
      evaluation.gates.map(({gate, passed, measured, required, message}) => [
        gate,
        passed ? 'yes' : 'no',
        figure(measured),
        figure(required),
        message,
      ]),
    ),

    ...(chosen && chosen.slices.length > 0 ? ['## Slices', sliceTable(chosen)] : []),

    '## Training data',
    `${count(dataset.rows)} rows (${count(dataset.positives)} positive) from ${time(dataset.from)} to ${time(dataset.to)}, ` +
      `as known on ${time(dataset.asOf)}. ${count(dataset.pending)} rows were left out because their label was still ` +
      `pending, ${count(dataset.unknown)} because none came. Between the splits lies a gap of ${formatDuration(evaluation.gapMs)}.`,
    table(
      ['split', 'from', 'to', 'rows', 'positive'],
      evaluation.splits.map(({name, from, to, rows, positives}) => [
        name,
        time(from),
        time(to),
        count(rows),
        count(positives),
      ]),
    ),
    ...(dataset.leakage.length === 0
      ? []
      : [
          table(
            ['leakage check', 'feature', 'finding', 'in words'],
            dataset.leakage.map(({check, feature, severity, message}) => [check, feature ?? 'all', severity, message]),
          ),
        ]),

    '## Features',
    table(
      ['feature', 'kind', 'importance'],
      [...version.features]
        .sort((a, b) => b.importance - a.importance)
        .map(({name, kind, importance}) => [name, kind, `${(importance * 100).toFixed(1)} %`]),
    ),

    '## Parameters',
    table(
      ['parameter', 'value'],
      Object.entries(version.parameters).map(([name, value]) => [name, text(value)]),
    ),

    '## Provenance',
    list([
      `Incumbent when it was trained: ${lineage.incumbent === null ? 'none' : `version ${lineage.incumbent}`}`,
      lineage.parent === null ? 'Trained from scratch' : `Continued from version ${lineage.parent}`,
      `Retrain: ${lineage.retrain ?? 'trained by hand'}`,
      `Training set: ${dataset.id}, SHA-256 ${dataset.hash}`,
      `Definitions: ${lineage.definitionHash}; events up to log position ${lineage.logPosition}; seed ${lineage.seed}`,
      `Artifact: ${artifact.name}, ${count(artifact.bytes)} bytes, SHA-256 ${artifact.sha256}`,
      artifact.onnxName === null
        ? 'ONNX: not exported'
        : `ONNX: ${artifact.onnxName}, ${
            artifact.onnxMaxDifference === null
              ? 'not checked against ONNX Runtime'
              : `differs from ONNX Runtime by at most ${artifact.onnxMaxDifference.toExponential(1)} on ${count(artifact.onnxRows)} rows`
          }`,
      `Trained in ${version.trainingSeconds.toFixed(1)} s`,
    ]),
  ]
    .filter(part => part !== '')
    .join('\n\n')
    .concat('\n');
}

const performanceTable = (candidates: readonly CandidateReport[]): string =>
  table(
    ['candidate', 'kind', 'rows', 'AUC', 'log loss', 'PR-AUC', 'Brier', 'calibration error', 'mean prediction', 'rate'],
    candidates.map(({name, kind, metrics: m}) => [
      name,
      kind,
      count(m.rows),
      m.aucLow === null ? figure(m.auc) : `${figure(m.auc)} [${figure(m.aucLow)}, ${figure(m.aucHigh)}]`,
      figure(m.logLoss),
      figure(m.prAuc),
      figure(m.brier),
      figure(m.ece),
      figure(m.meanPrediction),
      figure(m.baseRate),
    ]),
  );

const sliceTable = ({slices}: CandidateReport): string =>
  table(
    ['slice', 'rows', 'AUC', 'log loss', 'mean prediction', 'rate'],
    slices.map(({feature, value, metrics: m}) => [
      `${feature} = ${value}`,
      count(m.rows),
      figure(m.auc),
      figure(m.logLoss),
      figure(m.meanPrediction),
      figure(m.baseRate),
    ]),
  );

function table(header: readonly string[], rows: readonly (readonly string[])[]): string {
  if (rows.length === 0) return 'None.';
  const line = (cells: readonly string[]) => `| ${cells.map(escapeCell).join(' | ')} |`;
  return [line(header), line(header.map(() => '---')), ...rows.map(line)].join('\n');
}

const list = (items: readonly string[]): string => items.map(item => `- ${item}`).join('\n');

/** A cell must not end its row or its column. */
const escapeCell = (cell: string): string => cell.replaceAll('\\', '\\\\').replaceAll('|', '\\|').replaceAll('\n', ' ');

const figure = (value: number | null): string => (value === null ? '–' : String(Number(value.toPrecision(4))));

const count = (value: number): string => value.toLocaleString('en-US');

const time = (ms: number): string => `${new Date(ms).toISOString().slice(0, 16).replace('T', ' ')} UTC`;

const text = (value: JsonValue): string => (typeof value === 'string' ? value : JSON.stringify(value));
