import {describe, expect, test} from 'vitest';
import {normal, type Random, seededRandom} from '../../math/index.ts';
import {cellsOf, type DriftPair, totalOf} from './cells.ts';
import {chanceOf} from './chance.ts';
import {DRIFT_DEFAULTS} from './drift-settings.ts';
import {judgeDrift} from './judge-drift.ts';
import {neededRows} from './needed-rows.ts';

const DECILES = [-1.2816, -0.8416, -0.5244, -0.2533, 0, 0.2533, 0.5244, 0.8416, 1.2816];

const binned = (values: Iterable<number>, nulls = 0) => {
  const counts = new Array<number>(DECILES.length + 1).fill(0);
  for (const value of values) counts[DECILES.filter(edge => value >= edge).length]!++;
  return {counts, nulls};
};
const normals = (rows: number, random: Random, shift = 0) => Array.from({length: rows}, () => normal(random) + shift);

const pairOf = (rows: number, random: Random, shift = 0, nulls = 0): DriftPair => ({
  subject: 'x',
  kind: 'numeric',
  reference: binned(normals(5_000, random)),
  current: binned(normals(rows - nulls, random, shift), nulls),
});
const judged = (pair: DriftPair) => judgeDrift([pair], DRIFT_DEFAULTS)[0]!;

describe('chance', () => {
  test.each([150, 1_000])('is a p-value: of %i rows without drift, so many fall below as it says', rows => {
    const random = seededRandom(rows);
    const runs = 800;
    const pValues = Array.from({length: runs}, () => {
      const pair = pairOf(rows, random);
      return chanceOf(cellsOf(pair), true, {reference: totalOf(pair.reference), current: rows});
    });
    for (const alpha of [0.01, 0.05, 0.2]) {
      const share = pValues.filter(p => p <= alpha).length / runs;
      // Bonferroni over two related tests is on the safe side, by less than half.
      expect(share).toBeLessThan(alpha + 3 * Math.sqrt(alpha / runs));
      expect(share).toBeGreaterThan(0.5 * alpha - 3 * Math.sqrt(alpha / runs));
    }
  });

  test('of a hundred categories in 150 rows is one too, though most expect a row or two', () => {
    const random = seededRandom(5);
    const draw = (rows: number) => {
      const counts = new Array<number>(100).fill(0);
      for (let i = 0; i < rows; i++) counts[Math.floor(100 * random() ** 2)]!++;
      return {counts, nulls: 0};
    };
    const runs = 1_000;
    let low = 0;
    for (let run = 0; run < runs; run++) {
      const pair: DriftPair = {subject: 'c', kind: 'categorical', reference: draw(2_000), current: draw(150)};
      if (chanceOf(cellsOf(pair), false, {reference: 2_000, current: 150}) <= 0.05) low++;
    }
    expect(low / runs).toBeLessThan(0.05 + 3 * Math.sqrt(0.05 / runs));
  });

  test('of nulls that training never had is small, of one among thousands it is not', () => {
    const random = seededRandom(6);
    expect(judged(pairOf(1_000, random, 0, 100)).pValue).toBeLessThan(1e-20);
    expect(judged(pairOf(1_000, random, 0, 1)).pValue).toBeGreaterThan(0.01);
  });
});

describe('a verdict', () => {
  test('needs size: a shift of 0.05 deviations is beyond chance in 200,000 rows, and is not drift', () => {
    const report = judged(pairOf(200_000, seededRandom(7), 0.15));
    expect(report.pValue).toBeLessThan(1e-6);
    expect(report.verdict).toBe('stable');
  });

  test('needs more than chance: what is large in few rows may be luck', () => {
    const {verdict, needed} = judged(pairOf(40, seededRandom(8), 0.5));
    expect(verdict).toBe('insufficient data');
    expect(needed).toBeGreaterThan(80);
    expect(needed).toBeLessThan(200);
  });

  test('is severe in one small window when everything is null, not when three rows are', () => {
    const random = seededRandom(9);
    const {verdict, severe, nullShare} = judged(pairOf(60, random, 0, 60));
    expect({verdict, severe, nullShare}).toEqual({
      verdict: 'drift',
      severe: true,
      nullShare: {reference: 0, current: 1},
    });
    expect(judged(pairOf(3, random, 0, 3)).verdict).toBe('insufficient data');
  });

  test('is insufficient data for empty sides and for a single bin', () => {
    const one = {counts: [500], nulls: 0};
    const none = {counts: [0], nulls: 0};
    for (const [reference, current] of [
      [one, none],
      [none, one],
      [none, none],
      [one, one],
    ] as const)
      expect(judged({subject: 'x', kind: 'categorical', reference, current})).toMatchObject({
        effect: 0,
        pValue: 1,
        verdict: 'insufficient data',
      });
  });
});

test('so many rows as a verdict needs find what matters four times of five', () => {
  const random = seededRandom(10);
  const floor = DRIFT_DEFAULTS.effect;
  const rows = neededRows(pairOf(100, random), floor, DRIFT_DEFAULTS.alpha)!;
  // A PSI of 2.5 floors is a shift of its square root.
  const shift = Math.sqrt(2.5 * floor);
  const runs = 400;
  let found = 0;
  for (let run = 0; run < runs; run++) if (judged(pairOf(rows, random, shift)).verdict === 'drift') found++;
  expect(found / runs).toBeGreaterThan(0.7);
  expect(found / runs).toBeLessThan(0.95);
});
