import {describe, expect, test} from 'vitest';
import {MillraceError} from '../protocol/index.ts';
import {describeRetrainPolicy, type RetrainPolicyOptions, retrainPolicy, trainingRange} from './retrain-policy.ts';

const DAY = 86_400_000;

const problems = (options: RetrainPolicyOptions): string[] => {
  try {
    retrainPolicy(options);
  } catch (error) {
    if (error instanceof MillraceError && error.code === 'DEFINITION_INVALID')
      return error.problems.map(({path, message}) => `${path}: ${message}`);
    throw error;
  }
  return [];
};

describe('a retrain policy', () => {
  test('prints itself in plain sentences, in the order of its triggers', () => {
    const policy = retrainPolicy({on: {drift: {alerts: 3}}, atLatest: '30d', window: '60d', start: 'champion'});
    expect(describeRetrainPolicy(policy)).toEqual([
      'Retrain when measured performance has raised an alert.',
      'Retrain when calibration has raised an alert.',
      'Retrain when at least 3 drift alerts are open at once.',
      'Retrain 30 d after the last training at the latest.',
      'Nothing fires within 7 d of the last training or the last firing.',
      'One retrain runs at a time; it ends when its challenger is promoted or rejected.',
      'Train on from the champion on the last 60 d known at the firing; the version exists 1 h later.',
    ]);
  });

  test('says nothing of triggers that are off', () => {
    const policy = retrainPolicy({on: {performance: false, calibration: false, drift: true}, cooldown: '0s'});
    expect(describeRetrainPolicy(policy)).toEqual([
      'Retrain when a feature or the prediction has drifted.',
      'One retrain runs at a time; it ends when its challenger is promoted or rejected.',
      'Train from scratch on all history known at the firing; the version exists 1 h later.',
    ]);
  });

  test('names everything that is wrong at once', () => {
    expect(problems({on: {drift: {alerts: 0}}, atLatest: '3d', cooldown: '7d', window: '0d'})).toEqual([
      'on.drift.alerts: Drift cannot fire on 0 alerts; 1 is the least.',
      'atLatest: atLatest (3d) is shorter than the cooldown (7d), which would hold it back.',
      'window: A window of no length holds no training data.',
    ]);
    expect(problems({on: {performance: false, calibration: false}})).toEqual([
      'on: Nothing would ever fire: every trigger is off and atLatest is not set.',
    ]);
    expect(problems({takes: 'an hour' as '1h'})).toEqual(["takes: 'an hour' is not a duration."]);
  });

  test('trains on all history, or on a window that ends at the firing and never starts before history', () => {
    const expanding = retrainPolicy({});
    const sliding = retrainPolicy({window: '60d'});
    expect(trainingRange(expanding, 100 * DAY, 5 * DAY)).toEqual({from: 5 * DAY, asOf: 100 * DAY});
    expect(trainingRange(sliding, 100 * DAY, 5 * DAY)).toEqual({from: 40 * DAY, asOf: 100 * DAY});
    expect(trainingRange(sliding, 50 * DAY, 5 * DAY)).toEqual({from: 5 * DAY, asOf: 50 * DAY});
  });
});
