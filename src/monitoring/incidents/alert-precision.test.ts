import {expect, test} from 'vitest';
import type {Incident} from '../../protocol/index.ts';
import {alertPrecision} from './alert-precision.ts';
import {alertOf, CONTEXT} from './incidents.fixture.ts';
import {newIncident} from './new-incident.ts';
import {retryDelayMs} from './retry-delay.ts';

const judged = (verdict: 'useful' | 'noise' | null): Incident => ({
  ...newIncident({
    id: 'late.1',
    cause: {kind: 'model', name: 'late'},
    alert: alertOf('drift', 'rain'),
    context: CONTEXT,
    now: 0,
  }),
  feedback: verdict && {verdict, by: 'ada', at: 0},
});

test('the precision of alerts is that of the incidents that somebody judged', () => {
  const incidents = [...Array(8).fill(judged('useful')), ...Array(2).fill(judged('noise')), judged(null)];
  // (p + z²/2n ± z √(p(1−p)/n + z²/4n²)) / (1 + z²/n) with p = 0.8, n = 10, z = 1.959964.
  expect(alertPrecision('late', incidents)).toEqual({
    model: 'late',
    incidents: 11,
    useful: 8,
    noise: 2,
    precision: {value: 0.8, low: expect.closeTo(0.4901625, 6), high: expect.closeTo(0.9433178, 6)},
  });
  expect(alertPrecision('late', [judged(null)]).precision).toBeNull();
  expect(alertPrecision('early', incidents)).toMatchObject({incidents: 0, precision: null});
});

test('the pause between attempts doubles from a second to an hour, less up to half by chance', () => {
  const pauses = (draw: number) => [1, 2, 3, 11, 12, 13, 1_000].map(n => retryDelayMs(n, () => draw) / 1_000);
  expect(pauses(0)).toEqual([1, 2, 4, 1_024, 2_048, 3_600, 3_600]);
  expect(pauses(1)).toEqual([0.5, 1, 2, 512, 1_024, 1_800, 1_800]);
});
