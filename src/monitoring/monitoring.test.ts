/** Seeded streams through the whole room: observe, close, score, judge. */

import {describe, expect, test} from 'vitest';
import {metricsOf} from '../evaluation/index.ts';
import {normal, type Random, seededRandom} from '../math/index.ts';
import type {Alert, MonitorWindow} from '../protocol/index.ts';
import {judgeAlerts} from './alerts/judge-alerts.ts';
import {type MonitorPolicy, monitorPolicy} from './policy/monitor-policy.ts';
import {buildTrainingProfile} from './profiles/training-profile.ts';
import {describeWindow} from './windows/describe-window.ts';
import {scoreWindow} from './windows/score-window.ts';
import {WindowMonitor} from './windows/window-monitor.ts';

const DAY = 86_400_000;
const START = Date.UTC(2001, 3, 1);
const FEATURES = ['late_2h', 'late_24h', 'hour'];
const sigmoid = (x: number) => 1 / (1 + Math.exp(-x));

/** The world the model was trained in, and ways in which it may change. */
type World = {
  /** Added to every value of `late_2h`. */
  readonly shift: number;
  /** How much of the model's knowledge still holds: 1 all, 0 none. */
  readonly truth: number;
};
const HOME: World = {shift: 0, truth: 1};

function row(random: Random, {shift, truth}: World) {
  const features = Float64Array.from(FEATURES, (_, f) => normal(random) + (f === 0 ? shift : 0));
  const margin = 0.7 * features[1]! + 0.7 * features[2]!;
  const label = random() < sigmoid(truth * margin + (1 - truth) * normal(random)) ? 1 : 0;
  return {features, prediction: sigmoid(margin), label};
}

const profile = (() => {
  const random = seededRandom(1);
  const rows = Array.from({length: 20_000}, () => row(random, HOME));
  const predictions = Float64Array.from(rows, ({prediction}) => prediction);
  return buildTrainingProfile({
    model: 'late',
    version: 1,
    baseRate: 0.5,
    features: FEATURES.map((name, f) => ({
      name,
      kind: 'numeric' as const,
      importance: 1 / 3,
      values: Float64Array.from(rows, ({features}) => features[f]!),
    })),
    predictions,
    test: metricsOf(
      predictions,
      Float64Array.from(rows, ({label}) => label),
    ),
  });
})();

/** Lives through `days` days of `rows` predictions; labels of a day are known a day later. Returns alerts as they changed. */
function live(
  policy: MonitorPolicy,
  seed: number,
  days: number,
  rows: number,
  worldOn: (day: number) => World,
): string[] {
  const random = seededRandom(seed);
  const monitor = new WindowMonitor(profile, policy, {from: START});
  const history = new Map<string, MonitorWindow>();
  let open: Alert[] = [];
  const changes: string[] = [];
  const judge = (window: MonitorWindow, day: number) => {
    history.set(window.id, window);
    const {opened, resolved} = judgeAlerts({
      policy,
      window,
      profile,
      open,
      history: [...history.values()],
      at: START + day * DAY,
    });
    open = [...open.filter(({id}) => !resolved.some(gone => gone.id === id)), ...opened];
    for (const {kind} of opened) changes.push(`day ${day} +${kind}`);
    for (const {kind} of resolved) changes.push(`day ${day} -${kind}`);
  };
  let waiting: {window: MonitorWindow; scores: Float64Array; labels: Float64Array} | null = null;
  for (let day = 0; day < days; day++) {
    const scores = new Float64Array(rows);
    const labels = new Float64Array(rows);
    for (let i = 0; i < rows; i++) {
      const {features, prediction, label} = row(random, worldOn(day));
      scores[i] = prediction;
      labels[i] = label;
      monitor.observe(features, prediction, 1, 50, START + day * DAY + Math.floor((i * DAY) / rows));
    }
    const {window} = describeWindow(monitor.advanceTo(START + (day + 1) * DAY)[0]!, policy);
    judge(window, day + 1);
    if (waiting) judge(scoreWindow(waiting.window, {...waiting, versions: new Uint8Array(rows).fill(1)}, 0), day + 1);
    waiting = {window, scores, labels};
  }
  return changes;
}

describe('a model in production', () => {
  test('raises no alert in 200 windows in which nothing changes', () => {
    expect(live(monitorPolicy(), 31, 200, 800, () => HOME)).toEqual([]);
  });

  test('with hardly any tolerance, k of n windows hold back what single windows would raise', () => {
    const strict = (k: number, n: number) =>
      monitorPolicy({performance: {drop: 0.001}, calibration: null, drift: null, predictionDrift: null, for: {k, n}});
    const pages = (policy: MonitorPolicy) => live(policy, 31, 200, 800, () => HOME).filter(line => line.includes('+'));
    // One window in forty has an interval wholly below the truth.
    const single = pages(strict(1, 1)).length;
    expect(single).toBeGreaterThan(0);
    expect(single).toBeLessThanOrEqual(12);
    expect(pages(strict(2, 3)).length).toBeLessThan(single);
  });

  test('a feature that moves on day 10 is one ticket when its second window closes, and resolves when it is back', () => {
    const world = (day: number) => (day >= 10 && day < 20 ? {...HOME, shift: 0.6} : HOME);
    expect(live(monitorPolicy(), 32, 30, 1_000, world)).toEqual(['day 12 +drift', 'day 22 -drift']);
  });

  test('a relation that breaks without any drift is a page, once the labels of two days are known', () => {
    const world = (day: number) => (day >= 10 ? {...HOME, truth: 0.4} : HOME);
    expect(live(monitorPolicy(), 33, 20, 2_000, world)).toEqual(['day 13 +performance']);
  });
});
