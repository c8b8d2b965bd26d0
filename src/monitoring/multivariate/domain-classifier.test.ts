import {describe, expect, test} from 'vitest';
import {normal, type Random, seededRandom} from '../../math/index.ts';
import {domainProbabilities} from './domain-classifier.ts';

const numeric = (rows: number, random: Random, shift = 0) =>
  Float64Array.from({length: rows}, () => normal(random) + shift);
const codes = (rows: number, random: Random, count: number) =>
  Float64Array.from({length: rows}, () => Math.floor(count * random() ** 2));

describe('domainProbabilities', () => {
  test('are those of the density ratio where one column moved', async () => {
    const random = seededRandom(1);
    const [before, now] = [3_000, 1_500];
    const reference = [numeric(before, random), numeric(before, random), codes(before, random, 9)];
    const current = [numeric(now, random, 1), numeric(now, random), codes(now, random, 9)];
    const told = await domainProbabilities(reference, current, [false, false, true], random);
    expect([told.reference.length, told.current.length]).toEqual([before, now]);
    // Of two normals one deviation apart the log density ratio is x − ½; the window is a third of the rows.
    let error = 0;
    told.reference.forEach((p, i) => {
      error += Math.abs(p - 1 / (1 + 2 * Math.exp(0.5 - reference[0]![i]!)));
    });
    expect(error / before).toBeLessThan(0.04);
  });

  test('are the same for the same seed', async () => {
    const make = () => {
      const random = seededRandom(3);
      return domainProbabilities([numeric(300, random)], [numeric(200, random, 0.5)], [false], random);
    };
    expect(await make()).toEqual(await make());
  });

  test('are the share of the window where nothing can be learned', async () => {
    const random = seededRandom(4);
    const nothing = await domainProbabilities([], [], [], random);
    expect([nothing.reference.length, nothing.current.length]).toEqual([0, 0]);
    const one = await domainProbabilities([Float64Array.of(1, 2, 3)], [Float64Array.of(4)], [false], random);
    expect([...one.reference, ...one.current]).toEqual([0.25, 0.25, 0.25, 0.25]);
  });
});
