import {MillraceError} from '../../protocol/index.ts';
import type {Matrix} from '../matrix.ts';
import {loadRuntime} from './load-runtime.ts';

/** Rows given to ONNX Runtime at a time. */
const BATCH = 8_192;

export type CheckResult = {
  /** Largest |ours - theirs| / max(1, |ours|). */
  readonly maxDifference: number;
  readonly rows: number;
};

/**
 * Runs an exported model in ONNX Runtime on `matrix` and compares with our predictions for the same rows.
 * Throws EXPORT_MISMATCH if they differ by more than `tolerance` (float32 sums: about 3e-7 is usual), and
 * PACKAGE_MISSING if onnxruntime-node is not installed.
 */
export async function checkOnnx(
  onnx: Uint8Array,
  matrix: Matrix,
  expected: Float64Array,
  tolerance = 1e-6,
): Promise<CheckResult> {
  const {InferenceSession, Tensor} = await loadRuntime();
  const session = await InferenceSession.create(onnx, {logSeverityLevel: 3, intraOpNumThreads: 1});
  const width = matrix.columns.length;
  let maxDifference = 0;
  try {
    for (let start = 0; start < matrix.rows; start += BATCH) {
      const count = Math.min(BATCH, matrix.rows - start);
      const data = new Float32Array(count * width);
      matrix.columns.forEach((column, f) => {
        for (let i = 0; i < count; i++) data[i * width + f] = column[start + i]!;
      });
      const answers = await session.run({input: new Tensor('float32', data, [count, width])});
      const {probabilities, variable, prediction} = answers;
      const output = (probabilities ?? variable ?? prediction)!.data as Float32Array;
      for (let i = 0; i < count; i++) {
        const ours = expected[start + i]!;
        const theirs = probabilities === undefined ? output[i]! : output[2 * i + 1]!;
        const difference = Math.abs(ours - theirs) / Math.max(1, Math.abs(ours));
        if (!(difference <= tolerance)) throw mismatch(start + i, ours, theirs, tolerance);
        if (difference > maxDifference) maxDifference = difference;
      }
    }
  } finally {
    await session.release();
  }
  return {maxDifference, rows: matrix.rows};
}

function mismatch(row: number, ours: number, theirs: number, tolerance: number): MillraceError {
  return new MillraceError(
    'EXPORT_MISMATCH',
    `Row ${row} predicts ${ours} here and ${theirs} in ONNX Runtime; ${tolerance} is allowed.`,
    {fix: 'Do not deploy the ONNX file; report the model so that the export can be corrected.'},
  );
}
