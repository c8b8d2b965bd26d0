import {expect, test} from 'vitest';
import type {KnownSoFar, MaturedRow} from '../../../logs/index.ts';
import type {MonitorWindow} from '../../../protocol/index.ts';
import {WindowScoring} from './window-scoring.ts';

const windowOf = (from: number): MonitorWindow => ({
  id: `late@${from}`,
  model: 'late',
  from,
  to: from + 100,
  predictions: 4,
  byVersion: [{version: 1, predictions: 4}],
  meanPrediction: 0.5,
  latencyUs: null,
  errors: 0,
  prediction: {subject: 'prediction', method: 'psi', effect: 0, pValue: 1, verdict: 'stable', rows: 4},
  drift: [],
  performance: null,
});
const row = (at: number, label: number | null): MaturedRow => ({
  id: `p${at}`,
  at,
  version: 1,
  role: 'champion',
  score: (at % 100) / 100,
  shadows: [],
  label,
  knownAt: label === null ? null : at + 1,
});
const NONE: KnownSoFar = {scores: new Float64Array(), versions: new Uint32Array(), labels: new Float64Array()};
const scoringOf = (earlyCount = true) => new WindowScoring({withinMs: 400, earlyCount, minLabelled: 2});

test('rows find their window, those that matured before it closed included', () => {
  const scoring = scoringOf();
  scoring.mature([row(10, 1), row(110, 0)]);
  scoring.close(windowOf(0));
  scoring.mature([row(20, 0), row(30, 1)]);
  scoring.close(windowOf(100));
  expect(scoring.takeScored(499)).toEqual([]);
  const scored = scoring.takeScored(600);
  expect(scored.map(({window, rows}) => [window.id, rows.map(({at}) => at)])).toEqual([
    ['late@0', [10, 20, 30]],
    ['late@100', [110]],
  ]);
  expect(scored[0]!.window.performance).toMatchObject({labelled: 3, unknown: 0, scoredAt: 600});
});

test('each stage is told once, the last one of several that have passed, and figures only where early labels count', () => {
  const open: KnownSoFar = {
    scores: Float64Array.of(0.2, 0.9, 0.4),
    versions: Uint32Array.of(1, 1, 2),
    labels: Float64Array.of(0, 1, Number.NaN),
  };
  const told = (earlyCount: boolean) => {
    const scoring = scoringOf(earlyCount);
    scoring.close(windowOf(0));
    const ages = [100, 120, 210, 320, 450].map(now => scoring.takeProgress(now, 1, () => open)[0]?.labels?.at(-1));
    expect(ages.map(progress => progress?.ageMs ?? null)).toEqual([0, null, 110, 220, null]);
    return ages[0]!;
  };
  expect(told(true)).toMatchObject({labelled: 2, pending: 1, provisional: {rows: 2, auc: 1}});
  expect(told(false)).toMatchObject({labelled: 2, pending: 1, provisional: null});
});

const MINUTE = 60_000;
/** A window of 100 ms, whose labels are late after 400 minutes: scored again every ten minutes at most. */
function scoredOnce(): WindowScoring {
  const scoring = new WindowScoring({withinMs: 400 * MINUTE, earlyCount: true, minLabelled: 2});
  scoring.close(windowOf(0));
  scoring.mature([row(10, 1), row(20, 0), row(30, null), row(40, null)]);
  scoring.takeScored(401 * MINUTE);
  return scoring;
}
const again = (scoring: WindowScoring, minute: number) =>
  scoring.takeRescored(minute * MINUTE).map(({window}) => window.performance);

test('late labels score their window again, once in ten minutes however often they come', () => {
  const scoring = scoredOnce();
  scoring.noteLate([row(50, 1), row(30, 1)]);
  expect(again(scoring, 402)).toEqual([]);
  scoring.noteLate([row(40, 0)]);
  expect(again(scoring, 411)).toMatchObject([{labelled: 4, unknown: 0, scoredAt: 411 * MINUTE}]);
  scoring.noteLate([row(30, 0)]);
  expect(again(scoring, 421)).toEqual([]);
});

test('a window is scored once more before it is forgotten, one label window after its labels were due', () => {
  const scoring = scoredOnce();
  scoring.noteLate([row(30, 1)]);
  expect(again(scoring, 795)).toMatchObject([{labelled: 3, unknown: 1}]);
  scoring.noteLate([row(40, 1)]);
  expect(again(scoring, 799)).toEqual([]);
  expect(again(scoring, 801)).toMatchObject([{labelled: 4, unknown: 0}]);
  scoring.noteLate([row(40, 0)]);
  expect(again(scoring, 900)).toEqual([]);
});

test('what was found out about a window meanwhile stays with it', () => {
  const scoring = scoringOf();
  scoring.close(windowOf(0));
  scoring.replace({...windowOf(0), multivariate: []});
  scoring.takeProgress(100, 1, () => NONE);
  expect(scoring.takeScored(500)[0]!.window).toMatchObject({multivariate: [], labels: [{ageMs: 0}, {ageMs: 400}]});
});
