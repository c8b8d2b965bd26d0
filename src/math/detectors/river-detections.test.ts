import {readFileSync} from 'node:fs';
import {describe, expect, test} from 'vitest';
import {normal, seededRandom} from '../random.ts';
import {Adwin} from './adwin.ts';
import {Ddm} from './ddm.ts';
import type {DriftDetector} from './detector.ts';
import {Eddm} from './eddm.ts';
import {HddmA} from './hddm-a.ts';
import {HddmW} from './hddm-w.ts';
import {Kswin} from './kswin.ts';
import {PageHinkley} from './page-hinkley.ts';

// Golden values: river 0.26.1 by bench/peers/monitoring/detectors_oracle.py.
type Part = {count: number; from: number; to: number; spread: number};
type Stream = {kind: 'binary' | 'real'; seed: number; parts: Part[]};
type Detections = {drifts: number[]; warnings: number};
type Kswins = {shift: number; alpha: number; streams: number; none: number; before: number; after: number} & {
  meanDelay: number;
  deviationOfDelay: number;
};
type Golden = {
  streams: Record<string, Stream>;
  detections: Record<string, Record<string, Detections>>;
  kswin: Kswins[];
};

const golden: Golden = JSON.parse(readFileSync(new URL('./river-detections.json', import.meta.url), 'utf8'));

const detectors: Record<string, () => DriftDetector<unknown>> = {
  adwin: () => new Adwin(),
  'adwin eager': () => new Adwin({delta: 0.05, clock: 1, maxBuckets: 3, minWindowLength: 2, gracePeriod: 5}),
  pageHinkley: () => new PageHinkley(),
  'pageHinkley eager': () => new PageHinkley({threshold: 8, minInstances: 10, alpha: 0.999, delta: 0.01}),
  'pageHinkley up': () => new PageHinkley({threshold: 20, direction: 'up'}),
  'pageHinkley down': () => new PageHinkley({threshold: 20, direction: 'down'}),
  ddm: () => new Ddm(),
  'ddm eager': () => new Ddm({warmStart: 10, warningThreshold: 1.5, driftThreshold: 2.5}),
  eddm: () => new Eddm(),
  'eddm calm': () => new Eddm({warmStart: 50, alpha: 0.9, beta: 0.8}),
  hddmA: () => new HddmA(),
  'hddmA two-sided': () => new HddmA({twoSided: true, driftConfidence: 0.01, warningConfidence: 0.05}),
  hddmW: () => new HddmW(),
  'hddmW two-sided': () => new HddmW({twoSided: true, lambda: 0.02}),
};

function uniform(seed: number, i: number): number {
  let word = Math.imul(seed * 1_000_003 + i, 0x9e3779b9);
  word = Math.imul(word ^ (word >>> 16), 0x85ebca6b);
  word = Math.imul(word ^ (word >>> 13), 0xc2b2ae35);
  return ((word ^ (word >>> 16)) >>> 0) / 2 ** 32;
}

function valuesOf({kind, seed, parts}: Stream): number[] {
  const values: number[] = [];
  for (const {count, from, to, spread} of parts)
    for (let i = 0; i < count; i++) {
      const level = from + (to - from) * (i / count);
      const at = values.length;
      const value =
        kind === 'binary'
          ? Number(uniform(seed, at) < level)
          : level + spread * (uniform(seed, 2 * at) + uniform(seed, 2 * at + 1) - 1);
      values.push(value);
    }
  return values;
}

function detections(make: () => DriftDetector<unknown>, values: number[], restartEvery: number): Detections {
  let detector = make();
  const drifts: number[] = [];
  let warnings = 0;
  for (const [i, value] of values.entries()) {
    if (i % restartEvery === restartEvery - 1) {
      const stored = JSON.stringify(detector.snapshot());
      detector = make();
      detector.restore(JSON.parse(stored));
    }
    const verdict = detector.update(value);
    if (verdict === 'drift') drifts.push(i);
    if (verdict === 'warning') warnings++;
  }
  return {drifts, warnings};
}

describe.each(Object.entries(golden.streams))('in the stream %s', (name, stream) => {
  const values = valuesOf(stream);

  test.each(Object.entries(golden.detections[name]!))('%s sees drift where River does', (detector, expected) => {
    expect(detections(detectors[detector]!, values, Infinity)).toEqual(expected);
  });

  test.each(Object.entries(golden.detections[name]!))('%s goes on through restarts', (detector, expected) => {
    expect(detections(detectors[detector]!, values, 997)).toEqual(expected);
  });
});

test.each(golden.kswin)('kswin sees a shift of $shift as often and as soon as River does', expected => {
  const streams = 200;
  const found = {none: 0, before: 0, after: 0};
  let delay = 0;
  for (let seed = 0; seed < streams; seed++) {
    const random = seededRandom(seed);
    const detector = new Kswin({seed, alpha: expected.alpha});
    let where: keyof typeof found = 'none';
    for (let i = 0; i < 300 && where === 'none'; i++) {
      if (detector.update(normal(random) + (i < 150 ? 0 : expected.shift)) !== 'drift') continue;
      where = i < 150 ? 'before' : 'after';
      if (where === 'after') delay += i - 150;
    }
    found[where]++;
  }
  for (const where of ['none', 'before', 'after'] as const) {
    const share = (expected[where] + found[where]) / (expected.streams + streams);
    const error = Math.sqrt(share * (1 - share) * (1 / expected.streams + 1 / streams));
    expect(Math.abs(found[where] / streams - expected[where] / expected.streams)).toBeLessThanOrEqual(3.5 * error);
  }
  if (expected.shift === 0) return;
  const error = expected.deviationOfDelay * Math.sqrt(1 / expected.after + 1 / found.after);
  expect(Math.abs(delay / found.after - expected.meanDelay)).toBeLessThan(3.5 * error);
});
