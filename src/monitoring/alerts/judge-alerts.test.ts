import {describe, expect, test} from 'vitest';
import type {Alert, MonitorWindow} from '../../protocol/index.ts';
import {type MonitorPolicy, monitorPolicy} from '../policy/monitor-policy.ts';
import {profileWith, type WindowGiven, windowWith} from '../testing/windows.ts';
import {type AlertChanges, judgeAlerts} from './judge-alerts.ts';

type Day = Omit<WindowGiven, 'day'>;

/** Judges day after day as the platform does; returns what changed on each. */
function judgeDays(days: readonly Day[], policy: MonitorPolicy, version = 1): AlertChanges[] {
  let open: readonly Alert[] = [];
  const history: MonitorWindow[] = [];
  return days.map((given, day) => {
    const window = windowWith({...given, day});
    const changes = judgeAlerts({policy, window, profile: profileWith(version), open, history, at: window.to});
    const gone = new Set(changes.resolved.map(({id}) => id));
    open = [...open.filter(({id}) => !gone.has(id)), ...changes.opened];
    history.push(window);
    return changes;
  });
}

/** `+kind` where an alert opened, `-kind` where one resolved, `.` for a day without. */
const story = (changes: readonly AlertChanges[]): string =>
  changes
    .map(({opened, resolved}) => [...opened.map(a => `+${a.kind}`), ...resolved.map(a => `-${a.kind}`)].join() || '.')
    .join(' ');

const auc = (value: number, reach = 0.007): Day => ({
  scored: {auc: value, aucLow: value - reach, aucHigh: value + reach},
});

describe('the performance rule', () => {
  const policy = monitorPolicy({calibration: null, performance: {drop: 0.02}});

  test('pages when the interval clears the threshold in 2 of 3 windows, and says so in figures', () => {
    const changes = judgeDays([auc(0.741), auc(0.702), auc(0.702)], policy);
    expect(story(changes)).toBe('. . +performance');
    expect(changes[2]!.opened[0]).toEqual({
      id: 'late:performance:auc@2001-04-03T00:00:00.000Z',
      model: 'late',
      kind: 'performance',
      severity: 'page',
      subject: 'auc',
      measured: 0.702,
      threshold: 0.741 - 0.02,
      title: 'AUC 0.702, tested at 0.741',
      message:
        'AUC 0.702 [0.695, 0.709] of version 1 on 3 April 2001 (6\u2009000 labelled predictions), below 0.721 = test 0.741 − 0.02, in 2 of the last 3 windows.',
      openedAt: Date.UTC(2001, 3, 4),
      resolvedAt: null,
      windowId: 'late@2001-04-03T00:00:00.000Z',
      action: null,
    });
  });

  test('does not page for one bad window, nor while the interval reaches the threshold', () => {
    expect(story(judgeDays([auc(0.7), auc(0.74), auc(0.74), auc(0.7)], policy))).toBe('. . . .');
    expect(story(judgeDays(Array(9).fill(auc(0.7, 0.03)), policy))).toBe('. . . . . . . . .');
  });

  test('stays open while it hovers just above the threshold, and resolves once it is clear of it', () => {
    const days = [auc(0.7), auc(0.7), auc(0.722), auc(0.722), auc(0.722), auc(0.73), auc(0.73), auc(0.73)];
    expect(story(judgeDays(days, policy))).toBe('. +performance . . . . -performance .');
  });

  test('there is one open alert, however long it stays bad', () => {
    expect(story(judgeDays(Array(6).fill(auc(0.7)), policy))).toBe('. +performance . . . .');
  });

  test('windows of another version, or with few labels, are no evidence', () => {
    const other = {scored: {...auc(0.7).scored, version: 2}};
    expect(story(judgeDays([other, other, other], policy))).toBe('. . .');
    expect(story(judgeDays([other, auc(0.7), auc(0.7)], policy))).toBe('. . +performance');
    const few = {scored: {...auc(0.7).scored, rows: 199, positives: 40}};
    expect(story(judgeDays([few, few, few], policy))).toBe('. . .');
  });
});

describe('the calibration rule', () => {
  const policy = monitorPolicy({performance: null, for: {k: 1, n: 1}});
  const predicted = (mean: number, rows = 6_000): Day => ({
    scored: {meanPrediction: mean, rows, positives: rows * 0.161, baseRate: 0.161},
  });

  test('pages when predictions are a third too high', () => {
    const [{opened}] = judgeDays([predicted(0.213, 20_000)], policy) as [AlertChanges];
    expect(opened[0]).toMatchObject({
      kind: 'calibration',
      severity: 'page',
      title: 'Predicts 1.32 times the observed rate',
      threshold: 1.25,
    });
    expect(opened[0]!.message).toContain('1.32 times [1.28, 1.37], outside 0.8 to 1.25.');
  });

  test('does not page when the interval of the observed rate explains it', () => {
    expect(story(judgeDays([predicted(0.213, 1_000)], policy))).toBe('.');
  });

  test('pages when no label is 1 and predictions say that many should be: such labels have no ratio', () => {
    const none = (mean: number, rows: number): Day => ({
      scored: {meanPrediction: mean, rows, positives: 0, baseRate: 0, auc: null, aucLow: null, aucHigh: null},
    });
    const [{opened}] = judgeDays([none(0.2, 6_000)], policy) as [AlertChanges];
    expect(opened[0]).toMatchObject({kind: 'calibration', title: 'Predicts a rate of 0.2, none is observed'});
    expect(opened[0]!.message).toContain('Mean prediction 0.2 of version 1 at an observed rate of 0 on');
    expect(opened[0]!.message).toContain('times or more, outside 0.8 to 1.25.');
    expect(opened[0]!.measured).toBeGreaterThan(100);
    expect(story(judgeDays([none(0.0001, 6_000)], policy))).toBe('.');
    expect(story(judgeDays([none(0, 6_000)], policy))).toBe('.');
  });
});

describe('the drift rules', () => {
  const policy = monitorPolicy();

  test('group features into one ticket, ranked by effect and importance', () => {
    const shifted = {effects: {late_2h: 0.3, late_24h: 0.6, hour: 0.4, distance: 3}};
    const changes = judgeDays([{}, shifted, shifted, shifted], policy);
    expect(story(changes)).toBe('. . +drift .');
    expect(changes[2]!.opened).toHaveLength(1);
    expect(changes[2]!.opened[0]).toMatchObject({
      severity: 'ticket',
      subject: 'features',
      title: '3 features drift',
      measured: 0.6,
    });
    expect(changes[2]!.opened[0]!.message).toContain(
      'in 2 of the last 3 windows: late_24h (effect 0.6), late_2h (effect 0.3) and hour (effect 0.4).',
    );
  });

  test('leave out what does not matter to the model, unless told to watch all', () => {
    const noise = {effects: {distance: 3}};
    expect(story(judgeDays([noise, noise, noise], policy))).toBe('. . .');
    expect(story(judgeDays([noise, noise, noise], monitorPolicy({drift: {features: 'all'}})))).toBe('. +drift .');
  });

  test('each feature needs its own k of n: two features that drift once each are weather', () => {
    const days = [{effects: {late_2h: 0.5}}, {effects: {hour: 0.5}}, {effects: {late_24h: 0.5}}];
    expect(story(judgeDays(days, policy))).toBe('. . .');
  });

  test('resolve when every feature is clear, and tell nothing from small windows', () => {
    const bad = {effects: {hour: 0.5}};
    const near = {effects: {hour: 0.18}};
    expect(story(judgeDays([bad, bad, near, near, {}, {}], policy))).toBe('. +drift . . . -drift');
    const small = {predictions: 400, effects: {hour: 0.5}};
    expect(story(judgeDays([small, small, small], monitorPolicy({volume: null})))).toBe('. . .');
  });

  test('predictions have a ticket of their own', () => {
    const changes = judgeDays([{predictionEffect: 0.3}, {predictionEffect: 0.3}], policy);
    expect(story(changes)).toBe('. +prediction-drift');
    expect(changes[1]!.opened[0]!.message).toContain('a de-biased PSI of 0.3, 0.08 is the limit');
  });
});

test('a window of the past says nothing of an alert that a later one opened', () => {
  const policy = monitorPolicy({calibration: null});
  const days = [auc(0.741), auc(0.741), auc(0.702), auc(0.702)].map((given, day) => windowWith({...given, day}));
  const judge = (at: number, open: readonly Alert[]) =>
    judgeAlerts({policy, window: days[at]!, profile: profileWith(), open, history: days, at: 0});
  const {opened} = judge(3, []);
  expect(opened).toHaveLength(1);
  expect(judge(1, opened)).toEqual({opened: [], resolved: [], updated: []});
});

describe('the traffic rules', () => {
  test('volume: half of the usual is a ticket at once, resolved when it is back; the first windows have no usual', () => {
    const day = (predictions: number): Day => ({predictions});
    // From a Sunday on: that is no measure for the days of the week.
    const days = [day(900), day(6_000), day(6_100), day(5_900), day(2_500), day(6_000)];
    const changes = judgeDays(days, monitorPolicy());
    expect(story(changes)).toBe('. . . . +volume -volume');
    expect(changes[4]!.opened[0]!.title).toBe('41.7 % of the usual predictions');
    expect(story(judgeDays([...days.slice(0, 4), day(0)], monitorPolicy()))).toBe('. . . . +volume');
  });

  test('requests that fail are a page, beyond chance', () => {
    expect(story(judgeDays([{errors: 65}], monitorPolicy()))).toBe('.');
    const changes = judgeDays([{errors: 300}, {errors: 0}], monitorPolicy());
    expect(story(changes)).toBe('+data -data');
    expect(changes[0]!.opened[0]).toMatchObject({severity: 'page', title: '4.76 % of requests fail'});
  });

  test('one or two requests that fail wake nobody, however few there are; three of three do', () => {
    const few = (predictions: number, errors: number) => story(judgeDays([{predictions, errors}], monitorPolicy()));
    expect([few(0, 1), few(9, 1), few(0, 2), few(97, 3)]).toEqual(['.', '.', '.', '.']);
    expect(few(0, 3)).toBe('+data');
    const none = monitorPolicy({errors: {share: 0}});
    expect(story(judgeDays([{predictions: 900, errors: 1}], none))).toBe('+data');
  });

  test('latency is watched when a limit is given', () => {
    const slow = {p99: 900};
    expect(story(judgeDays([slow, slow], monitorPolicy()))).toBe('. .');
    expect(story(judgeDays([slow, slow], monitorPolicy({latency: {p99Us: 500}})))).toBe('. +latency');
    const few = {...slow, predictions: 99};
    expect(story(judgeDays([few, few], monitorPolicy({latency: {p99Us: 500}})))).toBe('. .');
  });
});

test('a window that closed is judged without labels, the same window scored only by them', () => {
  const policy = monitorPolicy({for: {k: 1, n: 1}});
  const both = {effects: {hour: 0.5}, ...auc(0.7)};
  const judge = (window: MonitorWindow) =>
    judgeAlerts({policy, window, profile: profileWith(), open: [], history: [], at: 0}).opened.map(({kind}) => kind);
  const scored = windowWith({day: 0, ...both});
  expect(judge({...scored, performance: null})).toEqual(['drift']);
  expect(judge(scored)).toEqual(['performance']);
});
