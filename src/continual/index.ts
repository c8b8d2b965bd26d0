export {addStep, finishRetrain, type Start, startRetrain, withChallenger} from './retrain.ts';
export {
  describeRetrainPolicy,
  type RetrainPolicy,
  type RetrainPolicyOptions,
  retrainPolicy,
  trainingRange,
} from './retrain-policy.ts';
export {Retrains} from './retrains.ts';
export {judgeTriggers, type Situation, type Trigger} from './triggers.ts';
