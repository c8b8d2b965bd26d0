import {loadModel, type Matrix, pruneModel, quantiseModel} from '../../models/index.ts';
import {distil} from './distil.ts';
import type {CompressionMethod} from './method.ts';

export type CompressionRows = {
  readonly train: Matrix;
  readonly validation: {readonly matrix: Matrix; readonly labels: Float64Array};
};

export type ApplyOptions = {
  readonly seed: number;
  readonly threads?: number;
  readonly signal?: AbortSignal;
  readonly onProgress?: (done: number, all: number) => void;
};

/** The artifact of a smaller model: one method after the other. Throws MODEL_INVALID for a model that one cannot take. */
export async function applyMethods(
  artifact: Uint8Array,
  methods: readonly CompressionMethod[],
  rows: CompressionRows,
  options: ApplyOptions,
): Promise<Uint8Array> {
  let bytes = artifact;
  for (const method of methods) bytes = await applyMethod(bytes, method, rows, options);
  return bytes;
}

async function applyMethod(
  artifact: Uint8Array,
  method: CompressionMethod,
  {train, validation}: CompressionRows,
  {onProgress, ...options}: ApplyOptions,
): Promise<Uint8Array> {
  if (method.kind === 'quantise-8') return quantiseModel(artifact, 8);
  if (method.kind === 'quantise-16') return quantiseModel(artifact, 16);
  if (method.kind === 'prune') {
    const {kind: _, tolerance, ...limits} = method;
    return pruneModel(artifact, Object.keys(limits).length === 0 ? {validation, tolerance} : limits);
  }
  const {student, extraRows} = method;
  const most = student.kind === 'gradientBoostedTrees' ? student.parameters.trees : student.parameters.maxIterations;
  const teacher = loadModel(artifact);
  return distil(matrix => teacher.predictBatch(matrix), {
    ...options,
    student,
    extraRows,
    train,
    validation: validation.matrix,
    ...(onProgress ? {onProgress: ({iteration}) => onProgress(iteration, most)} : {}),
  });
}
