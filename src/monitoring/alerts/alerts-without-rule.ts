/** Open alerts of rules that were switched off: nothing will tell that they are over. */

import type {Alert, AlertKind} from '../../protocol/index.ts';
import type {MonitorPolicy} from '../policy/monitor-policy.ts';

type Rule = (policy: MonitorPolicy, alert: Alert) => boolean;

/** Whether the policy still has the rule that opened an alert. */
const HAS_RULE: Readonly<Record<AlertKind, Rule>> = {
  performance: ({performance}) => performance !== null,
  estimate: ({performance, estimate}) => performance !== null && estimate !== null,
  calibration: ({calibration}) => calibration !== null,
  drift: ({drift}) => drift !== null,
  'prediction-drift': ({predictionDrift}) => predictionDrift !== null,
  multivariate: ({multivariate}) => multivariate !== null,
  volume: ({volume}, {subject}) => volume !== null || subject !== 'predictions',
  data: ({errors}, {subject}) => errors !== null || subject !== 'requests',
  latency: ({latency}) => latency !== null,
  'feedback-loop': ({loop}) => loop !== null,
  quality: ({quality}, {subject}) => quality.some(({name}) => name === subject),
  concept: () => true,
  // Those who judge them see to it.
  slo: () => true,
  skew: () => true,
};

export function alertsWithoutRule(policy: MonitorPolicy, open: readonly Alert[]): Alert[] {
  return open.filter(alert => !HAS_RULE[alert.kind](policy, alert));
}
