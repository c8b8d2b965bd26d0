import fc from 'fast-check';
import {describe, expect, test} from 'vitest';
import type {Alert, AlertKind} from '../protocol/index.ts';
import {retrainPolicy} from './retrain-policy.ts';
import {judgeTriggers, type Situation} from './triggers.ts';

const DAY = 86_400_000;
const policy = retrainPolicy({on: {drift: {alerts: 2}}, atLatest: '30d', cooldown: '7d'});

const alert = (kind: AlertKind, id: string, openedAt: number, resolvedAt: number | null = null): Alert => ({
  id,
  model: 'late',
  kind,
  severity: kind === 'performance' ? 'page' : 'ticket',
  subject: `subject of ${id}`,
  openedAt,
  resolvedAt,
  windowId: 'w',
  measured: 0.69,
  threshold: 0.71,
  title: `title of ${id}`,
  message: '',
  action: null,
});

const situation = (changes: Partial<Situation> = {}): Situation => ({
  now: 10 * DAY,
  lastTrainedAt: 0,
  lastFiredAt: null,
  openAlerts: [],
  running: false,
  ...changes,
});

describe('triggers', () => {
  test('do not fire while nothing is wrong and the training is young', () => {
    expect(judgeTriggers(policy, situation())).toBeNull();
  });

  test('fire in the order performance, calibration, drift, schedule', () => {
    const alerts = [
      alert('drift', 'd1', 1),
      alert('prediction-drift', 'd2', 2),
      alert('calibration', 'c', 3),
      alert('performance', 'p', 4),
    ];
    const old = {now: 40 * DAY};
    const kinds = [4, 3, 2, 0].map(
      count => judgeTriggers(policy, situation({...old, openAlerts: alerts.slice(0, count)}))?.kind,
    );
    expect(kinds).toEqual(['performance', 'calibration', 'drift', 'schedule']);
  });

  test('name the alert that fired them: the oldest of its kind, by id where two are as old', () => {
    const openAlerts = [alert('performance', 'b', 5), alert('performance', 'a', 5), alert('performance', 'late', 6)];
    expect(judgeTriggers(policy, situation({openAlerts}))).toEqual({
      kind: 'performance',
      reason: 'title of a',
      alertId: 'a',
    });
  });

  test('need as many drift alerts as the policy says', () => {
    const one = [alert('drift', 'd1', 1)];
    expect(judgeTriggers(policy, situation({openAlerts: one}))).toBeNull();
    expect(judgeTriggers(policy, situation({openAlerts: [...one, alert('prediction-drift', 'd2', 2)]}))).toEqual({
      kind: 'drift',
      reason: '2 drifted: subject of d1, subject of d2',
      alertId: 'd1',
    });
  });

  test('ignore alerts that are resolved, not opened yet, or of a kind that is off', () => {
    const off = retrainPolicy({on: {performance: false, calibration: false}, atLatest: '30d'});
    expect(
      judgeTriggers(off, situation({openAlerts: [alert('performance', 'p', 1), alert('calibration', 'c', 1)]})),
    ).toBeNull();
    const openAlerts = [
      alert('performance', 'resolved', 1, 2),
      alert('performance', 'future', 11 * DAY),
      alert('volume', 'v', 1),
      alert('latency', 'l', 1),
      alert('data', 'x', 1),
    ];
    expect(judgeTriggers(policy, situation({openAlerts}))).toBeNull();
  });

  test('keep to the cooldown after a training and after a firing, to the millisecond', () => {
    const openAlerts = [alert('performance', 'p', 1)];
    const fires = (changes: Partial<Situation>) => judgeTriggers(policy, situation({openAlerts, ...changes})) !== null;
    expect(fires({now: 7 * DAY - 1})).toBe(false);
    expect(fires({now: 7 * DAY})).toBe(true);
    expect(fires({now: 10 * DAY, lastFiredAt: 4 * DAY})).toBe(false);
    expect(fires({now: 11 * DAY, lastFiredAt: 4 * DAY})).toBe(true);
  });

  test('fire on the calendar when the last training is as old as the policy allows', () => {
    expect(judgeTriggers(policy, situation({now: 30 * DAY - 1}))).toBeNull();
    expect(judgeTriggers(policy, situation({now: 30 * DAY}))).toEqual({
      kind: 'schedule',
      reason: '30 d since the last training; at latest 30 d',
      alertId: null,
    });
    expect(judgeTriggers(retrainPolicy({}), situation({now: 3_000 * DAY}))).toBeNull();
  });

  test('never fire while a retrain runs', () => {
    const openAlerts = [alert('performance', 'p', 1)];
    expect(judgeTriggers(policy, situation({now: 90 * DAY, openAlerts, running: true}))).toBeNull();
  });

  test('answer the same whatever the order of the alerts', () => {
    const kinds = ['performance', 'calibration', 'drift', 'prediction-drift', 'volume'] as const;
    const some = fc.uniqueArray(
      fc.record({
        kind: fc.constantFrom(...kinds),
        id: fc.string({minLength: 1}),
        openedAt: fc.integer({min: 0, max: 5}),
      }),
      {selector: a => a.id, maxLength: 8},
    );
    fc.assert(
      fc.property(
        some.chain(alerts => fc.tuple(fc.constant(alerts), fc.shuffledSubarray(alerts, {minLength: alerts.length}))),
        ([alerts, shuffled]) => {
          const judged = [alerts, shuffled].map(list =>
            judgeTriggers(
              policy,
              situation({openAlerts: list.map(({kind, id, openedAt}) => alert(kind, id, openedAt))}),
            ),
          );
          expect(judged[0]).toEqual(judged[1]);
        },
      ),
      {seed: 5},
    );
  });
});
