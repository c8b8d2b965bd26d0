import {describe, expect, test} from 'vitest';
import {metricsOf} from '../../evaluation/index.ts';
import {chiSquareTest, normal, psi, seededRandom} from '../../math/index.ts';
import {monitorPolicy} from '../policy/monitor-policy.ts';
import {buildTrainingProfile, type TrainingProfile} from '../profiles/training-profile.ts';
import {describeWindow} from './describe-window.ts';
import {type ClosedWindow, WindowMonitor} from './window-monitor.ts';

const HOUR = 3_600_000;
const START = Date.UTC(2001, 3, 1);

/** `count` normal features and a category, and predictions of the first. */
function profileFor(count: number, version = 1): TrainingProfile {
  const random = seededRandom(7);
  const rows = 20_000;
  const column = () => Float64Array.from({length: rows}, () => normal(random));
  const first = column();
  const predictions = first.map(x => 1 / (1 + Math.exp(-x)));
  const numeric = Array.from({length: count}, (_, f) => ({
    name: `x${f}`,
    kind: 'numeric' as const,
    importance: 1 / (count + 1),
    values: f === 0 ? first : column(),
  }));
  const category = {
    name: 'origin',
    kind: 'categorical' as const,
    importance: 1 / (count + 1),
    values: Array.from({length: rows}, () => 'abcdefgh'[Math.floor(random() * 8)]!),
  };
  const labels = predictions.map(p => (random() < p ? 1 : 0));
  return buildTrainingProfile({
    model: 'late',
    version,
    baseRate: 0.5,
    features: [...numeric, category],
    predictions,
    test: metricsOf(predictions, labels),
  });
}

const profile = profileFor(4);
const policy = monitorPolicy({window: '1h', drift: {minRows: 300}});

/** One row of the world the profile was made of, moved by `shift` in x1. */
function row(random: () => number, shift = 0): [features: (number | string)[], prediction: number] {
  const x = [normal(random), normal(random) + shift, normal(random), normal(random)];
  return [[...x, 'abcdefgh'[Math.floor(random() * 8)]!], 1 / (1 + Math.exp(-x[0]!))];
}

const monitorAt = (from: number, now?: () => number, given = policy) =>
  new WindowMonitor(profile, given, {from, ...(now ? {now} : {})});
const described = (closed: ClosedWindow) => describeWindow(closed, policy);
const windowsOf = (closed: readonly ClosedWindow[]) => closed.map(one => described(one).window);

describe('WindowMonitor', () => {
  test('closes windows on hours of UTC, by the clock or by a later prediction, silent ones too', () => {
    const monitor = monitorAt(START);
    monitor.observe([0, 0, 0, 0, 'a'], 0.4, 2, 100, START + HOUR - 1);
    expect(monitor.advanceTo(START + HOUR - 1)).toEqual([]);
    monitor.observe([0, 0, 0, 0, 'a'], 0.6, 1, 300, START + 3 * HOUR);
    monitor.observeError(START + 3 * HOUR + 5);
    const closed = windowsOf(monitor.advanceTo(START + 4 * HOUR));
    expect(
      closed.map(({from, to, predictions, errors}) => [
        (from - START) / HOUR,
        (to - START) / HOUR,
        predictions,
        errors,
      ]),
    ).toEqual([
      [0, 1, 1, 0],
      [1, 2, 0, 0],
      [2, 3, 0, 0],
      [3, 4, 1, 1],
    ]);
    expect(closed[0]).toMatchObject({
      id: 'late@2001-04-01T00:00:00.000Z',
      byVersion: [{version: 2, predictions: 1}],
      meanPrediction: 0.4,
      performance: null,
    });
    expect(closed[1]).toMatchObject({
      latencyUs: null,
      meanPrediction: 0,
      prediction: {verdict: 'insufficient data', effect: 0},
    });
    expect(JSON.parse(JSON.stringify(closed))).toEqual(closed);
    expect(monitor.advanceTo(START + 4 * HOUR)).toEqual([]);
  });

  test('effects are the de-biased PSI and p-values the corrected chi-square of the counts it kept', () => {
    const random = seededRandom(2);
    const monitor = monitorAt(START);
    for (let i = 0; i < 2_000; i++) monitor.observe(...row(random, 0.5), 1, 50, START + i);
    const {window, histograms} = described(monitor.preview());
    expect(window.drift.map(({subject, verdict}) => `${subject} ${verdict}`)).toEqual([
      'x0 stable',
      'x1 drift',
      'x2 stable',
      'x3 stable',
      'origin stable',
    ]);
    const {reference, current, referenceNulls, currentNulls} = histograms[1]!;
    const [r, c] = [
      [...reference, referenceNulls],
      [...current, currentNulls],
    ];
    expect(window.drift[1]!.effect).toBe(psi(r, c).debiased);
    expect(window.drift[1]!.effect).toBeGreaterThan(0.2);
    // The smallest of six p-values is corrected six times over.
    expect(window.drift[1]!.pValue).toBeCloseTo(6 * chiSquareTest(r, c).pValue, 12);
    expect(current.reduce((a, b) => a + b)).toBe(2_000);
  });

  test('a feature that goes missing is drift', () => {
    const random = seededRandom(3);
    const monitor = monitorAt(START);
    for (let i = 0; i < 1_000; i++) {
      const [features, prediction] = row(random);
      if (i % 4 === 0) features[2] = Number.NaN;
      monitor.observe(features, prediction, 1, 50, START + i);
    }
    const {window, histograms} = described(monitor.preview());
    expect(window.drift[2]!.verdict).toBe('drift');
    expect(histograms[2]!.currentNulls).toBe(250);
  });

  test('a small window says insufficient data, whatever it holds', () => {
    const random = seededRandom(4);
    const monitor = monitorAt(START);
    for (let i = 0; i < 299; i++) monitor.observe(...row(random, 5), 1, 50, START + i);
    expect(new Set(described(monitor.preview()).window.drift.map(({verdict}) => verdict))).toEqual(
      new Set(['insufficient data']),
    );
  });

  test('without drift, none of 200 windows drifts, and about one in a hundred has a significant subject', () => {
    const random = seededRandom(5);
    const monitor = monitorAt(START);
    for (let w = 0; w < 200; w++) {
      const rows = 300 + Math.floor(random() * 700);
      for (let i = 0; i < rows; i++) monitor.observe(...row(random), 1, 50, START + w * HOUR + i);
    }
    const windows = windowsOf(monitor.advanceTo(START + 200 * HOUR));
    const reports = windows.flatMap(({drift, prediction}) => [...drift, prediction]);
    expect(windows).toHaveLength(200);
    expect(reports.filter(({verdict}) => verdict !== 'stable')).toEqual([]);
    // Benjamini-Hochberg at 1 % keeps the chance of any false discovery in a window at 1 %.
    const significant = windows.filter(({drift, prediction}) =>
      [...drift, prediction].some(({pValue}) => pValue <= 0.01),
    );
    expect(significant.length).toBeLessThanOrEqual(6);
  });

  test('a clock that is fast or slow is counted where it is seen, and closes no window that has not ended', () => {
    const now = START + 10 * 60_000;
    const monitor = monitorAt(START, () => now);
    const at = (time: number) => monitor.observe([0, 0, 0, 0, 'a'], 0.4, 1, 100, time);
    for (const time of [START + 1, START - 5 * 24 * HOUR, START + 20 * 365 * 24 * HOUR, Number.POSITIVE_INFINITY])
      at(time);
    monitor.observeError(START + 20 * 365 * 24 * HOUR);
    expect(monitor.advanceTo(now)).toEqual([]);
    expect(described(monitor.preview()).window).toMatchObject({predictions: 4, errors: 1, displaced: 3});
  });

  test('a very long silence is one window, without a gap in the record', () => {
    const monitor = monitorAt(START);
    monitor.observe([0, 0, 0, 0, 'a'], 0.4, 1, 100, START);
    const closed = monitor.advanceTo(START + 10 * 365 * 24 * HOUR);
    expect(closed.length).toBeLessThan(410);
    for (const [i, {from}] of closed.entries()) if (i > 0) expect(from).toBe(closed[i - 1]!.to);
    expect(closed.at(-1)!.to).toBe(START + 10 * 365 * 24 * HOUR);
    expect(monitor.span.from).toBe(closed.at(-1)!.to);
  });

  test('days are those of the zone', () => {
    const local = monitorPolicy({window: '1d', zone: 'America/New_York'});
    const monitor = monitorAt(Date.parse('2026-03-08T05:00Z'), undefined, local);
    const [day, next] = monitor.advanceTo(Date.parse('2026-03-10T05:00Z'));
    expect([day!, next!].map(({from, to}) => (to - from) / HOUR)).toEqual([23, 24]);
    expect(describeWindow(day!, local).window.id).toBe('late@2026-03-08T05:00:00.000Z');
  });

  test('a feature that is null in every row is severe drift, told with its share', () => {
    const random = seededRandom(8);
    const monitor = monitorAt(START);
    for (let i = 0; i < 400; i++) {
      const [features, prediction] = row(random);
      monitor.observe([Number.NaN, null as never, ...features.slice(2)], prediction, 1, 50, START + i);
    }
    const {drift} = described(monitor.preview()).window;
    expect(drift.map(({subject, severe}) => [subject, severe === true])).toEqual([
      ['x0', true],
      ['x1', true],
      ['x2', false],
      ['x3', false],
      ['origin', false],
    ]);
    expect(drift[1]!.nullShare).toEqual({reference: 0, current: 1});
  });

  test('versions are told apart where more than one answered', () => {
    const random = seededRandom(9);
    const monitor = monitorAt(START);
    for (let i = 0; i < 1_200; i++) {
      const [features, prediction] = row(random, i % 4 === 0 ? 2 : 0);
      monitor.observe(features, prediction, i % 4 === 0 ? 2 : 1, 50, START + i);
    }
    const {window} = described(monitor.preview());
    expect(window.byVersion.map(({version, predictions}) => [version, predictions])).toEqual([
      [1, 900],
      [2, 300],
    ]);
    const drifting = window.byVersion.map(({drift}) =>
      drift!.filter(({verdict}) => verdict === 'drift').map(d => d.subject),
    );
    expect(drifting).toEqual([[], ['x1']]);
    // Of the version whose training data it is compared with.
    expect(monitor.preview().sample.of).toBe(900);
  });

  test('another profile takes over with the next window, not within one', () => {
    const monitor = monitorAt(START);
    const next = profileFor(2, 2);
    monitor.compareWith(next);
    monitor.observe([0, 0, 0, 0, 'a'], 0.4, 1, 100, START + 1);
    expect(monitor.profile).toBe(profile);
    monitor.observe([0, 0, 'a'], 0.4, 2, 100, START + HOUR);
    expect(monitor.profile).toBe(next);
    expect(windowsOf(monitor.advanceTo(START + 2 * HOUR)).map(({drift}) => drift.length)).toEqual([5, 3]);
  });
});
