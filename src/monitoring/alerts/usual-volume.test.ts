import {expect, test} from 'vitest';
import type {Alert, MonitorWindow} from '../../protocol/index.ts';
import {monitorPolicy} from '../policy/monitor-policy.ts';
import {profileWith, windowWith} from '../testing/windows.ts';
import {windowOf} from '../windows/calendar.ts';
import {judgeAlerts} from './judge-alerts.ts';
import {lookBack} from './look-back.ts';

const HOUR = 3_600_000;
/** A Monday. */
const START = Date.UTC(2001, 3, 2);

/** What opens and resolves, by the start of the window, with `volume` predictions from a time on. */
function weeks(window: '1h' | '1d', count: number, volume: (at: Date) => number, zone = 'UTC'): string[] {
  const policy = monitorPolicy({window, zone, errors: null, drift: null, predictionDrift: null});
  const windows: MonitorWindow[] = [];
  let open: readonly Alert[] = [];
  const told: string[] = [];
  for (let span = windowOf(START, policy); span.from < START + count * 168 * HOUR; span = windowOf(span.to, policy)) {
    const predictions = volume(new Date(span.from));
    const current = {...windowWith({day: 0, predictions}), ...span, id: `late@${new Date(span.from).toISOString()}`};
    const history = windows.slice(-lookBack(policy));
    const changes = judgeAlerts({policy, window: current, profile: profileWith(), open, history, at: span.to});
    for (const {title} of changes.opened) told.push(`${current.id.slice(5, 18)} ${title}`);
    for (const {id} of changes.resolved) told.push(`${current.id.slice(5, 18)} over ${id.slice(-24, -11)}`);
    const gone = new Set(changes.resolved.map(({id}) => id));
    open = [...open.filter(({id}) => !gone.has(id)), ...changes.opened];
    windows.push(current);
  }
  return told;
}

const office = (at: Date): number => (at.getUTCDay() % 6 === 0 ? 300 : 6_000);
const byDay = (at: Date): number =>
  (at.getUTCHours() < 6 ? 0 : at.getUTCHours() < 22 ? 900 : 90) * (office(at) / 6_000);

test('neither weekends nor nights are a drop, in the first weeks and later', () => {
  expect(weeks('1d', 6, office)).toEqual([]);
  expect(weeks('1h', 5, byDay)).toEqual([]);
  expect(weeks('1h', 5, at => byDay(new Date(at.getTime() - 4 * HOUR)), 'America/New_York')).toEqual([]);
});

test('a day off that is no weekend is known after three weeks', () => {
  const closed = (at: Date) => (at.getUTCDay() === 3 ? 0 : 6_000);
  const told = weeks('1d', 8, closed).filter(text => text > '2001-04-23');
  expect(told).toEqual([]);
});

test('a drop is told against the same time of the week, and is over when that is reached', () => {
  const drops = (at: Date) => office(at) * (at.toISOString().startsWith('2001-05-05') ? 0.3 : 1);
  expect(weeks('1d', 6, drops)).toEqual([
    '2001-05-05T00 30 % of the usual predictions',
    '2001-05-06T00 over 2001-05-05T00',
  ]);
  const stops = (at: Date) => byDay(at) * (at.toISOString().startsWith('2001-05-01T12') ? 0 : 1);
  expect(weeks('1h', 5, stops)).toEqual([
    '2001-05-01T12 0 % of the usual predictions',
    '2001-05-01T13 over 2001-05-01T12',
  ]);
});

test('in the first week a drop is told against days of its kind', () => {
  const drops = (at: Date) => (at.getUTCDate() === 6 ? 1_000 : 6_000);
  expect(weeks('1d', 1, drops)).toEqual(['2001-04-06T00 16.7 % of the usual predictions']);
});
