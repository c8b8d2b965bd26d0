import {describeRetrainPolicy} from '../../continual/index.ts';
import {describeGate} from '../../evaluation/index.ts';
import {describeRolloutPolicy} from '../../experiments/index.ts';
import {describeMonitorPolicy} from '../../monitoring/index.ts';
import type {ModelDefinition} from './model.ts';

/** The written rules of a model, in words, before anything runs. */
export function policyOf({gates, monitor, retrain, rollout}: ModelDefinition): string[] {
  return [
    `Gates: ${gates.map(describeGate).join('; ')}.`,
    ...describeMonitorPolicy(monitor),
    ...(retrain ? describeRetrainPolicy(retrain) : ['Nothing retrains it but a command.']),
    ...describeRolloutPolicy(rollout),
  ];
}
