export {type Decision, judge} from './judge.ts';
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
