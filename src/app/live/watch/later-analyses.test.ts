import {expect, test} from 'vitest';
import {normal, type Random, seededRandom} from '../../../math/index.ts';
import {type ClosedWindow, fitScoreCalibration, monitorPolicy, type ReferenceRows} from '../../../monitoring/index.ts';
import type {DriftReport, MonitorWindow} from '../../../protocol/index.ts';
import {LaterAnalyses} from './later-analyses.ts';

function rowsOf(random: Random, shift: number): ReferenceRows {
  const rows = 1_500;
  const columns = [0, 1].map(f => Float64Array.from({length: rows}, () => normal(random) + (f === 0 ? shift : 0)));
  const scores = columns[1]!.map(x => 1 / (1 + Math.exp(-x)));
  const labels = scores.map(p => (random() < p ? 1 : 0));
  return {rows, of: rows, names: ['a', 'b'], columns, categorical: [false, false], scores, labels};
}
const random = seededRandom(4);
const reference = rowsOf(random, 0);
const calibration = fitScoreCalibration(reference.scores, reference.labels, {random});
const sample = rowsOf(random, 0.8);
const drift = (verdict: DriftReport['verdict']) => ({subject: 'a', verdict}) as DriftReport;

/** What is told of a window whose features drift, or do not. */
async function told(analyses: LaterAnalyses, verdict: DriftReport['verdict'], id = 'late@1') {
  const window = {id, drift: [drift(verdict)]} as unknown as MonitorWindow;
  const basis = {calibration, reference, changes: new Map<string, number>(), estimate: null as never};
  analyses.begin(window, {sample} as unknown as ClosedWindow, basis);
  await analyses.settled();
  return analyses.take();
}

test('estimates are weighted where inputs drift, and features are looked at together where that is asked for', async () => {
  const weighted = new LaterAnalyses(monitorPolicy(), false);
  expect(await told(weighted, 'stable')).toEqual([]);
  expect(await told(weighted, 'drift')).toMatchObject([{id: 'late@1', findings: {estimate: {rows: 1_500}}}]);
  expect(weighted.take()).toEqual([]);
  const together = new LaterAnalyses(monitorPolicy({multivariate: {}}), true);
  const {findings} = (await told(together, 'stable'))[0]!;
  expect(findings.multivariate).toMatchObject([{verdict: 'drift', features: [{feature: 'a'}]}]);
  expect(findings.estimate).toBeUndefined();
});

test('whoever waits gets what was asked for by name only: a replay passes a day in a moment', async () => {
  expect(await told(new LaterAnalyses(monitorPolicy(), true), 'drift')).toEqual([]);
});

test('of more windows than can be looked at the oldest are left out', async () => {
  const analyses = new LaterAnalyses(monitorPolicy({multivariate: {methods: ['mmd']}}), true);
  const begun = Array.from({length: 8}, (_, i) => told(analyses, 'stable', `late@${i}`));
  const found = (await Promise.all(begun)).flat().map(({id}) => id);
  expect(found).toEqual(['late@0', 'late@4', 'late@5', 'late@6', 'late@7']);
});
