import {describe, expect, test} from 'vitest';
import {seededRandom} from '../../math/index.ts';
import {estimatePerformance} from './estimate-performance.ts';
import {MaturedScores, refreshCalibration} from './matured-scores.ts';
import {realisedMetrics, simulatedRows} from './simulated-rows.fixture.ts';

const matured = (rows: ReturnType<typeof simulatedRows>, into = new MaturedScores()): MaturedScores => {
  rows.scores.forEach((score, i) => {
    into.add(score, rows.labels[i]!, 1_000 + i);
  });
  return into;
};

describe('a calibration that is kept fresh', () => {
  test('is of the test split while too few rows have matured', () => {
    const random = seededRandom(31);
    const reference = simulatedRows(1_000, random);
    const fresh = refreshCalibration(reference, matured(simulatedRows(1_999, random)), random);
    expect(fresh).toMatchObject({from: 'reference', rows: 1_000, asOf: null});
  });

  test('is of the test split while one class has hardly matured', () => {
    const random = seededRandom(32);
    const rows = simulatedRows(4_000, random);
    rows.labels.fill(0, 100);
    expect(refreshCalibration(simulatedRows(1_000, random), matured(rows), random).from).toBe('reference');
  });

  test('follows a change of the relation of scores and outcomes once its labels are there', () => {
    const random = seededRandom(33);
    const reference = simulatedRows(5_000, random);
    const changed = (rows: number) => simulatedRows(rows, random, {overconfident: 2});
    const fresh = refreshCalibration(reference, matured(changed(5_000)), random);
    expect(fresh).toMatchObject({from: 'matured', rows: 5_000, asOf: 5_999});
    const {scores, labels} = changed(5_000);
    const {brier} = realisedMetrics(scores, labels, 0.3);
    const stale = refreshCalibration(reference, new MaturedScores(), random);
    const [now, then] = [fresh, stale].map(own => estimatePerformance(scores, own, {decideAt: 0.3}).brier!);
    expect(brier).toBeGreaterThan(now!.low);
    expect(brier).toBeLessThan(now!.high);
    expect(brier).toBeGreaterThan(then!.high);
  });

  test('remembers the newest 10,000 rows', () => {
    const random = seededRandom(34);
    const rows = matured(simulatedRows(12_000, random));
    const later = matured({scores: new Float64Array(10_000).fill(0.5), labels: new Float64Array(10_000)}, rows);
    expect(later.rows).toBe(10_000);
    expect(new Set(later.scores)).toEqual(new Set([0.5]));
    expect(new MaturedScores().newest).toBeNull();
  });
});
