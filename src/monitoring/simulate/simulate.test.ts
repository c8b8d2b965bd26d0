import {describe, expect, test} from 'vitest';
import {metricsOf} from '../../evaluation/index.ts';
import {normal, seededRandom} from '../../math/index.ts';
import type {MonitorWindow} from '../../protocol/index.ts';
import {monitorPolicy} from '../policy/monitor-policy.ts';
import {buildTrainingProfile} from '../profiles/training-profile.ts';
import type {ReferenceRows} from '../windows/row-sample.ts';
import {cleanWindows} from './clean-windows.ts';
import {expectedAlerts, rateOf} from './expected-alerts.ts';
import {replayPolicy} from './replay-policy.ts';
import {solveBudget} from './solve-budget.ts';

const NAMES = ['a', 'b', 'c'];
const random = seededRandom(1);
const reference: ReferenceRows = (() => {
  const rows = 5_000;
  const columns = NAMES.map(() => Float64Array.from({length: rows}, () => normal(random)));
  const scores = Float64Array.from({length: rows}, (_, i) => 1 / (1 + Math.exp(-columns[0]![i]! - columns[1]![i]!)));
  const labels = Float64Array.from(scores, score => (random() < score ? 1 : 0));
  return {rows, of: rows, names: NAMES, columns, categorical: NAMES.map(() => false), scores, labels};
})();
const profile = buildTrainingProfile({
  model: 'm',
  version: 1,
  baseRate: 0.5,
  features: NAMES.map((name, f) => ({
    name,
    kind: 'numeric' as const,
    importance: 1 / 3,
    values: reference.columns[f]!,
  })),
  predictions: reference.scores,
  test: metricsOf(reference.scores, reference.labels),
});
const policy = monitorPolicy();
const clean = cleanWindows(policy, profile, reference, {count: 60, rows: 400, seed: 2});

describe('a replayed policy', () => {
  test('says nothing of windows in which nothing changes', () => {
    const replay = replayPolicy(policy, clean, profile);
    expect(replay.windows).toBe(60);
    expect(replay.alerts).toEqual([]);
    expect(expectedAlerts(replay).map(({count}) => count)).toEqual([0, 0]);
  });

  test('opens and resolves what the policy would have, whatever the order of the windows', () => {
    const moved = (window: MonitorWindow): MonitorWindow => ({
      ...window,
      drift: window.drift.map(report => (report.subject === 'a' ? {...report, effect: 0.4, pValue: 1e-9} : report)),
    });
    const windows = clean.map((window, i) => (i >= 20 && i < 30 ? moved(window) : window));
    const {alerts} = replayPolicy(policy, [...windows].reverse(), profile);
    expect(alerts.map(({kind, openedAt, resolvedAt}) => [kind, openedAt, resolvedAt])).toEqual([
      ['drift', windows[21]!.to, windows[31]!.to],
    ]);
    const lax = monitorPolicy({drift: {effect: 0.5}});
    expect(replayPolicy(lax, windows, profile).alerts).toEqual([]);
    expect(replayPolicy(monitorPolicy({drift: {except: ['a']}}), windows, profile).alerts).toEqual([]);
    expect(replayPolicy(monitorPolicy({drift: null, predictionDrift: null}), windows, profile).alerts).toEqual([]);
  });
});

test('labels that come long after their windows are judged with the windows before theirs', () => {
  const late = clean.map((window, i): MonitorWindow => {
    const scored = window.performance!;
    const [{version, metrics}] = scored.byVersion as [(typeof scored.byVersion)[number]];
    const auc = i >= 5 && i < 12 ? 0.5 : 0.9;
    const known = {...metrics, auc, aucLow: auc - 0.01, aucHigh: auc + 0.01};
    const scoredAt = window.to + 50 * (window.to - window.from);
    return {...window, performance: {...scored, overall: known, byVersion: [{version, metrics: known}], scoredAt}};
  });
  const {alerts} = replayPolicy(policy, late, profile);
  expect(alerts.map(({kind, openedAt, resolvedAt}) => [kind, openedAt, resolvedAt])).toEqual([
    ['performance', late[6]!.performance!.scoredAt, late[13]!.performance!.scoredAt],
  ]);
});

test('drift that was severe is none below a floor that allows it', () => {
  const severe = clean.map((window, i): MonitorWindow => {
    const moved = {effect: 1.5, pValue: 0, verdict: 'drift' as const, severe: true};
    return i < 20 ? window : {...window, drift: window.drift.map(r => (r.subject === 'a' ? {...r, ...moved} : r))};
  });
  expect(replayPolicy(policy, severe, profile).alerts.map(({kind}) => kind)).toEqual(['drift']);
  expect(replayPolicy(monitorPolicy({drift: {effect: 2}}), severe, profile).alerts).toEqual([]);
});

describe('a budget', () => {
  const strict = monitorPolicy({
    drift: {effect: 0.005, alpha: 0.999, minRows: 1, for: {k: 1, n: 1}},
    predictionDrift: {effect: 0.005, for: {k: 1, n: 1}},
    performance: {drop: 0.001, for: {k: 1, n: 1}},
  });
  const noisy = cleanWindows(strict, profile, reference, {count: 120, rows: 400, seed: 3});

  test('is kept by laxer thresholds, and by no laxer ones than it takes', () => {
    const budget = {pagesPerWeek: 0.25, ticketsPerWeek: 0.2};
    const before = expectedAlerts(replayPolicy(strict, noisy, profile));
    expect(before.find(({severity}) => severity === 'ticket')!.perWeek.value).toBeGreaterThan(1);
    const {policy: solved, kept, replay} = solveBudget(strict, budget, noisy, profile);
    expect(kept).toBe(true);
    expect(solved.drift!.effect).toBeGreaterThan(strict.drift!.effect);
    expect(solved.drift!.effect).toBeLessThan(0.1);
    const [pages] = expectedAlerts(replay);
    expect(pages!.perWeek.value).toBeLessThanOrEqual(0.25);
  });

  test('that is kept already changes nothing', () => {
    const {policy: solved} = solveBudget(policy, {pagesPerWeek: 1, ticketsPerWeek: 1}, clean, profile);
    expect([solved.drift, solved.performance]).toEqual([policy.drift, policy.performance]);
  });

  test('needs a week of windows', () => {
    expect(() => solveBudget(policy, {pagesPerWeek: 1, ticketsPerWeek: 1}, clean.slice(0, 3), profile)).toThrow(
      'a week',
    );
    expect(() => solveBudget(policy, {pagesPerWeek: 1, ticketsPerWeek: 1}, [], profile)).toThrow('a week');
  });
});

test('rates have the exact Poisson interval', () => {
  // Garwood's limits, as in scipy.stats.chi2.ppf([.025, .975], [10, 12]) / 2 and chi2.ppf(.975, 2) / 2 (scipy 1.14).
  const {low, high} = rateOf(5, 1);
  expect(low).toBeCloseTo(1.6234863901184, 9);
  expect(high).toBeCloseTo(11.668332079322, 9);
  expect(rateOf(0, 2)).toEqual({value: 0, low: 0, high: expect.closeTo(3.6888794541139 / 2, 9)});
});
