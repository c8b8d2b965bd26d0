import {describe, expect, test} from 'vitest';
import {describeMonitorPolicy} from './describe-policy.ts';
import {monitorPolicy} from './monitor-policy.ts';

describe('monitorPolicy', () => {
  test('prints its rules; null switches one off', () => {
    const policy = monitorPolicy({
      window: '1d',
      performance: {metric: 'auc', drop: 0.02, of: 'test'},
      calibration: {ratio: [0.7, 1.4], for: {k: 5, n: 7}},
      drift: {effect: 0.25, features: 'important'},
      predictionDrift: null,
      latency: {p99Us: 5_000},
    });
    expect(describeMonitorPolicy(policy)).toEqual([
      'Windows of 1 d in UTC, and 7 of them together; the reference is the training data.',
      'Page when AUC, measured or estimated, lies below that of the test split less 0.02, interval included, in 2 of 3 windows.',
      'Page when mean prediction / base rate lies outside [0.7, 1.4], interval included, in 5 of 7 windows.',
      'Page when more than 1 % of requests cannot be answered in a window.',
      'Ticket when important features drift (effect 0.25 or more, significant at 0.01) in 2 of 3 windows, or at once by an effect of 1.',
      'Ticket when predictions fall below 50 % of the usual volume in a window.',
      'Ticket when the p99 latency exceeds 5000 µs in 2 of 3 windows.',
    ]);
    expect(JSON.parse(JSON.stringify(policy))).toEqual(policy);
    expect(Object.isFrozen(policy) && Object.isFrozen(policy.performance)).toBe(true);
  });

  test('names everything that is wrong at once', () => {
    const wrong = () =>
      monitorPolicy({
        performance: {drop: 0},
        calibration: {ratio: [1.1, 1.2]},
        volume: {dropBelow: 50},
        zone: 'Mars/Base',
        reference: {kind: 'season', weeks: 0},
        sliding: 1.5,
        slices: ['origin', 'origin'],
        estimate: {decideAt: 1},
        multivariate: {auc: 0.4, alpha: 1},
        for: {k: 4, n: 3},
      });
    expect(wrong).toThrow(expect.objectContaining({code: 'DEFINITION_INVALID'}));
    try {
      wrong();
    } catch (error) {
      expect((error as {problems: {path: string}[]}).problems.map(({path}) => path)).toEqual([
        'performance.for',
        'calibration.for',
        'drift.for',
        'predictionDrift.for',
        'zone',
        'reference.weeks',
        'sliding',
        'slices',
        'estimate.decideAt',
        'multivariate.auc',
        'multivariate.alpha',
        'performance.drop',
        'calibration.ratio',
        'volume.dropBelow',
      ]);
    }
  });
});
