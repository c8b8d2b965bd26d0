// The door of the models room: what a trained model is, without its trainer.
export {encodeArtifact, type ModelArrays} from './artifact.ts';
export {type PruneOptions, pruneModel, quantiseModel} from './compress/compress-artifact.ts';
export type {Bits} from './compress/quantised/quantise-forest.ts';
export {QuantisedTreePredictor} from './compress/quantised/quantised-tree-predictor.ts';
export {type CompactModel, compactModel, expandModel} from './edge/compact-model.ts';
export type {LinearModel} from './linear/linear-model.ts';
export {loadModel, makePredictor} from './load-model.ts';
export {type FeatureKind, type Matrix, readRow, sliceRows} from './matrix.ts';
export type {CompressionStep, FeatureSpec, ModelSpec} from './model-spec.ts';
export {exportOnnx} from './onnx/export-onnx.ts';
export {datatypeOf} from './onnx/import/element-type.ts';
export type {OnnxPort} from './onnx/import/onnx-port.ts';
export {type OnnxModel, readOnnx} from './onnx/import/read-onnx.ts';
export {type Explanation, type FeatureImportance, type Predictor, sigmoid} from './predictor.ts';
export type {Forest} from './trees/forest.ts';
export {TreePredictor} from './trees/tree-predictor.ts';
export {categoryEncoder, encodeCategories, learnVocabulary} from './vocabulary.ts';
