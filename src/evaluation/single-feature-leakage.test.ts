import {describe, expect, test} from 'vitest';
import {normal, seededRandom} from '../math/index.ts';
import {singleFeatureLeakage} from './single-feature-leakage.ts';

const random = seededRandom(21);
const rows = 4_000;
const labels = Float64Array.from({length: rows}, () => (random() < 0.2 ? 1 : 0));
const noise = Float64Array.from({length: rows}, () => normal(random));

describe('singleFeatureLeakage', () => {
  test('honest features give one "ok" per check, with the strongest named', () => {
    const weak = labels.map((label, i) => 0.5 * label + noise[i]!);
    const findings = singleFeatureLeakage({names: ['noise', 'weak'], columns: [noise, weak]}, labels);
    expect(findings.map(({check, severity, feature}) => [check, severity, feature])).toEqual([
      ['single-feature-auc', 'ok', null],
      ['missing-value-auc', 'ok', null],
    ]);
    expect(findings[0]!.message).toContain('the strongest is weak');
  });

  test('a copy of the label blocks in either direction, a strong hint warns', () => {
    const inverse = labels.map((label, i) => -100 * label + noise[i]!);
    const hint = labels.map((label, i) => 2 * label + noise[i]!);
    const [first, second] = singleFeatureLeakage({names: ['hint', 'inverse'], columns: [hint, inverse]}, labels);
    expect(first).toMatchObject({feature: 'inverse', severity: 'block', measured: 1});
    expect(second).toMatchObject({feature: 'hint', severity: 'warn'});
  });

  test('a feature that is only filled in afterwards is caught by its absence', () => {
    const filled = labels.map(label => (label === 1 ? 3 : Number.NaN));
    const findings = singleFeatureLeakage({names: ['refund'], columns: [filled]}, labels);
    expect(findings.find(({severity}) => severity === 'block')).toMatchObject({
      check: 'missing-value-auc',
      feature: 'refund',
      measured: 1,
    });
  });

  test('a category of unique codes cannot memorise the labels; one that stands for the label is caught', () => {
    const unique = labels.map((_, i) => i);
    const parity = labels.map((label, i) => 2 * (i % 50) + label);
    const findings = singleFeatureLeakage(
      {names: ['id', 'parity'], columns: [unique, parity], kinds: ['categorical', 'categorical']},
      labels,
    );
    expect(findings.filter(({severity}) => severity !== 'ok').map(({feature}) => feature)).toEqual(['parity']);
  });

  test('a sample gives nearly the same figures, the same for the same seed', () => {
    const hint = labels.map((label, i) => 2 * label + noise[i]!);
    const given = {names: ['hint'], columns: [hint]};
    const sampled = singleFeatureLeakage(given, labels, {sample: 1_000, seed: 4});
    expect(singleFeatureLeakage(given, labels, {sample: 1_000, seed: 4})).toEqual(sampled);
    expect(Math.abs(sampled[0]!.measured - singleFeatureLeakage(given, labels)[0]!.measured)).toBeLessThan(0.03);
  });
});
