import {describe, expect, test} from 'vitest';
import {type Random, seededRandom} from '../../math/index.ts';
import {importanceDrift} from './importance-drift.ts';
import {ItemExposure} from './item-exposure.ts';
import {loopReport} from './loop-report.ts';
import {type LoopWindow, loopTrend} from './loop-trend.ts';
import {popularityOf} from './popularity.ts';

const DAY = 86_400_000;
const ITEMS = 300;

/** Draws an item by weight. */
function drawer(weights: readonly number[], random: Random): () => number {
  const sums: number[] = [];
  let sum = 0;
  for (const weight of weights) {
    sum += weight;
    sums.push(sum);
  }
  return () => {
    const at = random() * sum;
    let [low, high] = [0, sums.length - 1];
    while (low < high) {
      const middle = (low + high) >> 1;
      if (sums[middle]! > at) high = middle;
      else low = middle + 1;
    }
    return low;
  };
}

/** Users like all items alike; what is shown follows what was clicked so far, as strongly as `feedback` says. */
function simulate(seed: number, feedback: number, windows = 15): LoopWindow[] {
  const random = seededRandom(seed);
  const popular = Array.from({length: ITEMS}, (_, i) => 1 / (i + 10));
  const clicks = popular.map(weight => 3_000 * weight);
  let reference: ReturnType<typeof popularityOf> | null = null;
  const reports: LoopWindow[] = [];
  for (let window = 0; window <= windows; window++) {
    const draw = drawer(
      clicks.map((count, i) => (feedback === 0 ? popular[i]! : count ** feedback)),
      random,
    );
    const exposure = new ItemExposure();
    const rows = 1_200 + Math.floor(600 * random());
    for (let row = 0; row < rows; row++) {
      const item = draw();
      exposure.show(`i${item}`);
      const hit = random() < 0.3 ? 1 : 0;
      exposure.mature(`i${item}`, hit);
      clicks[item]! += hit;
    }
    const state = exposure.snapshot();
    if (reference === null) reference = popularityOf(state);
    else {
      const from = window * DAY;
      reports.push({from, to: from + DAY, report: loopReport(state, reference, {catalogue: ITEMS})!});
    }
  }
  return reports;
}

describe('a loop', () => {
  test('of the rich getting richer is found, in words', () => {
    const trends = Array.from({length: 40}, (_, seed) => loopTrend(simulate(seed, 1.5)));
    expect(trends.filter(({verdict}) => verdict === 'narrowing').length).toBeGreaterThanOrEqual(38);
    const {message} = trends[0]!;
    expect(message).toMatch(
      /^The model shows less and less of its catalogue: over 14 windows, 3 January 1970 to 16 January 1970, .*diversity fell from 0\.\d+ to 0\.\d+.*show some items at random/,
    );
  });

  test('is not seen in a recommender that draws by a popularity that stays, in 99 of 100', () => {
    const found = Array.from({length: 300}, (_, seed) => loopTrend(simulate(1_000 + seed, 0)).verdict);
    expect(found.filter(verdict => verdict !== 'stable').length).toBeLessThanOrEqual(3);
  });

  test('is not judged on few windows, or on windows with few rows', () => {
    expect(loopTrend(simulate(1, 1.5, 7)).verdict).toBe('insufficient data');
    const few = simulate(1, 1.5).map(({report, ...span}) => ({...span, report: {...report, diversity: null}}));
    expect(loopTrend(few)).toMatchObject({verdict: 'insufficient data', windows: 0, message: null});
  });
});

describe('loopReport', () => {
  const reference = new ItemExposure();
  for (const [item, times] of Object.entries({a: 60, b: 25, c: 10, d: 4, e: 1})) reference.show(item, times);
  const popularity = popularityOf(reference.snapshot());

  test('tells head, middle and tail apart by what they had in the reference', () => {
    expect([[...popularity.head], [...popularity.middle], popularity.items]).toEqual([['a', 'b'], ['c'], 5]);
  });

  test('counts exposure and hits by popularity; new items are of the tail', () => {
    const now = new ItemExposure();
    for (const [item, times] of Object.entries({a: 70, c: 20, new: 10})) now.show(item, times);
    for (const [item, label] of [
      ['a', 1],
      ['a', 0],
      ['new', 0],
    ] as const)
      now.mature(item, label);
    const report = loopReport(now.snapshot(), popularity, {perRows: 100})!;
    expect(report).toMatchObject({rows: 100, items: 3, catalogue: 5, diversity: 3 / 5});
    expect(report.longTail).toBeCloseTo(0.3, 12);
    expect(report.hitRates).toMatchObject([
      {bucket: 'head', shown: 70, labelled: 2, rate: {value: 0.5}},
      {bucket: 'middle', shown: 20, labelled: 0, rate: null},
      {bucket: 'tail', shown: 10, labelled: 1, rate: {value: 0}},
    ]);
  });

  test('says that diversity is unknown with fewer rows than it is told for, and nothing of an empty window', () => {
    expect(loopReport(reference.snapshot(), popularity)).toMatchObject({rows: 100, items: 5, diversity: null});
    expect(loopReport(new ItemExposure().snapshot(), popularity)).toBeNull();
  });

  test('of parts put together is that of the whole', () => {
    const [whole, one, other] = [new ItemExposure(), new ItemExposure(), new ItemExposure()];
    const random = seededRandom(3);
    for (let row = 0; row < 500; row++) {
      const item = `i${Math.floor(40 * random() ** 2)}`;
      for (const part of [whole, row % 3 === 0 ? one : other]) {
        part.show(item);
        part.mature(item, row % 2);
      }
    }
    const merged = new ItemExposure();
    merged.merge(JSON.parse(JSON.stringify(one.snapshot())));
    merged.merge(other.snapshot());
    const report = loopReport(merged.snapshot(), popularity, {perRows: 200});
    expect(report).not.toBeNull();
    expect(report).toEqual(loopReport(whole.snapshot(), popularity, {perRows: 200}));
  });
});

test('importanceDrift tells how much of the importance went elsewhere, and where', () => {
  const version = (number: number, shares: Readonly<Record<string, number>>) => ({
    version: number,
    importance: Object.entries(shares).map(([name, share]) => ({name, share})),
  });
  const drifts = importanceDrift([
    version(1, {a: 0.5, b: 0.3, c: 0.2}),
    version(2, {a: 0.5, b: 0.3, c: 0.2}),
    version(4, {a: 0.2, b: 0.3, c: 0.4, popularity: 0.1}),
  ]);
  expect(drifts[0]).toEqual({from: 1, to: 2, spearman: 1, moved: 0, features: []});
  expect(drifts[1]).toMatchObject({from: 2, to: 4, spearman: -1});
  expect(drifts[1]!.moved).toBeCloseTo(0.3, 12);
  expect(drifts[1]!.features[0]).toEqual({feature: 'a', before: 0.5, now: 0.2});
});
