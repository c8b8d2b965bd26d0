/** Performance of a closed window, once the labels of all its predictions are known or will never be. */

import {metricsOf} from '../../evaluation/index.ts';
import type {MonitorWindow} from '../../protocol/index.ts';

/** The predictions of one window, row by row. */
export type LabelledPredictions = {
  readonly scores: Float64Array;
  /** 0 or 1; NaN where no label came before its window closed. */
  readonly labels: Float64Array;
  readonly versions: ArrayLike<number>;
};

/**
 * The window with its performance, overall and by version; performance stays null when no row has a label.
 * Call it once, after every label window of its predictions has closed: early labels are a biased sample.
 */
export function scoreWindow(window: MonitorWindow, rows: LabelledPredictions, scoredAt: number): MonitorWindow {
  const {scores, labels, versions} = rows;
  const known: number[] = [];
  const byVersion = new Map<number, number[]>();
  for (let i = 0; i < labels.length; i++) {
    if (Number.isNaN(labels[i]!)) continue;
    known.push(i);
    const own = byVersion.get(versions[i]!);
    if (own) own.push(i);
    else byVersion.set(versions[i]!, [i]);
  }
  if (known.length === 0) return window;
  const metrics = (chosen: readonly number[]) =>
    metricsOf(
      Float64Array.from(chosen, i => scores[i]!),
      Float64Array.from(chosen, i => labels[i]!),
    );
  return {
    ...window,
    performance: {
      labelled: known.length,
      unknown: labels.length - known.length,
      overall: metrics(known),
      byVersion: [...byVersion].sort(([a], [b]) => a - b).map(([version, own]) => ({version, metrics: metrics(own)})),
      scoredAt,
    },
  };
}
