/** Windows in which nothing changes, made of the rows of a version's test split: what a policy says of them is a false alarm. */

import {type Random, seededRandom} from '../../math/index.ts';
import type {MonitorWindow} from '../../protocol/index.ts';
import {estimateWindow} from '../estimates/estimate-window.ts';
import {fitScoreCalibration} from '../estimates/score-calibration.ts';
import type {MonitorPolicy} from '../policy/monitor-policy.ts';
import type {TrainingProfile} from '../profiles/training-profile.ts';
import {type DescribedWindow, describeWindow, type SpanTallies} from '../windows/describe-window.ts';
import type {ReferenceRows} from '../windows/row-sample.ts';
import {scoreWindow} from '../windows/score-window.ts';
import {mergeRecords, recordTallies} from '../windows/tallies.ts';
import {type ClosedWindow, WindowMonitor} from '../windows/window-monitor.ts';

export type CleanWindows = {
  readonly count: number;
  /** Predictions in each window. */
  readonly rows: number;
  readonly seed: number;
};

/** A usual latency: nothing here measures one (microseconds). */
const LATENCY_US = 50;

/**
 * Rows are drawn anew with replacement for each window, and go the way of served ones: counted, compared (alone and over
 * the sliding span), estimated, and scored with their labels as soon as the window closes.
 */
export function cleanWindows(
  policy: MonitorPolicy,
  profile: TrainingProfile,
  reference: ReferenceRows,
  {count, rows, seed}: CleanWindows,
): MonitorWindow[] {
  const random: Random = seededRandom(seed);
  const monitor = new WindowMonitor(profile, policy, {from: 0});
  const calibration = policy.estimate && fitScoreCalibration(reference.scores, reference.labels, {random});
  const vector = new Float64Array(reference.columns.length);
  const recent: DescribedWindow[] = [];
  const windows: MonitorWindow[] = [];
  while (windows.length < count) {
    const scores = new Float64Array(rows);
    const labels = new Float64Array(rows);
    for (let i = 0; i < rows; i++) {
      const row = Math.floor(random() * reference.rows);
      for (let f = 0; f < vector.length; f++) vector[f] = reference.columns[f]![row]!;
      scores[i] = reference.scores[row]!;
      labels[i] = reference.labels[row]!;
      monitor.observe(vector, scores[i]!, profile.version, LATENCY_US, monitor.span.from);
    }
    const closed = monitor.advanceTo(monitor.span.to)[0]!;
    const described = describeWindow(closed, policy, {
      season: null,
      spans: slidingOf(recent, closed),
      floors: new Map(),
    });
    recent.push(described);
    if (recent.length >= (policy.sliding ?? 1)) recent.shift();
    const estimate =
      policy.estimate && calibration
        ? estimateWindow({calibration, sample: closed.sample, policy: policy.estimate, value: policy.value})
        : null;
    const {window} = described;
    windows.push(
      scoreWindow(
        {...window, estimate},
        {scores, labels, versions: new Int32Array(rows).fill(profile.version)},
        window.to,
      ),
    );
  }
  return windows;
}

/** The windows before together with the one that closes. */
function slidingOf(recent: readonly DescribedWindow[], {profile, counts}: ClosedWindow): SpanTallies[] {
  const [first] = recent;
  if (!first) return [];
  const now = recordTallies(profile.version, counts.predictions, counts.bins.read(counts.block));
  const tallies = mergeRecords([...recent.map(one => one.tallies), now])!;
  return [{span: 'sliding', from: first.window.from, tallies}];
}
