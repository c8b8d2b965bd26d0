/** Artifact bytes to smaller artifact bytes that `loadModel` reads. The same model and options always give the same bytes. */
import {type JsonValue, MillraceError} from '../../protocol/index.ts';
import {decodeArtifact, encodeArtifact, type ModelArrays} from '../artifact.ts';
import {linearModelOf} from '../linear/linear-model.ts';
import {makePredictor} from '../load-model.ts';
import type {CompressionStep, ModelSpec} from '../model-spec.ts';
import {forestOf} from '../trees/forest.ts';
import {pruneByLoss, type ValidationRows} from './prune/prune-by-loss.ts';
import {leafCount, type PruneLimits, pruneForest} from './prune/prune-forest.ts';
import {type Bits, quantiseForest} from './quantised/quantise-forest.ts';
import {quantiseLinear} from './quantised/quantised-linear.ts';

/**
 * Thresholds and leaf values of trees, or coefficients of a linear model, in 16 or 8 bits. Throws MODEL_INVALID for a
 * model that is quantised already.
 */
export function quantiseModel(artifact: Uint8Array, bits: Bits): Uint8Array {
  const {spec, arrays} = decodeArtifact(artifact);
  const features = spec.features.length;
  const step: CompressionStep = {method: `quantise-${bits}`, parameters: {}};
  if (spec.kind === 'trees') {
    const forest = quantiseForest(forestOf(arrays, features), features, bits);
    return rewrite({...spec, kind: 'quantised-trees'}, forest as unknown as ModelArrays, step);
  }
  if (spec.kind === 'linear')
    return rewrite({...spec, kind: 'quantised-linear'}, quantiseLinear(linearModelOf(arrays, features), bits), step);
  throw refused(spec, 'quantised', 'trees and linear');
}

/** To a budget of trees and leaves, or to a validation loss that grows by `tolerance` at most. */
export type PruneOptions =
  | {
      /** Trees kept, the first ones; all unless told. */
      readonly trees?: number;
      /** Leaves of a kept tree, on average; as many as there are unless told. */
      readonly leaves?: number;
    }
  | {readonly validation: ValidationRows; readonly tolerance: number};

/** Fewer and smaller trees; gains and covers stay those of the training. Throws MODEL_INVALID for what is no forest. */
export function pruneModel(artifact: Uint8Array, options: PruneOptions): Uint8Array {
  const {spec, arrays} = decodeArtifact(artifact);
  if (spec.kind !== 'trees') throw refused(spec, 'pruned', 'trees');
  const forest = forestOf(arrays, spec.features.length);
  const pruned =
    'validation' in options
      ? pruneByLoss(spec, forest, options.validation, options.tolerance)
      : pruneForest(forest, limitsOf(forest.roots.length, options));
  const trees = pruned.roots.length;
  const limits: {[name: string]: JsonValue} = {trees, leaves: leafCount(pruned)};
  if ('validation' in options) limits.tolerance = options.tolerance;
  const training = {...spec.training, iterations: Math.min(spec.training.iterations, trees)};
  return rewrite({...spec, training}, pruned as unknown as ModelArrays, {method: 'prune', parameters: limits});
}

function limitsOf(
  all: number,
  {trees = all, leaves}: {readonly trees?: number; readonly leaves?: number},
): PruneLimits {
  const kept = Math.min(all, trees);
  return leaves === undefined ? {trees: kept} : {trees: kept, leaves: kept * leaves};
}

/** The same manifest with what was done to the model, and with the predictions that it now has to repeat. */
function rewrite(from: ModelSpec, arrays: ModelArrays, step: CompressionStep): Uint8Array {
  const spec = {...from, compression: [...(from.compression ?? []), step]};
  const predictor = makePredictor(spec, arrays);
  const predictions = spec.checks.rows.map(row => predictor.predictRow(Float64Array.from(row, x => x ?? Number.NaN)));
  return encodeArtifact({...spec, checks: {rows: spec.checks.rows, predictions}}, arrays);
}

function refused({kind}: ModelSpec, done: string, can: string): MillraceError {
  return new MillraceError('MODEL_INVALID', `A model of kind '${kind}' cannot be ${done}; ${can} can.`, {
    fix:
      kind === 'linear'
        ? 'Quantise it, or take a version of trees.'
        : 'Compress the version that it was made from: prune first, quantise last.',
  });
}

/** The same model with a note in its manifest of how it was made smaller. */
export function withCompressionStep(artifact: Uint8Array, step: CompressionStep): Uint8Array {
  const {spec, arrays} = decodeArtifact(artifact);
  return rewrite(spec, arrays, step);
}
