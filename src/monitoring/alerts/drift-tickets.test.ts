import {describe, expect, test} from 'vitest';
import type {Alert, DriftReport, MonitorWindow} from '../../protocol/index.ts';
import {monitorPolicy} from '../policy/monitor-policy.ts';
import {profileWith, type WindowGiven, windowWith} from '../testing/windows.ts';
import {judgeAlerts} from './judge-alerts.ts';

type Day = Omit<WindowGiven, 'day'>;
const policy = monitorPolicy({performance: null, calibration: null, volume: null, drift: {effect: 0.2}});

/** What is open at the end of each day: titles, and what they name. */
function live(days: readonly Day[]): string[][] {
  let open: readonly Alert[] = [];
  const history: MonitorWindow[] = [];
  return days.map((given, day) => {
    const window = windowWith({...given, day});
    const {opened, updated, resolved} = judgeAlerts({
      ...{policy, window, profile: profileWith(), open, history, at: window.to},
    });
    const gone = new Set([...updated, ...resolved].map(({id}) => id));
    open = [...open.filter(({id}) => !gone.has(id)), ...updated, ...opened];
    history.push(window);
    return open.map(({title, features}) => `${title}: ${features!.map(({feature}) => feature).join()}`);
  });
}
const hour: Day = {effects: {hour: 0.3}};

describe('a ticket about drift that is open', () => {
  const severe: Day = {effects: {hour: 0.3, late_2h: 8}, severe: ['late_2h']};
  test('hides no other feature that drifts later; each resolves by itself', () => {
    expect(live([hour, hour, severe, severe, hour, hour]).slice(1)).toEqual([
      ['hour drifts: hour'],
      ['hour drifts: hour', 'late_2h drifts: late_2h'],
      ['hour drifts: hour', 'late_2h drifts: late_2h'],
      ['hour drifts: hour', 'late_2h drifts: late_2h'],
      ['hour drifts: hour'],
    ]);
  });

  test('does not hide that what it names becomes severe', () => {
    const much: Day = {effects: {hour: 8}, severe: ['hour']};
    expect(live([hour, hour, much, much, {}, {}]).slice(1)).toEqual([
      ['hour drifts: hour'],
      ['hour drifts: hour', 'hour drifts: hour'],
      ['hour drifts: hour', 'hour drifts: hour'],
      ['hour drifts: hour', 'hour drifts: hour'],
      [],
    ]);
  });

  test('no longer names what is clear, so that it is told of when it comes back', () => {
    const both: Day = {effects: {hour: 0.3, late_2h: 0.3}};
    const days = live([both, both, hour, hour, both, both]);
    expect(days[1]).toEqual(['2 features drift: late_2h,hour']);
    expect(days[3]).toEqual(['hour drifts: hour']);
    expect(days[5]).toEqual(['hour drifts: hour', 'late_2h drifts: late_2h']);
  });

  test('hides no other field of requests', () => {
    const fields = (...far: string[]): Day => ({
      inputs: ['fare', 'stops'].map(
        (subject): DriftReport => ({
          ...{subject, method: 'psi', pValue: 0, rows: 6_000},
          ...(far.includes(subject) ? {effect: 3, verdict: 'drift', severe: true} : {effect: 0, verdict: 'stable'}),
        }),
      ),
    });
    expect(live([fields('fare'), fields('fare', 'stops'), fields('stops'), fields('stops')])).toEqual([
      ['fare changes in requests: fare'],
      ['fare changes in requests: fare', 'stops changes in requests: stops'],
      ['fare changes in requests: fare', 'stops changes in requests: stops'],
      ['stops changes in requests: stops'],
    ]);
  });

  test('of a window that is judged again keeps what is its own, also when a later ticket names it', () => {
    const days = [hour, hour, {effects: {hour: 8}, severe: ['hour']}].map((day, i) => windowWith({...day, day: i}));
    const judge = (at: number, open: readonly Alert[]) =>
      judgeAlerts({policy, window: days[at]!, profile: profileWith(), open, history: days, at: 0});
    const first = judge(1, []).opened;
    const open = [...first, ...judge(2, first).opened];
    expect(open).toHaveLength(2);
    for (const at of [1, 2]) expect(judge(at, open)).toEqual({opened: [], resolved: [], updated: []});
  });
});

test('features that begin to drift together are one ticket', () => {
  const all: Day = {effects: {hour: 0.3, late_2h: 0.3, late_24h: 0.3}};
  expect(live([all, all])[1]).toEqual(['3 features drift: late_2h,late_24h,hour']);
});
