import {describe, expect, test} from 'vitest';
import {seededRandom} from '../../math/index.ts';
import type {MonitorWindow, QualityResult, Shift} from '../../protocol/index.ts';
import {estimateLabelShift} from '../estimates/label-shift.ts';
import {qualityCheck} from '../quality/definitions/quality-check.ts';
import {FIRST_DAY, windowWith} from '../testing/windows.ts';
import {mixFit} from './mix-fit.ts';
import {nameShifts, type ShiftInput} from './name-shifts.ts';
import {outcomeChange} from './outcome-change.ts';
import {schemaChecks} from './schema-shift.ts';
import {rowsOf, type World, windowOfRows} from './simulated-world.fixture.ts';

const DAY = 86_400_000;
const RUNS = 20;
const reference = rowsOf(8_000, seededRandom(1));
const calm = Array.from({length: 6}, (_, day) => windowWith({day, predictions: 3_000, shifts: []}));

const inputOf = (window: MonitorWindow, more: Partial<ShiftInput> = {}): ShiftInput => ({
  window,
  history: calm,
  labelShift: null,
  outcomes: null,
  detections: [],
  except: [],
  schemaChecks: new Set(),
  ...more,
});

/** What is said of a window of such a world when it closes, and when its labels are known. */
function named(seed: number, world: World, rows = 6_000): {closed: Shift[]; scored: Shift[]} {
  const current = rowsOf(rows, seededRandom(1_000 + seed), world);
  const window = windowOfRows(6, reference, current);
  const estimate = estimateLabelShift(reference, current.scores, {by: {kind: 'soft'}});
  const labelShift = {estimate, fit: mixFit(reference, current, estimate.baseRate?.value ?? 0)};
  const {performance} = windowWith({day: 6, scored: {}});
  return {
    closed: nameShifts(inputOf(window, {labelShift})),
    scored: nameShifts(inputOf({...window, performance}, {labelShift, outcomes: outcomeChange(reference, current)})),
  };
}

const kinds = (shifts: readonly Shift[]) => shifts.map(({kind}) => kind).join(' + ') || 'nothing';

describe('nameShifts', () => {
  test.each<[string, World, string, string]>([
    ['inputs', {inputs: 0.6}, 'covariate', 'covariate'],
    ['inputs the other way', {inputs: -0.8}, 'covariate', 'covariate'],
    ['a higher base rate', {baseRate: 0.42}, 'label', 'label'],
    ['a lower base rate', {baseRate: 0.08}, 'label', 'label'],
    ['odds for the same inputs', {odds: 0.8}, 'nothing', 'concept'],
    ['what the features do', {slope: 0.4}, 'nothing', 'concept'],
    ['inputs and odds', {inputs: 0.6, odds: 0.8}, 'covariate', 'concept + covariate'],
    ['a column that is lost', {blind: true}, 'schema', 'schema'],
    ['inputs below the floor of drift', {inputs: 0.2}, 'nothing', 'nothing'],
  ])('of a change of %s is right in nine of ten runs at least', (_, world, closed, scored) => {
    const tally = {closed: 0, scored: 0};
    for (let run = 0; run < RUNS; run++) {
      const told = named(run, world);
      if (kinds(told.closed) === closed) tally.closed++;
      if (kinds(told.scored) === scored) tally.scored++;
    }
    expect(tally.closed).toBeGreaterThanOrEqual(0.9 * RUNS);
    expect(tally.scored).toBeGreaterThanOrEqual(0.9 * RUNS);
  });

  test('names nothing where nothing changed, in 99 of 100 windows of any size', () => {
    let calls = 0;
    for (const rows of [200, 1_000, 2_000])
      for (let run = 0; run < 50; run++) {
        const {closed, scored} = named(run, {}, rows);
        calls += (closed.length > 0 ? 1 : 0) + (scored.length > 0 ? 1 : 0);
      }
    expect(calls).toBeLessThanOrEqual(0.01 * 300);
  });

  test('says since when, how it came and how far', () => {
    const drifting = (day: number) => windowWith({day, effects: {late_2h: 0.5}, shifts: []});
    const [shift] = nameShifts(inputOf(drifting(8), {history: [...calm, drifting(6), drifting(7)]}));
    expect(shift).toEqual({
      kind: 'covariate',
      pattern: 'sudden',
      subjects: ['late_2h'],
      since: FIRST_DAY + 6 * DAY,
      message: 'late_2h (0.5) is not distributed as in the reference since 7 April 2001.',
    });
    expect(nameShifts(inputOf(drifting(6), {except: ['late_2h']}))).toEqual([]);
  });

  test('reads labels in words', () => {
    const told = (world: World) => named(3, world).scored[0]!.message;
    expect(told({baseRate: 0.42})).toMatch(
      /^The share of label 1 is 4\d\.?\d? %, 2\d\.?\d? % in the reference, on 6\u2009000 labelled rows, since 7 April 2001; rows of each class score as before\.$/,
    );
    expect(told({odds: 0.8})).toMatch(
      /^The same scores lead to other outcomes since 7 April 2001: .* were to be expected\.$/,
    );
  });

  test('takes the estimate for it where there are no labelled rows, only figures', () => {
    const estimate = {
      method: 'cbpe',
      rows: 3_000,
      metrics: {auc: {value: 0.74, low: 0.73, high: 0.75}},
      notes: [],
    } as const;
    const scored = {auc: 0.66, aucLow: 0.65, aucHigh: 0.67};
    const [shift] = nameShifts(inputOf(windowWith({day: 6, scored, estimate})));
    expect(shift).toMatchObject({
      kind: 'concept',
      message:
        'Performance is not what inputs let expect since 7 April 2001: AUC 0.66 [0.65, 0.67], estimated 0.74 [0.73, 0.75].',
    });
    const window = windowWith({day: 6, scored: {}, estimate});
    expect(nameShifts(inputOf(window))).toEqual([]);
    // A canary that ranks worse is no change of outcomes.
    const overall = {...window.performance!.overall, ...scored};
    expect(nameShifts(inputOf({...window, performance: {...window.performance!, overall}}))).toEqual([]);
  });

  test('dates a concept shift by the windows that were said to have it, and by the detector', () => {
    const shifts: Shift[] = [{kind: 'concept', pattern: 'sudden', subjects: ['outcomes'], since: 0, message: ''}];
    const history = [...calm, windowWith({day: 6, shifts})];
    const current = rowsOf(3_000, seededRandom(5), {odds: 0.8});
    const at = FIRST_DAY + 6.5 * DAY;
    const detections = [{detector: 'ADWIN', of: 'rate', version: 1, at, rows: 4_000}] as const;
    const outcomes = outcomeChange(reference, current);
    const [shift] = nameShifts(inputOf(windowWith({day: 7, scored: {}}), {history, outcomes, detections}));
    expect(shift).toMatchObject({kind: 'concept', since: FIRST_DAY + 6 * DAY});
    expect(shift!.message).toContain('seen as it came by ADWIN at 2001-04-07 12:00 UTC');
  });

  test('calls a broken check schema if it is about what a column holds', () => {
    const broken = (check: string): QualityResult => ({
      check,
      level: 'feature',
      subjects: ['late_2h'],
      severity: 'page',
      verdict: 'broken',
      rows: 6_000,
      broken: 3_000,
      message: 'late_2h is new in 50 % of rows.',
    });
    const checks = [
      qualityCheck(['late_2h'], {kind: 'unseen-share', max: 0.01}),
      qualityCheck(['late_2h'], {kind: 'range', min: 0, max: 1}),
    ];
    const told = (check: string) =>
      nameShifts(inputOf(windowWith({day: 6, quality: [broken(check)]}), {schemaChecks: schemaChecks(checks)}));
    expect(told(checks[0]!.name)).toMatchObject([
      {
        kind: 'schema',
        pattern: 'sudden',
        message: 'late_2h holds other values since 7 April 2001: late_2h is new in 50 % of rows.',
      },
    ]);
    expect(told(checks[1]!.name)).toEqual([]);
  });

  test('names features together where none drifts by itself', () => {
    const multivariate = [
      {
        method: 'domain-classifier',
        value: 0.7,
        threshold: 0.6,
        pValue: 1e-9,
        verdict: 'drift',
        rows: 6_000,
        features: [{feature: 'hour', share: 1}],
      },
    ] as const;
    const [shift] = nameShifts(inputOf(windowWith({day: 6, multivariate})));
    expect(shift).toMatchObject({kind: 'covariate', subjects: ['hour']});
    expect(shift!.message).toMatch(/^Features together are not as in the reference since 7 April 2001/);
  });
});
