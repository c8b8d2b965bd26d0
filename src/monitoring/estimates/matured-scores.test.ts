import {describe, expect, test} from 'vitest';
import {seededRandom} from '../../math/index.ts';
import {estimatePerformance} from './estimate-performance.ts';
import {MaturedScores, refreshCalibration} from './matured-scores.ts';
import {realisedMetrics, simulatedRows} from './simulated-rows.fixture.ts';

const DAY = 86_400_000;

/** The rows, spread over so many days. */
function matured(rows: ReturnType<typeof simulatedRows>, days: number): MaturedScores {
  const kept = new MaturedScores();
  rows.scores.forEach((score, i) => {
    kept.add(score, rows.labels[i]!, Math.floor((i / rows.scores.length) * days) * DAY + i);
  });
  return kept;
}

describe('a calibration that is kept fresh', () => {
  test.each([
    ['rows', 1_999, 20],
    ['days', 50_000, 6],
  ])('is of the test split while too few %s have matured', (_, rows, days) => {
    const random = seededRandom(31);
    const reference = simulatedRows(1_000, random);
    const fresh = refreshCalibration(reference, matured(simulatedRows(rows, random), days), random);
    expect(fresh).toMatchObject({from: 'reference', rows: 1_000, asOf: null});
  });

  test('is of the test split while one class has hardly matured', () => {
    const random = seededRandom(32);
    const rows = simulatedRows(4_000, random);
    rows.labels.fill(0, 100);
    expect(refreshCalibration(simulatedRows(1_000, random), matured(rows, 10), random).from).toBe('reference');
  });

  test('follows a change of the relation of scores and outcomes once its labels are there', () => {
    const random = seededRandom(33);
    const reference = simulatedRows(5_000, random);
    const changed = (rows: number) => simulatedRows(rows, random, {overconfident: 2});
    const fresh = refreshCalibration(reference, matured(changed(5_000), 10), random);
    expect(fresh).toMatchObject({from: 'matured', rows: 5_000, asOf: 9 * DAY + 4_999});
    const {scores, labels} = changed(5_000);
    const {brier} = realisedMetrics(scores, labels, 0.3);
    const stale = refreshCalibration(reference, new MaturedScores(), random);
    const [now, then] = [fresh, stale].map(own => estimatePerformance(scores, own, {decideAt: 0.3}).brier!);
    expect(brier).toBeGreaterThan(now!.low);
    expect(brier).toBeLessThan(now!.high);
    expect(brier).toBeGreaterThan(then!.high);
  });

  test('remembers 500 rows of each of the newest 28 days, so that no day speaks for all', () => {
    const kept = new MaturedScores();
    for (let day = 0; day < 40; day++)
      for (let i = 0; i < (day === 20 ? 5_000 : 600); i++) kept.add(day / 100, 0, day * DAY + i);
    const {scores, labels} = kept.columns();
    expect([kept.days, scores.length, labels.length]).toEqual([28, 14_000, 14_000]);
    expect(Math.min(...scores)).toBe(0.12);
    expect(scores.filter(score => score === 0.2).length).toBe(500);
    expect(kept.newest).toBe(39 * DAY + 599);
    expect(new MaturedScores().newest).toBeNull();
  });

  test('is the same again when what was kept is added anew, in any order', () => {
    const random = seededRandom(35);
    const kept = matured(simulatedRows(20_000, random), 30);
    const again = new MaturedScores();
    const {scores, labels, times} = kept.columns();
    for (let i = scores.length - 1; i >= 0; i--) again.add(scores[i]!, labels[i]!, times[i]!);
    expect(again.columns()).toEqual(kept.columns());
    expect([again.newest, again.days]).toEqual([kept.newest, kept.days]);
  });

  test('keeps a uniform sample of a day', () => {
    let late = 0;
    for (let run = 0; run < 20; run++) {
      const kept = new MaturedScores();
      for (let i = 0; i < 4_000; i++) kept.add(0.5, 0, i * 20_000 + run);
      late += kept.columns().times.filter(at => at >= 2_000 * 20_000).length / 20;
    }
    expect(Math.abs(late - 250)).toBeLessThan(8); // ± 2.4
  });
});
