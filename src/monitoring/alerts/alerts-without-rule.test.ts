import {expect, test} from 'vitest';
import {inRange} from '../../events/index.ts';
import {alertOf} from '../incidents/incidents.fixture.ts';
import {monitorPolicy} from '../policy/monitor-policy.ts';
import {alertsWithoutRule} from './alerts-without-rule.ts';

const open = [
  alertOf('performance', 'auc'),
  alertOf('estimate', 'auc'),
  alertOf('calibration', 'mean prediction / observed rate'),
  alertOf('drift', 'features'),
  alertOf('drift', 'inputs'),
  alertOf('prediction-drift', 'prediction'),
  alertOf('multivariate', 'features together'),
  alertOf('volume', 'predictions'),
  alertOf('data', 'requests'),
  alertOf('latency', 'p99'),
  alertOf('feedback-loop', 'items'),
  alertOf('quality', 'fare at least 0'),
  alertOf('concept', 'outcomes'),
  alertOf('slo', 'answers'),
  alertOf('skew', 'served features'),
];

test('alerts of rules that were switched off are known, of whatever kind; objectives and differences are judged elsewhere', () => {
  const off = {performance: null, calibration: null, drift: null, predictionDrift: null, volume: null, errors: null};
  const left = new Set(alertsWithoutRule(monitorPolicy(off), open));
  expect(open.filter(alert => !left.has(alert)).map(({kind}) => kind)).toEqual(['concept', 'slo', 'skew']);
});

test('alerts of rules that there are stay, and of checks only those that are declared', () => {
  const all = monitorPolicy({
    multivariate: {},
    latency: {p99Us: 5},
    quality: [inRange('fare', {min: 0})],
  });
  const old = alertOf('quality', 'fare at least -5');
  expect(alertsWithoutRule(all, [...open, old]).map(({subject}) => subject)).toEqual(['items', 'fare at least -5']);
  expect(alertsWithoutRule(monitorPolicy({estimate: null}), open).map(({kind}) => kind)).toContain('estimate');
});
