import fc from 'fast-check';
import {describe, expect, test} from 'vitest';
import {normal, seededRandom} from '../random.ts';
import {DistinctSketch, footprint} from './distinct-sketch.ts';

const ofNumbers = (values: Iterable<number>): DistinctSketch => {
  const sketch = new DistinctSketch();
  sketch.addNumbers(Float64Array.from(values));
  return sketch;
};
const ofTexts = (values: Iterable<string>): DistinctSketch => {
  const sketch = new DistinctSketch();
  for (const value of values) sketch.addText(value);
  return sketch;
};

describe('a distinct sketch', () => {
  const numbers: Readonly<Record<string, (i: number) => number>> = {
    'whole numbers': i => i,
    'large steps': i => i * 2 ** 20,
    'negative thousandths': i => -i / 1000,
    'numbers near one': i => 1 + i * 2 ** -50,
  };
  for (const [name, value] of Object.entries(numbers))
    test(`is within four standard errors for ${name}, few and many, however often they come`, () => {
      for (const different of [1, 10, 300, 5_000, 40_000, 300_000]) {
        const once = Float64Array.from({length: different}, (_, i) => value(i));
        const sketch = ofNumbers(once);
        sketch.addNumbers(once);
        expect(Math.abs(sketch.estimate() / different - 1)).toBeLessThan(4 * 0.01625);
      }
    });

  test('has the standard error that is said, for random numbers and for texts', () => {
    for (const sketchOf of [ofNumbers, (values: number[]) => ofTexts(values.map(String))]) {
      let squares = 0;
      for (let seed = 1; seed <= 60; seed++) {
        const random = seededRandom(seed);
        const sketch = sketchOf(Array.from({length: 3_000}, () => normal(random)));
        squares += (sketch.estimate() / 3_000 - 1) ** 2;
      }
      expect(Math.sqrt(squares / 60)).toBeLessThan(0.0163 * 1.2);
    }
  });

  test('merges to the bytes of one pass, in any grouping', () => {
    const texts = fc.array(fc.string({maxLength: 3}), {maxLength: 80});
    fc.assert(
      fc.property(texts, texts, texts, (a, b, c) => {
        const left = ofTexts(a);
        left.merge(ofTexts(b));
        left.merge(ofTexts(c));
        const rest = ofTexts(b);
        rest.merge(ofTexts(c));
        const right = ofTexts(a);
        right.merge(rest);
        const bytes = ofTexts([...a, ...b, ...c]).toBytes();
        expect(left.toBytes()).toEqual(bytes);
        expect(right.toBytes()).toEqual(bytes);
      }),
      {seed: 3},
    );
  });

  test('comes back from its bytes, which are few for few values', () => {
    for (const different of [0, 1, 20, 50_000]) {
      const sketch = ofNumbers(Array.from({length: different}, (_, i) => i / 7));
      const bytes = sketch.toBytes();
      expect(bytes.length).toBeLessThanOrEqual(Math.min(4_096, different * 3));
      const back = DistinctSketch.fromBytes(bytes);
      expect(back.estimate()).toBe(sketch.estimate());
      expect(back.toBytes()).toEqual(bytes);
    }
  });

  test('takes 0 and -0 for one value, and NaN for none', () => {
    expect(ofNumbers([0, -0, Number.NaN]).estimate()).toBe(1);
    expect(ofNumbers([]).estimate()).toBe(0);
  });

  test('gives a text the same footprint for ever', () => {
    expect(['', 'a', 'émile', 'x'.repeat(100)].map(footprint)).toEqual(GOLDEN);
  });
});

/** States that were written before have to merge with those of today. */
const GOLDEN = [33, 171586, 222657, 159937];
