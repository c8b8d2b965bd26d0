import fc from 'fast-check';
import {describe, expect, test} from 'vitest';
import {brier, logLoss, rocAuc, seededRandom} from '../math/index.ts';
import {binnedAuc, copyEvidence, emptyEvidence, pairedLimits, rowLoss, updateEvidence} from './evidence.ts';

const rows = (n: number, seed: number) => {
  const random = seededRandom(seed);
  return Array.from({length: n}, () => {
    const truth = random();
    return {ours: truth, theirs: (truth + random()) / 2, label: random() < truth ? 1 : 0};
  });
};

const gather = (given: ReturnType<typeof rows>) => {
  const evidence = emptyEvidence();
  for (const {ours, theirs, label} of given) updateEvidence(evidence, rowLoss('logLoss'), ours, theirs, label);
  return evidence;
};

describe('evidence', () => {
  test('has the mean losses of the metrics, and their difference', () => {
    const given = rows(3_000, 1);
    const labels = given.map(row => row.label);
    const {difference, challenger, champion} = gather(given);
    const ours = logLoss(
      given.map(row => row.ours),
      labels,
    );
    const theirs = logLoss(
      given.map(row => row.theirs),
      labels,
    );
    expect(challenger.loss.mean).toBeCloseTo(ours, 12);
    expect(champion.loss.mean).toBeCloseTo(theirs, 12);
    expect(difference.mean).toBeCloseTo(ours - theirs, 12);
  });

  test('loses rows one at a time as the metrics do over all, certain mistakes included', () => {
    fc.assert(
      fc.property(fc.double({min: 0, max: 1, noNaN: true}), fc.constantFrom(0, 1), (score, label) => {
        expect(rowLoss('logLoss')(score, label)).toBeCloseTo(logLoss([score], [label]), 12);
        expect(rowLoss('brier')(score, label)).toBeCloseTo(brier([score], [label]), 12);
      }),
      {seed: 2},
    );
  });

  test('reads nearly the exact AUC from binned scores', () => {
    const given = rows(5_000, 3);
    const exact = rocAuc(
      given.map(row => row.ours),
      given.map(row => row.label),
    );
    expect(binnedAuc(gather(given).challenger)).toBeCloseTo(exact, 3);
  });

  test('reads exactly the AUC where all scores of a bin are equal', () => {
    const scores = [0.1, 0.1, 0.4, 0.35, 0.8, 0, 1];
    const labels = [0, 1, 0, 1, 1, 0, 1];
    const given = scores.map((ours, i) => ({ours, theirs: 0.5, label: labels[i]!}));
    expect(binnedAuc(gather(given).challenger)).toBeCloseTo(rocAuc(scores, labels), 12);
    expect(binnedAuc(gather(given).champion)).toBe(0.5);
  });

  test('has no AUC with rows of one class only', () => {
    expect(binnedAuc(emptyEvidence().challenger)).toBeNull();
    expect(binnedAuc(gather([{ours: 0.3, theirs: 0.4, label: 1}]).champion)).toBeNull();
  });

  test('limits a paired mean by the formula of the asymptotic confidence sequence', () => {
    // Waudby-Smith et al. (arXiv 2103.06476), theorem 2.2, written out: sqrt(s2) sqrt(2 (n rho2 + 1) / (n2 rho2) ln(sqrt(n rho2 + 1) / alpha)).
    const evidence = gather(rows(1_000, 4));
    const [n, alpha, tunedFor] = [1_000, 0.05, 4_000];
    const rho2 = (-2 * Math.log(alpha) + Math.log(-2 * Math.log(alpha) + 1)) / tunedFor;
    const s2 = evidence.difference.m2 / (n - 1);
    const reach = Math.sqrt(((s2 * 2 * (n * rho2 + 1)) / (n * n * rho2)) * Math.log(Math.sqrt(n * rho2 + 1) / alpha));
    const {rows: count, estimate, low, high} = pairedLimits(evidence, alpha, tunedFor);
    expect(count).toBe(n);
    expect(high - estimate).toBeCloseTo(reach, 12);
    expect(estimate - low).toBeCloseTo(reach, 12);
  });

  test('knows nothing of no rows', () => {
    expect(pairedLimits(emptyEvidence(), 0.05, 1_000)).toEqual({
      rows: 0,
      estimate: 0,
      low: Number.NEGATIVE_INFINITY,
      high: Number.POSITIVE_INFINITY,
    });
  });

  test('a copy goes its own way', () => {
    const first = gather(rows(10, 5));
    const text = JSON.stringify(first);
    updateEvidence(copyEvidence(first), rowLoss('brier'), 0.1, 0.9, 1);
    expect(JSON.stringify(first)).toBe(text);
  });
});
