import {describeRetrainPolicy} from '../../continual/index.ts';
import {describeGate} from '../../evaluation/index.ts';
import {describeRolloutPolicy} from '../../experiments/index.ts';
import {describeMonitorPolicy} from '../../monitoring/index.ts';
import {describeConsistencyPolicy} from '../consistency/policy.ts';
import type {ModelDefinition} from './model.ts';

/** The written rules of a model, in words, before anything runs. */
export function policyOf({gates, monitor, consistency, retrain, rollout}: ModelDefinition): string[] {
  return [
    `Gates: ${gates.map(describeGate).join('; ')}.`,
    ...describeMonitorPolicy(monitor),
    describeConsistencyPolicy(consistency),
    ...(retrain ? describeRetrainPolicy(retrain) : ['Nothing retrains it but a command.']),
    ...describeRolloutPolicy(rollout),
  ];
}
