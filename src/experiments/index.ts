export {type Decision, judgeRollout} from './judge-rollout.ts';
export {
  advanceRollout,
  observeMatured,
  observeTraffic,
  type Rollout,
  type RolloutStart,
  stageArms,
  startRollout,
  type Traffic,
} from './rollout.ts';
export {
  type CanaryStep,
  describeRolloutPolicy,
  type RolloutPolicy,
  type RolloutPolicyOptions,
  rolloutPolicy,
} from './rollout-policy.ts';
