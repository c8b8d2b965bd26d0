import {describe, expect, test} from 'vitest';
import {seededRandom} from '../../math/index.ts';
import type {Aggregation} from './aggregation.ts';
import {AGGREGATIONS, type AggregationName} from './table.ts';

const total = (values: readonly number[]) => values.reduce((a, b) => a + b, 0);
const orNull = (answer: (values: readonly number[]) => number) => (values: readonly number[]) =>
  values.length === 0 ? Number.NaN : answer(values);

/** The plainest way to compute each: slow, obviously right. An aggregation without an answer does not compile. */
const ANSWERS: Record<AggregationName, (values: readonly number[]) => number> = {
  count: values => values.length,
  sum: orNull(total),
  mean: orNull(values => total(values) / values.length),
  min: orNull(values => Math.min(...values)),
  max: orNull(values => Math.max(...values)),
  last: orNull(values => values.at(-1)!),
};

/** The state lies somewhere inside an array full of other things, which it must leave alone. */
const AT = 3;
const PADDING = 4;

class State {
  readonly array: Float64Array;
  readonly #aggregation: Aggregation;

  constructor(aggregation: Aggregation, values: readonly number[] = []) {
    this.#aggregation = aggregation;
    this.array = new Float64Array(AT + aggregation.slots + PADDING).fill(-77);
    aggregation.empty(this.array, AT);
    for (const value of values) aggregation.update(this.array, AT, value);
  }

  merge(right: State): this {
    const before = right.array.slice();
    this.#aggregation.merge(this.array, AT, right.array, AT);
    expect(right.array, 'the right side is only read').toEqual(before);
    return this;
  }

  read(): number {
    const before = this.array.slice();
    const value = this.#aggregation.read(this.array, AT);
    expect(this.array, 'reading changes nothing').toEqual(before);
    expect(this.array.subarray(0, AT).every(x => x === -77)).toBe(true);
    expect(this.array.subarray(AT + this.#aggregation.slots).every(x => x === -77)).toBe(true);
    return value;
  }
}

const random = seededRandom(42);
const lengths = [0, 0, 1, 1, 2, 3, ...Array.from({length: 40}, () => Math.floor(random() * 30))];
const samples = (draw: () => number) => lengths.map(length => Array.from({length}, draw));
const WHOLE = samples(() => Math.floor(random() * 2e6) - 1e6);
const FRACTIONS = samples(() => Math.round(random() * 2_000) / 10 - 100);

describe.each(Object.keys(AGGREGATIONS) as AggregationName[])('aggregation %s', name => {
  const aggregation = AGGREGATIONS[name];
  const answer = ANSWERS[name];

  test.each([
    ['whole numbers, to the bit', WHOLE, 0],
    ['fractions', FRACTIONS, 1e-9],
  ] as const)('gives the plain answer however its input is cut into parts: %s', (_, inputs, tolerance) => {
    for (const values of inputs) {
      const want = answer(values);
      const near = (state: State, why: string) => {
        const got = state.read();
        if (Number.isNaN(want) || tolerance === 0) expect(got, why).toBe(want);
        else expect(Math.abs(got - want), why).toBeLessThanOrEqual(tolerance * total(values.map(Math.abs)));
      };
      const of = (from: number, to?: number) => new State(aggregation, values.slice(from, to));
      near(of(0), 'one fold');
      for (const cut of new Set([0, 1, Math.floor(values.length / 3), values.length])) {
        near(of(0, cut).merge(of(cut)), `cut at ${cut}`);
        const [a, b] = [Math.floor(cut / 2), cut];
        near(of(0, a).merge(of(a, b)).merge(of(b)), `(ab)c at ${a} and ${b}`);
        near(of(0, a).merge(of(a, b).merge(of(b))), `a(bc) at ${a} and ${b}`);
      }
      near(new State(aggregation).merge(of(0)), 'the empty state on the left');
      near(of(0).merge(new State(aggregation)), 'the empty state on the right');
    }
  });

  test('over nothing is null, or 0 if it counts', () => {
    expect(new State(aggregation).read()).toBe(name === 'count' ? 0 : Number.NaN);
    expect(new State(aggregation).merge(new State(aggregation)).read()).toBe(name === 'count' ? 0 : Number.NaN);
  });

  test('survives being written out and read back', () => {
    for (const values of FRACTIONS) {
      const state = new State(aggregation, values);
      const copy = new State(aggregation);
      copy.array.set(new Float64Array(state.array.buffer.slice(0)));
      expect(copy.read()).toBe(state.read());
    }
  });
});
