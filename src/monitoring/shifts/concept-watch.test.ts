import {describe, expect, test} from 'vitest';
import {seededRandom} from '../../math/index.ts';
import {type ConceptDetection, ConceptWatch, type MaturedOutcome} from './concept-watch.ts';
import {rowsOf, type World} from './simulated-world.fixture.ts';

/** Rows a second apart, of one world and then of another. */
function stream(seed: number, parts: readonly [rows: number, world: World][]): MaturedOutcome[] {
  const random = seededRandom(seed);
  return parts
    .flatMap(([rows, world]) => {
      const {scores, labels} = rowsOf(rows, random, world);
      return Array.from(scores, (score, i) => ({score, label: labels[i]!, version: 1}));
    })
    .map((row, i) => ({...row, at: 1_000 * i}));
}

function firstOf(watch: ConceptWatch, rows: readonly MaturedOutcome[]): ConceptDetection | null {
  for (const row of rows) {
    const found = watch.add(row);
    if (found) return found;
  }
  return null;
}

const RUNS = 20;
const CALM: [number, World] = [3_000, {}];

describe('ConceptWatch', () => {
  test.each<[string, World, number]>([
    ['odds', {odds: 1}, 1_000],
    ['slope', {slope: 0}, 2_500],
  ])('tells the moment at which the %s changed', (_, world, within) => {
    let found = 0;
    for (let run = 0; run < RUNS; run++) {
      const detection = firstOf(new ConceptWatch(), stream(run, [CALM, [4_000, world]]));
      if (detection && detection.at >= 3e6 && detection.at < 3e6 + 1_000 * within) found++;
    }
    expect(found).toBeGreaterThanOrEqual(0.9 * RUNS);
  });

  test('is quiet for 10,000 rows without change, and where only inputs move', () => {
    let alarms = 0;
    for (let run = 0; run < RUNS; run++) {
      if (firstOf(new ConceptWatch(), stream(100 + run, [[10_000, {}]]))) alarms++;
      if (firstOf(new ConceptWatch(), stream(200 + run, [CALM, [4_000, {inputs: 1}]]))) alarms++;
    }
    expect(alarms).toBe(0);
  });

  test('goes on after a restart as if there had been none', () => {
    const rows = stream(1, [CALM, [2_000, {odds: 1}]]);
    const whole = firstOf(new ConceptWatch(), rows);
    const before = new ConceptWatch();
    expect(firstOf(before, rows.slice(0, 3_100))).toBeNull();
    const after = new ConceptWatch();
    after.restore(JSON.parse(JSON.stringify(before.snapshot())));
    expect(firstOf(after, rows.slice(3_100))).toEqual(whole);
  });

  test('starts afresh with a new version, and leaves out rows of the one before', () => {
    const calm = stream(2, [CALM]);
    const other = stream(3, [[3_000, {odds: 1}]]);
    const watch = new ConceptWatch();
    expect(firstOf(watch, calm)).toBeNull();
    expect(
      firstOf(
        watch,
        other.map(row => ({...row, version: 2})),
      ),
    ).toBeNull();
    expect(
      firstOf(
        watch,
        calm.map(row => ({...row, version: 1})),
      ),
    ).toBeNull();
    expect(watch.snapshot()).toMatchObject({version: 2, rows: 3_000});
  });

  test('can watch the decisions by DDM', () => {
    const rows = stream(4, [CALM, [2_000, {odds: 2}]]);
    const found = firstOf(new ConceptWatch({detector: 'ddm'}), rows);
    expect(found).toMatchObject({detector: 'DDM', of: 'errors'});
    expect(found!.at).toBeGreaterThan(3e6);
  });
});
