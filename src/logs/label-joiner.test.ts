import fc from 'fast-check';
import {describe, expect, test} from 'vitest';
import {LabelJoiner, type MaturedRow} from './label-joiner.ts';

const HOUR = 3_600_000;
const joiner = () => new LabelJoiner({withinMs: 12 * HOUR, rule: 'value'});

describe('the label joiner', () => {
  test('scores no prediction before its label window has closed, even if its label is known', () => {
    const joined = joiner();
    joined.predicted('a', 1_000, 1, 'champion', 0.3);
    joined.label('a', 1, 1_000 + HOUR);
    expect(joined.mature(1_000 + 12 * HOUR - 1)).toEqual([]);
    expect(joined.open).toBe(1);
    expect(joined.mature(1_000 + 12 * HOUR)).toEqual([
      {id: 'a', at: 1_000, version: 1, role: 'champion', score: 0.3, shadows: [], label: 1, knownAt: 1_000 + HOUR},
    ]);
    expect(joined.open).toBe(0);
  });

  test('gives an unknown label where no event came, and 0 where the event itself is the label', () => {
    for (const [rule, label] of [
      ['value', null],
      ['exists', 0],
    ] as const) {
      const joined = new LabelJoiner({withinMs: 10, rule});
      joined.predicted('a', 0, 1, 'champion', 0.3);
      expect(joined.mature(10)).toMatchObject([{label, knownAt: null}]);
    }
  });

  test('takes no label that became known at the close or after it, whenever rows are taken out', () => {
    const joined = new LabelJoiner({withinMs: 10, rule: 'value'});
    joined.predicted('early', 0, 1, 'champion', 0.3);
    joined.predicted('late', 0, 1, 'champion', 0.3);
    joined.label('early', 1, 9.5);
    joined.label('late', 1, 10);
    expect(joined.mature(50).map(({id, label}) => [id, label])).toEqual([
      ['early', 1],
      ['late', null],
    ]);
    expect(joined.unmatched).toBe(1);
  });

  test('takes no label that was known when the prediction was made', () => {
    const joined = new LabelJoiner({withinMs: 10, rule: 'value'});
    joined.predicted('a', 5, 1, 'champion', 0.3);
    joined.label('a', 1, 5);
    expect(joined.mature(15)).toMatchObject([{label: null}]);
  });

  test('keeps the first prediction and the first label of an id', () => {
    const joined = joiner();
    joined.predicted('a', 0, 1, 'champion', 0.3);
    joined.predicted('a', 5, 2, 'canary', 0.9);
    joined.label('a', 0, 10);
    joined.label('a', 1, 11);
    expect(joined.duplicates).toBe(2);
    expect(joined.mature(12 * HOUR)).toMatchObject([{at: 0, version: 1, score: 0.3, label: 0}]);
  });

  test('carries the scores of shadows beside the one that was served', () => {
    const joined = joiner();
    joined.predicted('a', 0, 1, 'champion', 0.3);
    joined.predicted('b', 0, 2, 'canary', 0.4);
    joined.shadowed('a', 2, 0.5);
    joined.shadowed('a', 3, 0.6);
    joined.shadowed('nobody', 3, 0.6);
    expect(joined.mature(12 * HOUR).map(({id, role, shadows}) => [id, role, shadows])).toEqual([
      [
        'a',
        'champion',
        [
          {version: 2, score: 0.5},
          {version: 3, score: 0.6},
        ],
      ],
      ['b', 'canary', []],
    ]);
    expect(joined.unmatched).toBe(1);
  });

  test('an id can be predicted again once its row has matured', () => {
    const joined = new LabelJoiner({withinMs: 10, rule: 'value'});
    joined.predicted('a', 0, 1, 'champion', 0.3);
    joined.shadowed('a', 2, 0.1);
    joined.label('a', 1, 5);
    joined.mature(10);
    joined.predicted('a', 20, 1, 'champion', 0.7);
    expect(joined.mature(30)).toMatchObject([{at: 20, score: 0.7, label: null, shadows: []}]);
  });

  test('does what the example of the room page says', () => {
    const joined = joiner();
    joined.predicted('ORD-17', 0, 1, 'champion', 0.31);
    joined.shadowed('ORD-17', 2, 0.44);
    joined.label('ORD-17', 1, 2 * HOUR);
    expect(joined.mature(11 * HOUR)).toEqual([]);
    expect(joined.mature(12 * HOUR)).toMatchObject([
      {id: 'ORD-17', at: 0, version: 1, score: 0.31, shadows: [{version: 2, score: 0.44}], label: 1},
    ]);
  });

  test('refuses an empty label window', () => {
    expect(() => new LabelJoiner({withinMs: 0, rule: 'value'})).toThrow(RangeError);
  });

  test('agrees with a list that is searched from end to end', () => {
    const id = fc.integer({min: 0, max: 60}).map(String);
    const time = fc.integer({min: 0, max: 40});
    const step = fc.oneof(
      {weight: 6, arbitrary: fc.tuple(fc.constant('predicted' as const), id, time)},
      {weight: 3, arbitrary: fc.tuple(fc.constant('shadowed' as const), id, time)},
      {weight: 4, arbitrary: fc.tuple(fc.constant('label' as const), id, time)},
      {weight: 1, arbitrary: fc.tuple(fc.constant('mature' as const), id, time)},
    );
    fc.assert(
      fc.property(fc.array(step, {maxLength: 300}), steps => {
        const fast = new LabelJoiner({withinMs: 20, rule: 'value'});
        const naive = new NaiveJoiner(20);
        let clock = 0;
        steps.forEach(([what, id, jitter], i) => {
          const version = 1 + (i % 3);
          const role = i % 2 === 0 ? 'champion' : 'canary';
          for (const joined of [fast, naive]) {
            if (what === 'predicted') joined.predicted(id, clock + (jitter % 5), version, role, i);
            if (what === 'shadowed') joined.shadowed(id, version, i);
            if (what === 'label') joined.label(id, i % 2, clock + jitter);
          }
          if (what === 'mature') {
            clock += jitter;
            expect(fast.mature(clock)).toEqual(naive.mature(clock));
          }
          expect(fast.open).toBe(naive.rows.length);
        });
        expect(fast.mature(1_000)).toEqual(naive.mature(1_000));
      }),
      {seed: 4, numRuns: 200},
    );
  });

  test('keeps its order and its rows while it grows and shrinks past its first size', () => {
    const joined = new LabelJoiner({withinMs: 5_000, rule: 'value'});
    const seen: string[] = [];
    for (let i = 0; i < 20_000; i++) {
      joined.predicted(`${i}`, i, 1, 'champion', i);
      if (i % 3 === 0) joined.label(`${i}`, 1, i + 1);
      if (i % 7_000 === 6_999) seen.push(...joined.mature(i).map(row => row.id));
    }
    const rest = joined.mature(100_000);
    expect([...seen, ...rest.map(row => row.id)]).toEqual(Array.from({length: 20_000}, (_, i) => `${i}`));
    for (const {id, score, label} of rest) {
      expect(score).toBe(Number(id));
      expect(label).toBe(Number(id) % 3 === 0 ? 1 : null);
    }
  });
});

class NaiveJoiner {
  readonly within: number;
  rows: MaturedRow[] = [];

  constructor(within: number) {
    this.within = within;
  }

  predicted(id: string, at: number, version: number, role: 'champion' | 'canary', score: number): void {
    if (this.rows.some(row => row.id === id)) return;
    this.rows.push({id, at, version, role, score, shadows: [], label: null, knownAt: null});
  }

  shadowed(id: string, version: number, score: number): void {
    this.rows = this.rows.map(row => (row.id === id ? {...row, shadows: [...row.shadows, {version, score}]} : row));
  }

  label(id: string, label: number, knownAt: number): void {
    this.rows = this.rows.map(row => {
      const counts = row.id === id && row.label === null && knownAt > row.at && knownAt < row.at + this.within;
      return counts ? {...row, label, knownAt} : row;
    });
  }

  mature(now: number): MaturedRow[] {
    const closed = this.rows.filter(row => row.at + this.within <= now).sort((a, b) => a.at - b.at);
    this.rows = this.rows.filter(row => row.at + this.within > now);
    return closed;
  }
}
