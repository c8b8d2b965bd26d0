/** What moved about outcomes: their rate alone, or what the same inputs lead to. */

import type {Metrics, MonitorWindow, Shift} from '../../protocol/index.ts';
import {figure, percent, wholeNumber, windowWords} from '../alerts/words.ts';
import type {LabelShift} from '../estimates/label-shift.ts';
import type {ConceptDetection} from './concept-watch.ts';
import type {MixFit} from './mix-fit.ts';
import type {OutcomeChange} from './outcome-change.ts';
import {shiftRun, type Windows} from './shift-run.ts';

/** What scores tell of the base rate while labels are missing. */
export type LabelShiftEvidence = {readonly estimate: LabelShift; readonly fit: MixFit};

export type OutcomeEvidence = {
  readonly labelShift: LabelShiftEvidence | null;
  /** Null until the window is scored. */
  readonly outcomes: OutcomeChange | null;
  readonly detections: readonly ConceptDetection[];
};

const ALPHA = 0.001;
/** Change of the base rate that counts, in standard deviations of the outcome. */
const RATE_EFFECT = 0.1;
/** Share of the drift that another mix of classes may leave, and drift in units of chance that can tell so. */
const MOST_LEFT = 0.1;
const CLEAR = 10;
/** Least gap of measured and estimated AUC where only their intervals are known. */
const AUC_GAP = 0.02;

/**
 * Labelled rows decide where there are enough. Without them a label shift is named if scores imply another base rate
 * which also explains the drift of inputs; a concept shift is never named without labels.
 */
export function outcomeShift(windows: Windows, {labelShift, outcomes, detections}: OutcomeEvidence): Shift | null {
  const window = windows.at(-1)!;
  if (outcomes !== null && outcomes.verdict !== 'insufficient data') {
    const {verdict, rows, baseRate} = outcomes;
    if (verdict === 'none') return null;
    const onRows = `on ${wholeNumber(rows)} labelled rows`;
    if (verdict === 'label')
      return shiftOf('label', windows, baseRate.reference, first => {
        return `The share of label 1 is ${percent(baseRate.current)}, ${percent(baseRate.reference)} in the reference, ${onRows}, since ${first}; rows of each class score as before.`;
      });
    return shiftOf('concept', windows, baseRate.reference, first => {
      return `The same scores lead to other outcomes since ${first}: ${onRows} ${percent(baseRate.current)} have label 1 where ${percent(baseRate.expected)} were to be expected${detected(windows, detections)}.`;
    });
  }
  const outside = aucOutside(window);
  if (outcomes === null && outside !== null)
    return shiftOf('concept', windows, null, first => {
      return `Performance is not what inputs let expect since ${first}: ${outside}${detected(windows, detections)}.`;
    });
  if (window.performance !== null || !isLabelShift(labelShift)) return null;
  const {reference, baseRate} = labelShift!.estimate;
  const {value, low, high} = baseRate!;
  return shiftOf('label', windows, reference, first => {
    return `Scores imply that ${percent(value)} [${figure(100 * low)}, ${figure(100 * high)}] have label 1, ${percent(reference)} in the reference, since ${first}, and that explains how inputs moved; labels will tell.`;
  });
}

function isLabelShift(evidence: LabelShiftEvidence | null): boolean {
  if (evidence === null || evidence.estimate.baseRate === null || evidence.estimate.pValue === null) return false;
  const {reference, baseRate, pValue} = evidence.estimate;
  const size = Math.abs(baseRate.value - reference) / Math.sqrt(reference * (1 - reference));
  const {drift, left, noise} = evidence.fit;
  return pValue <= ALPHA && size >= RATE_EFFECT && drift >= CLEAR * noise && left <= MOST_LEFT * drift;
}

/** The figures in words if measured and estimated AUC are further apart than both intervals; else null. */
function aucOutside(window: MonitorWindow): string | null {
  const {auc = null, aucLow = null, aucHigh = null} = measuredOf(window) ?? {};
  const thought = window.estimate?.metrics.auc;
  if (auc === null || aucLow === null || aucHigh === null || !thought) return null;
  const isApart = aucHigh < thought.low || aucLow > thought.high;
  if (!isApart || Math.abs(auc - thought.value) < AUC_GAP) return null;
  return `AUC ${figure(auc)} [${figure(aucLow)}, ${figure(aucHigh)}], estimated ${figure(thought.value)} [${figure(thought.low)}, ${figure(thought.high)}]`;
}

/** The run goes back over windows of which the same was said. */
function shiftOf(
  kind: 'label' | 'concept',
  windows: Windows,
  usual: number | null,
  words: (first: string) => string,
): Shift {
  const isLast = (other: MonitorWindow) => other === windows.at(-1);
  const {first, since, pattern} = shiftRun(
    windows,
    other => isLast(other) || (other.shifts && other.predictions > 0 ? other.shifts.some(s => s.kind === kind) : null),
    other => (kind === 'label' && usual !== null ? rateDistance(other, usual) : promiseDistance(other)),
  );
  return {kind, pattern, subjects: ['outcomes'], since, message: words(windowWords(first))};
}

/** Of the version that the window was compared with: what a canary did beside it is another matter. */
function measuredOf({performance, profile}: MonitorWindow): Metrics | undefined {
  if (profile === undefined) return performance?.overall;
  return performance?.byVersion.find(({version}) => version === profile)?.metrics;
}

function rateDistance(window: MonitorWindow, usual: number): number | null {
  const rate = measuredOf(window)?.baseRate ?? window.estimate?.metrics.baseRate?.value;
  return rate === undefined ? null : Math.abs(rate - usual);
}

/** How far outcomes are from what scores promised: in their mean, and in how well they rank. */
function promiseDistance(window: MonitorWindow): number | null {
  const measured = measuredOf(window);
  if (measured === undefined) return null;
  const {meanPrediction, baseRate, auc} = measured;
  const thought = window.estimate?.metrics.auc?.value;
  const ranking = auc === null || thought === undefined ? 0 : Math.abs(auc - thought);
  return Math.abs(meanPrediction - baseRate) / Math.sqrt(baseRate * (1 - baseRate) || 1) + ranking;
}

function detected(windows: Windows, detections: readonly ConceptDetection[]): string {
  const from = windows.at(-Math.min(3, windows.length))!.from;
  const {to} = windows.at(-1)!;
  const found = detections.find(({at}) => at >= from && at < to);
  return found === undefined ? '' : `, seen as it came by ${found.detector} at ${timeWords(found.at)}`;
}

const timeWords = (at: number): string => `${new Date(at).toISOString().slice(0, 16).replace('T', ' ')} UTC`;
