// The door of the training room: definitions of trainers, and what runs them.
export {
  gradientBoostedTrees,
  type LogisticParameters,
  logisticRegression,
  type TrainerDefinition,
  type TreeParameters,
} from './definition.ts';
export {type TrainedModel, type TrainingProgress, type TrainOptions, trainModel} from './train-model.ts';
export type {TrainingSet} from './training-set.ts';
