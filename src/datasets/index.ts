export {type BuildOptions, buildTrainingSet, type DatasetDefinition, type TrainingSet} from './build.ts';
export {type RowRange, type Split, type SplitOptions, splitByTime} from './split.ts';
