export type {OnnxExport} from './artifacts.ts';
export {type Assignment, assign, assigner} from './assign.ts';
export {modelCard} from './model-card.ts';
export {type Candidate, type Change, ModelRegistry} from './model-registry.ts';
export {armProblems, championOf, previousChampion, releasePlan} from './release-plan.ts';
export {nextStatuses, statusOffPlan, withStatus} from './status.ts';
