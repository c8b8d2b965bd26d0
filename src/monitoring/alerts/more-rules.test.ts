import {describe, expect, test} from 'vitest';
import type {Alert, DriftReport, MonitorWindow, PerformanceEstimate, QualityResult} from '../../protocol/index.ts';
import {monitorPolicy} from '../policy/monitor-policy.ts';
import {profileWith, type WindowGiven, windowWith} from '../testing/windows.ts';
import {type AlertChanges, judgeAlerts} from './judge-alerts.ts';

const quiet = {performance: null, calibration: null, volume: null};
const policy = monitorPolicy({...quiet, drift: {effect: 0.2}});

function judge(
  days: readonly Omit<WindowGiven, 'day'>[],
  given = policy,
  open: readonly Alert[] = [],
  estimatedChanges?: ReadonlyMap<string, number>,
): AlertChanges {
  const windows = days.map((day, i) => windowWith({...day, day: i}));
  const window = windows.at(-1)!;
  return judgeAlerts({
    policy: given,
    window,
    profile: profileWith(),
    open,
    history: windows,
    at: window.to,
    ...(estimatedChanges ? {estimatedChanges} : {}),
  });
}
const kinds = ({opened}: AlertChanges): string[] => opened.map(({kind, severity}) => `${kind} ${severity}`);

describe('drift', () => {
  test('that is severe needs one window, and says what is missing', () => {
    const {opened} = judge([{}, {effects: {late_2h: 5}, severe: ['late_2h']}]);
    expect(opened).toMatchObject([{kind: 'drift', severity: 'ticket', title: 'late_2h drifts', measured: 5}]);
    expect(opened[0]!.message).not.toContain('windows');
    expect(kinds(judge([{}, {effects: {late_2h: 5}}]))).toEqual([]);
    expect(kinds(judge([{effects: {distance: 5}, severe: ['distance']}]))).toEqual([]);
  });

  test('is taken from the sliding windows where a window has too few rows', () => {
    const small = {predictions: 100, sliding: {late_2h: 0.4}};
    expect(kinds(judge([small, small]))).toEqual(['drift ticket']);
    const enough = {predictions: 6_000, sliding: {late_2h: 0.4}};
    expect(kinds(judge([enough, enough]))).toEqual([]);
  });

  test('of days before does not come back with a night that has few rows', () => {
    const busy = {predictions: 6_000, sliding: {late_2h: 0.4}};
    const quiet = {predictions: 100, sliding: {late_2h: 0.4}};
    expect(kinds(judge([busy, busy, quiet]))).toEqual([]);
    const silent = {predictions: 0, sliding: {late_2h: 0.4}};
    expect(kinds(judge([silent, silent, silent]))).toEqual([]);
  });

  test('names its features by effect × importance × change of the estimate', () => {
    const shifted = {effects: {late_2h: 0.3, late_24h: 0.3, hour: 0.3}};
    const changes = new Map([
      ['hour', -0.05],
      ['late_2h', 0.001],
      ['late_24h', -0.002],
    ]);
    const {opened} = judge([shifted, shifted], policy, [], changes);
    expect(opened[0]!.features).toEqual([
      {feature: 'hour', effect: 0.3, importance: 0.19, estimatedChange: -0.05},
      {feature: 'late_24h', effect: 0.3, importance: 0.3, estimatedChange: -0.002},
      {feature: 'late_2h', effect: 0.3, importance: 0.5, estimatedChange: 0.001},
    ]);
    expect(opened[0]!.message).toContain('hour (effect 0.3, estimated change −0.05)');
  });

  test('says what it is measured from', () => {
    const shifted = {effects: {late_2h: 0.3}};
    const last = (given: WindowGiven['reference']) =>
      judge([shifted, {...shifted, ...(given ? {reference: given} : {})}]);
    expect(last(undefined).opened[0]!.message).toContain('Away from the training data');
    expect(last({windows: 0}).opened[0]!.message).toContain('Away from the training data');
    expect(last({windows: 4}).opened[0]!.message).toContain(
      'Away from the 4 windows of the same time of the week before',
    );
  });

  test('of fields of requests is a ticket only if it is severe', () => {
    const input = (effect: number, severe: boolean): {inputs: DriftReport[]} => ({
      inputs: [
        {
          subject: 'fare "€"',
          method: 'psi',
          effect,
          pValue: 0,
          verdict: 'drift',
          rows: 6_000,
          ...(severe ? {severe} : {}),
        },
      ],
    });
    expect(kinds(judge([input(0.9, false), input(0.9, false)]))).toEqual([]);
    expect(judge([input(3, true)]).opened).toMatchObject([
      {kind: 'drift', subject: 'inputs', title: 'fare "€" changes in requests', features: [{feature: 'fare "€"'}]},
    ]);
  });
});

describe('estimated performance', () => {
  const paging = monitorPolicy({...quiet, performance: {drop: 0.02}});
  const estimate = (value: number, reach: number): {estimate: PerformanceEstimate} => ({
    estimate: {
      method: 'cbpe',
      rows: 6_000,
      metrics: {auc: {value, low: value - reach, high: value + reach}},
      notes: [],
    },
  });

  test('pages when its interval clears the threshold, k of n times', () => {
    expect(kinds(judge([estimate(0.68, 0.01)], paging))).toEqual([]);
    expect(kinds(judge([estimate(0.68, 0.05), estimate(0.68, 0.05)], paging))).toEqual([]);
    const {opened} = judge([estimate(0.68, 0.01), estimate(0.68, 0.01)], paging);
    expect(opened).toMatchObject([
      {kind: 'estimate', severity: 'page', title: 'AUC estimated at 0.680, tested at 0.741'},
    ]);
  });

  test('gives way to what was measured', () => {
    const measured = {...estimate(0.68, 0.01), scored: {auc: 0.74, aucLow: 0.73, aucHigh: 0.75}};
    expect(kinds(judge([measured, estimate(0.68, 0.01)], paging))).toEqual([]);
  });
});

describe('a page of the estimate, once its windows are scored', () => {
  const paging = monitorPolicy({...quiet, performance: {drop: 0.02}});
  const bad = {
    estimate: {method: 'cbpe' as const, rows: 6_000, metrics: {auc: {value: 0.68, low: 0.67, high: 0.69}}, notes: []},
  };
  const good = {...bad, scored: {auc: 0.74, aucLow: 0.73, aucHigh: 0.75}};
  const low = {...bad, scored: {auc: 0.68, aucLow: 0.67, aucHigh: 0.69}};
  const {opened: open} = judge([bad, bad], paging);

  test('is resolved by labels that contradict it, also where they come after many windows', () => {
    expect(open.map(({kind}) => kind)).toEqual(['estimate']);
    expect(judge([good], paging, open).resolved).toEqual([]);
    expect(judge([good, good], paging, open).resolved.map(({id}) => id)).toEqual([open[0]!.id]);
  });

  test('stays where labels confirm it, and is never opened by them', () => {
    const {opened, resolved, updated} = judge([low, low], paging, open);
    expect([resolved, updated]).toEqual([[], []]);
    expect(opened.map(({kind}) => kind)).toEqual(['performance']);
  });
});

test('a window of the past changes only what it opened itself', () => {
  const paging = monitorPolicy({...quiet, performance: {drop: 0.02, for: {k: 1, n: 1}}});
  const scored = (auc: number) => ({scored: {auc, aucLow: auc - 0.007, aucHigh: auc + 0.007}});
  const {opened: open} = judge([scored(0.68)], paging);
  const again = (days: readonly Omit<WindowGiven, 'day'>[], isPast: boolean) => {
    const windows = days.map((day, i) => windowWith({...day, day: i}));
    const window = windows.at(-1)!;
    return judgeAlerts({policy: paging, window, profile: profileWith(), open, history: windows, at: 0, isPast})
      .resolved;
  };
  expect(again([scored(0.68), scored(0.74)], false)).toHaveLength(1);
  expect(again([scored(0.68), scored(0.74)], true)).toEqual([]);
  expect(again([scored(0.74)], true)).toHaveLength(1);
});

test('a window that is judged again without estimates keeps the changes that were told', () => {
  const shifted = {effects: {late_2h: 0.3}};
  const {opened: open} = judge([shifted, shifted], policy, [], new Map([['late_2h', -0.01]]));
  expect(judge([shifted, shifted], policy, open)).toEqual({opened: [], resolved: [], updated: []});
});

test('a broken check opens at once with its own severity, each check by itself, and resolves when it is kept', () => {
  const check = (name: string, verdict: QualityResult['verdict']): QualityResult => ({
    check: name,
    level: 'feature',
    subjects: ['hour'],
    severity: name.startsWith('hour') ? 'page' : 'ticket',
    verdict,
    rows: 100,
    broken: verdict === 'broken' ? 25 : 0,
    message: 'The hour was 25 once.',
  });
  const {opened} = judge([{quality: [check('hour in 0 to 23', 'broken'), check('fare at least 0', 'broken')]}]);
  expect(opened.map(({kind, subject, severity, measured}) => [kind, subject, severity, measured])).toEqual([
    ['quality', 'hour in 0 to 23', 'page', 0.25],
    ['quality', 'fare at least 0', 'ticket', 0.25],
  ]);
  const open = opened.map(alert => ({...alert, windowId: 'another'}));
  const after = judge(
    [{quality: [check('hour in 0 to 23', 'kept'), check('fare at least 0', 'insufficient data')]}],
    policy,
    open,
  );
  expect(after.resolved.map(({subject}) => subject)).toEqual(['hour in 0 to 23']);
});

test('features together, and outcomes, are tickets after k of n windows', () => {
  const both: Omit<WindowGiven, 'day'> = {
    multivariate: [
      {
        method: 'domain-classifier',
        value: 0.71,
        threshold: 0.6,
        pValue: 0.001,
        verdict: 'drift',
        rows: 5_000,
        features: [{feature: 'hour', share: 0.6}],
      },
    ],
    shifts: [{kind: 'concept', pattern: 'sudden', subjects: [], since: 0, message: 'Late flights are on time.'}],
  };
  const given = monitorPolicy({...quiet, multivariate: {}});
  expect(kinds(judge([both], given))).toEqual([]);
  const closed = judge([both, both], given);
  expect(kinds(closed)).toEqual(['multivariate ticket']);
  expect(closed.opened[0]!.message).toContain('a classifier tells them apart with an AUC of 0.71');
  expect(
    kinds(
      judge(
        [
          {...both, scored: {}},
          {...both, scored: {}},
        ],
        given,
      ),
    ),
  ).toEqual(['concept ticket']);
});

describe('a window that is scored again, because labels came late', () => {
  const paging = monitorPolicy({...quiet, performance: {drop: 0.02, for: {k: 1, n: 1}}});
  const scored = (auc: number): Omit<WindowGiven, 'day'> => ({
    scored: {auc, aucLow: auc - 0.007, aucHigh: auc + 0.007},
  });
  const {opened: open} = judge([scored(0.68)], paging);

  test('updates the figures of the alert that it opened', () => {
    const {updated, opened, resolved} = judge([scored(0.69)], paging, open);
    expect([opened, resolved]).toEqual([[], []]);
    expect(updated).toEqual([expect.objectContaining({id: open[0]!.id, openedAt: open[0]!.openedAt, measured: 0.69})]);
    expect(judge([scored(0.68)], paging, open)).toEqual({opened: [], resolved: [], updated: []});
  });

  test('resolves it when there is nothing to it any more, and raises one that was not there', () => {
    expect(judge([scored(0.719)], paging, open).resolved.map(({id}) => id)).toEqual([open[0]!.id]);
    expect(judge([scored(0.68)], paging).opened.map(({id}) => id)).toEqual([open[0]!.id]);
  });
});

test('no rule stumbles over a window with nothing in it, nor over records of earlier releases', () => {
  const empty: MonitorWindow = {...windowWith({day: 3, predictions: 0}), latencyUs: null, drift: []};
  const {profile: _, ...old} = empty;
  const all = monitorPolicy({multivariate: {}, latency: {p99Us: 5}});
  for (const window of [empty, old, {...old, performance: windowWith({day: 3, scored: {}}).performance}])
    expect(judgeAlerts({policy: all, window, profile: profileWith(), open: [], history: [], at: 0}).opened).toEqual([]);
});
