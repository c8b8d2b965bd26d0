import {MillraceError} from '../../protocol/index.ts';
import {loadRuntime} from './load-runtime.ts';

/** A model of one float input and any outputs, run in this thread: for measuring and comparing, not for serving. */
export type LocalSession = {
  readonly input: string;
  /** Columns of the input; null if the model takes any number. */
  readonly width: number | null;
  /** All values of the first output for `rows` rows, row by row. */
  readonly run: (rows: Float32Array, width: number) => Promise<Float32Array>;
  readonly release: () => Promise<void>;
};

/**
 * One thread inside ONNX Runtime too. Throws MODEL_INVALID for a model that it refuses or that takes anything but one
 * float matrix, PACKAGE_MISSING without onnxruntime-node.
 */
export async function openLocalSession(bytes: Uint8Array): Promise<LocalSession> {
  const {InferenceSession, Tensor} = await loadRuntime();
  const refused = (reason: string, cause?: unknown) =>
    new MillraceError('MODEL_INVALID', `The ONNX model cannot be run here: ${reason}.`, {
      cause,
      fix: 'Give a model that takes one float tensor of rows and columns.',
    });
  const session = await InferenceSession.create(bytes, {logSeverityLevel: 3, intraOpNumThreads: 1}).catch(cause => {
    throw refused(String(cause instanceof Error ? cause.message : cause), cause);
  });
  const [input, ...more] = session.inputMetadata;
  const shape = input?.isTensor && input.type === 'float32' ? input.shape : [];
  if (input === undefined || more.length > 0 || shape.length !== 2) {
    await session.release();
    throw refused(`its inputs are ${session.inputNames.join(', ')}`);
  }
  const width = shape[1]!;
  return {
    input: input.name,
    width: typeof width === 'number' && width > 0 ? width : null,
    run: async (rows, columns) => {
      const answers = await session.run({
        [input.name]: new Tensor('float32', rows, [rows.length / columns, columns]),
      });
      return Float32Array.from(answers[session.outputNames[0]!]!.data as ArrayLike<number | bigint>, Number);
    },
    release: () => session.release(),
  };
}
