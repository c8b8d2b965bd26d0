import {describe, expect, test} from 'vitest';
import {normal, seededRandom} from '../../math/index.ts';
import {compileKernel, instantiateKernel} from '../kernel/kernel.ts';
import {wasm} from '../kernel/web-assembly.ts';
import {kernelLogLoss} from './kernel-log-loss.ts';
import {LOSSES, type LossRows, logLoss} from './loss.ts';

const COUNT = 1_001;

function rows(weighted: boolean, shares = false): LossRows {
  const random = seededRandom(2);
  const scores = Float64Array.from({length: COUNT}, (_, i) => (i === 0 ? 60 : i === 1 ? -60 : 3 * normal(random)));
  const labels = Float64Array.from({length: COUNT}, (_, i) => (shares ? (i % 11) / 10 : i % 2));
  const weights = weighted ? Float64Array.from({length: COUNT}, () => 3 * random()) : null;
  return {scores, labels, weights, gradients: new Float32Array(2 * COUNT)};
}

describe.each(['logLoss', 'crossEntropy', 'squaredLoss'] as const)('%s', name => {
  const loss = LOSSES[name];

  test.each([true, false])('derivatives are those of its sum (weighted: %s)', weighted => {
    const given = rows(weighted, name === 'crossEntropy');
    const peak = {first: 0, second: 0};
    const sum = loss.gradients(given, 0, COUNT, peak);
    expect(sum).toBeCloseTo(loss.sum(given, 0, COUNT), 8);
    for (let i = 2; i < COUNT; i += 50) {
      const at = (shift: number) => loss.sum({...given, scores: given.scores.map(s => s + shift)}, i, i + 1);
      const step = 1e-4;
      expect(given.gradients[2 * i]).toBeCloseTo((at(step) - at(-step)) / (2 * step), 5);
      expect(given.gradients[2 * i + 1]).toBeCloseTo((at(step) - 2 * at(0) + at(-step)) / step ** 2, 3);
    }
    const sizes = [...given.gradients].map(Math.abs);
    expect(peak.first / Math.max(...sizes.filter((_, k) => k % 2 === 0))).toBeCloseTo(1, 6);
  });

  test.each([true, false])('no constant margin has a lower loss than its base (weighted: %s)', weighted => {
    const {labels, weights, gradients} = rows(weighted, name === 'crossEntropy');
    const base = loss.baseMargin(labels, weights);
    const at = (margin: number) =>
      loss.sum({scores: new Float64Array(COUNT).fill(margin), labels, weights, gradients}, 0, COUNT);
    expect(at(base)).toBeLessThan(Math.min(at(base - 0.01), at(base + 0.01)));
  });
});

test('the cross entropy of labels 0 and 1 is their log loss', () => {
  const [soft, hard] = [rows(true), rows(true)];
  const peaks = [
    {first: 0, second: 0},
    {first: 0, second: 0},
  ] as const;
  const sum = LOSSES.crossEntropy.gradients(soft, 2, COUNT, peaks[0]);
  expect(sum).toBeCloseTo(logLoss.gradients(hard, 2, COUNT, peaks[1]), 8);
  expect(soft.gradients).toEqual(hard.gradients);
  expect(peaks[0]).toEqual(peaks[1]);
});

test('the log loss of the kernel is that of the plain loop', async () => {
  const memory = new wasm.Memory({initial: 2, maximum: 2, shared: true});
  const kernel = instantiateKernel(await compileKernel(), memory);
  const layout = {scores: 1_024, labels: 16_384, gradients: 32_768, scratch: [512]};
  const view = (at: number) => new Float64Array(memory.buffer, at, COUNT);
  const plain = rows(false);
  const inMemory: LossRows = {
    scores: view(layout.scores),
    labels: view(layout.labels),
    weights: null,
    gradients: new Float32Array(memory.buffer, layout.gradients, 2 * COUNT),
  };
  inMemory.scores.set(plain.scores);
  inMemory.labels.set(plain.labels);
  const state = {kernel, layout, thread: 0, f64: new Float64Array(memory.buffer), i32: new Int32Array(memory.buffer)};
  const [peak, expectedPeak] = [
    {first: 0, second: 0},
    {first: 0, second: 0},
  ];
  const sum = kernelLogLoss(state)(inMemory, 0, COUNT, peak);
  // The plain loop bounds a probability at 1e-18, the kernel at 1e-16: rows 0 and 1 are beyond both.
  const beyond = 2 * Math.log(1e2);
  expect(sum).toBeCloseTo(logLoss.gradients(plain, 0, COUNT, expectedPeak) - beyond, 6);
  expect(peak.first).toBeCloseTo(expectedPeak.first, 9);
  expect(peak.second).toBeCloseTo(expectedPeak.second, 9);
  plain.gradients.forEach((value, k) => {
    expect(inMemory.gradients[k]).toBeCloseTo(value, 8);
  });
});
