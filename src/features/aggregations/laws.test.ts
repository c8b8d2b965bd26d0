import {describe, expect, test} from 'vitest';
import {seededRandom} from '../../math/index.ts';
import {naiveAnswer} from '../contract/naive.ts';
import {StringCodes} from '../windows/string-codes.ts';
import type {Aggregation} from './aggregation.ts';
import {type AggregationName, type AggregationSpec, aggregationOf, type Collected} from './table.ts';

/** One or more of each: an aggregation without an example does not compile. */
const SPECS: Record<AggregationName, readonly AggregationSpec[]> = {
  count: [{name: 'count'}],
  sum: [{name: 'sum'}],
  integerSum: [{name: 'integerSum'}],
  mean: [{name: 'mean'}],
  variance: [{name: 'variance'}],
  deviation: [{name: 'deviation'}],
  min: [{name: 'min'}],
  max: [{name: 'max'}],
  first: [
    {name: 'first', k: 1},
    {name: 'first', k: 4},
  ],
  last: [
    {name: 'last', k: 1},
    {name: 'last', k: 4},
  ],
  sinceLast: [{name: 'sinceLast'}],
  histogram: [{name: 'histogram', edges: [-50, 0, 0.5, 40]}],
  decayedSum: [{name: 'decayedSum', halfLifeMs: 900}],
  decayedMean: [{name: 'decayedMean', halfLifeMs: 30}],
  distinct: [{name: 'distinct'}],
  quantile: [
    {name: 'quantile', p: 0.5},
    {name: 'quantile', p: 0},
    {name: 'quantile', p: 0.93},
  ],
  top: [{name: 'top', k: 3}],
  distinctSketch: [{name: 'distinctSketch'}],
  quantileSketch: [{name: 'quantileSketch', p: 0.5, accuracy: 0.01}],
};

const isCollected = (algebra: Aggregation | Collected): algebra is Collected => 'collection' in algebra;

type Row = {readonly value: number; readonly time: number};

/** A state of either kind behind one face. Rows lie somewhere inside an array full of other things. */
class State {
  readonly #algebra: Aggregation | Collected;
  readonly #slots: Float64Array;
  readonly #object: unknown;
  readonly #codes: StringCodes | null;

  constructor(spec: AggregationSpec, rows: readonly Row[], codes: StringCodes | null = null) {
    const algebra = aggregationOf(spec);
    this.#algebra = algebra;
    this.#codes = codes;
    this.#slots = new Float64Array(isCollected(algebra) ? 0 : algebra.slots + 7).fill(-77);
    this.#object = isCollected(algebra) ? algebra.collection.empty() : null;
    if (!isCollected(algebra)) algebra.empty(this.#slots, 3);
    const n = rows.length;
    // Times at 2, values at 2 + n + 1: the lag between them is n + 1.
    const data = new Float64Array(2 * n + 6).fill(12_345);
    rows.forEach(({value, time}, i) => {
      data[2 + i] = time;
      data[3 + n + i] = value;
    });
    if (isCollected(algebra)) algebra.collection.update(this.#object, data, 3 + n, 3 + 2 * n, codes);
    else algebra.update(this.#slots, 3, data, 3 + n, 3 + 2 * n, n + 1);
  }

  merge(right: State): this {
    const before = right.read(1e6);
    if (isCollected(this.#algebra)) this.#algebra.collection.merge(this.#object, right.#object);
    else {
      const sums = this.#slots.map((x, i) => x + right.#slots[i]!);
      this.#algebra.merge(this.#slots, 3, right.#slots, 3);
      const {adds, slots} = this.#algebra;
      if (adds) expect(this.#slots.subarray(3, 3 + slots)).toEqual(sums.subarray(3, 3 + slots));
    }
    expect(right.read(1e6), 'the right side is only read').toEqual(before);
    return this;
  }

  read(q: number): number[] {
    const algebra = this.#algebra;
    const outputs = isCollected(algebra) ? algebra.answer.outputs : algebra.outputs;
    const out = new Float64Array(outputs + 2).fill(-5);
    if (isCollected(algebra)) algebra.answer.read(this.#object, out, 1, this.#codes);
    else algebra.read(this.#slots, 3, q, out, 1);
    expect([out[0], out.at(-1)], 'reading writes its own answers only').toEqual([-5, -5]);
    if (!isCollected(algebra)) {
      const others = [...this.#slots.subarray(0, 3), ...this.#slots.subarray(3 + algebra.slots)];
      expect(others.every(x => x === -77)).toBe(true);
    }
    return [...out.subarray(1, 1 + outputs)];
  }
}

const random = seededRandom(42);
const lengths = [0, 0, 1, 1, 2, 3, ...Array.from({length: 40}, () => Math.floor(random() * 30))];
const samples = (draw: () => number): Row[][] =>
  lengths.map(length => {
    let time = 1_000;
    return Array.from({length}, () => {
      time += Math.floor(random() * 3) * 10;
      return {value: draw(), time};
    });
  });
const WHOLE = samples(() => (random() < 0.1 ? Number.NaN : Math.floor(random() * 40) - 20));
const FRACTIONS = samples(() => Math.round(random() * 2_000) / 10 - 100);
const LARGE = samples(() => (random() < 0.5 ? -1 : 1) * Math.floor(random() * 2 ** 53));

const ROUNDING = new Set<AggregationName>(['variance', 'deviation', 'decayedSum', 'decayedMean', 'mean', 'sum']);

describe.each(Object.values(SPECS).flat())('aggregation $name $k$p', spec => {
  test.each([
    ['whole numbers', WHOLE],
    ['fractions', FRACTIONS],
    ['large whole numbers', LARGE],
  ] as const)('gives the plain answer however its input is cut into parts: %s', (kind, inputs) => {
    if (spec.name === 'sum' && kind === 'large whole numbers') return; // integerSum is for these
    for (const rows of inputs) {
      const kept = rows.filter(r => !Number.isNaN(r.value));
      const q = (rows.at(-1)?.time ?? 0) + 50;
      const size = kept.reduce((most, r) => Math.max(most, Math.abs(r.value)), 1);
      const near = (state: State, why: string) => {
        for (const [element, got] of state.read(q).entries()) {
          let want = naiveAnswer(
            {aggregation: spec},
            element,
            kept.map(r => r.value),
            kept.map(r => r.time),
            q,
          ) as number | null;
          if (spec.name === 'integerSum' && kept.length > 0)
            want = Number(kept.reduce((sum, r) => sum + BigInt(r.value === Math.round(r.value) ? r.value : 0), 0n));
          if (spec.name === 'integerSum' && kind === 'fractions') continue;
          if (want === null) expect(got, why).toBeNaN();
          else if (spec.name === 'quantileSketch') {
            const sorted = kept.map(r => r.value).sort((a, b) => a - b);
            const rank = Math.round(0.5 * (sorted.length - 1));
            const allowed = [sorted[Math.floor(0.5 * (sorted.length - 1))]!, sorted[rank]!];
            expect(
              allowed.some(v => Math.abs(got - v) <= 0.0101 * Math.abs(v) + 1e-9),
              `${why}: ${got} beside ${allowed}`,
            ).toBe(true);
          } else if (spec.name === 'distinctSketch')
            expect(Math.abs(got - want), `${why}: two of so few values rarely share a register`).toBeLessThanOrEqual(1);
          else if (ROUNDING.has(spec.name))
            expect(Math.abs(got - want), why).toBeLessThanOrEqual(
              1e-9 * size * (spec.name === 'variance' ? size : 1) * Math.max(1, kept.length),
            );
          else expect(got, why).toBe(want);
        }
      };
      const of = (from: number, to?: number) => new State(spec, rows.slice(from, to));
      near(of(0), 'one fold');
      for (const cut of new Set([0, 1, Math.floor(rows.length / 3), rows.length])) {
        near(of(0, cut).merge(of(cut)), `cut at ${cut}`);
        const [a, b] = [Math.floor(cut / 2), cut];
        near(of(0, a).merge(of(a, b)).merge(of(b)), `(ab)c at ${a} and ${b}`);
        near(of(0, a).merge(of(a, b).merge(of(b))), `a(bc) at ${a} and ${b}`);
      }
      const whole = of(0).read(q);
      expect(new State(spec, []).merge(of(0)).read(q), 'the empty state on the left').toEqual(whole);
      expect(of(0).merge(new State(spec, [])).read(q), 'the empty state on the right').toEqual(whole);
    }
  });
});

test('equal values have no variance, however large they are and however they are cut', () => {
  const rows = (n: number) => Array.from({length: n}, (_, time) => ({value: 1e200, time}));
  const spec = {name: 'variance'} as const;
  expect(
    new State(spec, [])
      .merge(new State(spec, rows(70)))
      .merge(new State(spec, rows(3)))
      .read(9),
  ).toEqual([0]);
});

test('a quantile of values at the edge of float64 is one of them', () => {
  const rows = [-1.7e308, 1.7e308].map((value, time) => ({value, time}));
  expect(new State({name: 'quantile', p: 0}, rows).read(9)).toEqual([-1.7e308]);
  expect(new State({name: 'quantile', p: 1}, rows).read(9)).toEqual([1.7e308]);
  expect(new State({name: 'quantile', p: 0.5}, rows).read(9)).toEqual([0]);
});

test('a sum of integers is exact where float64 is not', () => {
  const one = {value: 2 ** 53 - 1, time: 0};
  const rows = [one, one, one, {value: 1, time: 1}, ...[one, one, one].map(r => ({...r, value: -r.value}))];
  expect(new State({name: 'integerSum'}, rows).read(9)).toEqual([1]);
  const many = new State({name: 'integerSum'}, Array<Row>(1_024).fill(one));
  expect(many.read(9)).toEqual([Number(1_024n * BigInt(2 ** 53 - 1))]);
  expect(() => many.merge(new State({name: 'integerSum'}, Array<Row>(8).fill(one))).read(9)).toThrow(/64 bits/);
});

test('equally frequent strings are ordered by their bytes, whatever codes they have', () => {
  const codes = new StringCodes(['z', 'ö', 'a', '\uffff', '😀']);
  const rows = [0, 1, 2, 3, 4, 4].map((value, time) => ({value, time}));
  const [first, times, ...others] = new State({name: 'top', k: 4}, rows, codes).read(9);
  expect([codes.decode(first!), times]).toEqual(['😀', 2]);
  expect([others[0], others[2], others[4]].map(code => codes.decode(code!))).toEqual(['a', 'z', 'ö']);
});

test('a distinct sketch is within four standard errors, and merges without counting twice', () => {
  for (const n of [100, 5_000, 200_000]) {
    const rows = Array.from({length: n}, (_, i) => ({value: i * 7, time: i}));
    const half = new State({name: 'distinctSketch'}, rows.slice(0, Math.ceil(n / 2)));
    const [estimate] = half.merge(new State({name: 'distinctSketch'}, rows.slice(Math.floor(n / 3)))).read(0);
    expect(Math.abs(estimate! / n - 1), `of ${n}`).toBeLessThan(4 * 0.01625);
  }
});
