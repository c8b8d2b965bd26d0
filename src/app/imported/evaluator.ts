import {
  answerBuiltIn,
  type BuiltIn,
  builtInInputs,
  builtInOutputs,
  readOnnx,
  recognise,
  withoutZipMap,
} from '../../models/index.ts';
import {joinParts, OnnxSession, type RunOptions, type SessionOptions} from '../../models/onnxruntime/index.ts';
import {MillraceError, type Tensor, type TensorSpec} from '../../protocol/index.ts';
import {differenceFromRuntime} from './compare-built-in.ts';

/** One version of an imported model, ready to answer whole requests whose tensors fit. */
export interface Evaluator {
  readonly platform: 'millrace' | 'onnxruntime_onnx';
  readonly inputs: readonly TensorSpec[];
  readonly outputs: readonly TensorSpec[];
  /** What people should know: why it is not built in, why its rows are not run together, what was not compared. */
  readonly notes: readonly string[];
  /** The model as one of our own, where it is one: it can be explained, reduced and exported. */
  readonly builtIn: BuiltIn | null;
  /** `inputs` in the order of the model's. Throws as `SessionPool.run` does. */
  run(inputs: readonly Tensor[], options: RunOptions): Promise<Tensor[]>;
  close(): Promise<void>;
}

export type EvaluatorOptions = SessionOptions & {readonly columns: readonly string[] | null};

/**
 * Opens ONNX bytes: as one of our own models where they are one and ONNX Runtime agrees on random rows, else in ONNX
 * Runtime. Warm when it resolves. Throws MODEL_INVALID, or PACKAGE_MISSING where ONNX Runtime is needed.
 */
export async function openEvaluator(file: Uint8Array, options: EvaluatorOptions): Promise<Evaluator> {
  const bytes = withoutZipMap(file, readOnnx(file));
  const model = readOnnx(bytes);
  checkColumns(model.graph.inputs, options.columns);
  const {builtIn, reason} = recognise(model, options.columns ?? undefined);
  if (builtIn === null) return inRuntime(bytes, options, `Evaluated by ONNX Runtime: ${reason}.`);
  try {
    const difference = await differenceFromRuntime(builtIn, bytes);
    if (difference !== null)
      return inRuntime(bytes, options, `Evaluated by ONNX Runtime: as one of our own models, ${difference}.`);
    return inPlace(builtIn, []);
  } catch (error) {
    if (!(error instanceof MillraceError && error.code === 'PACKAGE_MISSING')) throw error;
    return inPlace(builtIn, ['Not compared with ONNX Runtime: the package onnxruntime-node is not installed.']);
  }
}

/** Rows that are answered before others get a turn. */
const TURN = 4_096;

/** Answers on this thread, in the moment of the call unless there are very many rows. */
function inPlace(builtIn: BuiltIn, notes: readonly string[]): Evaluator {
  const inputs = builtInInputs(builtIn);
  const width = inputs[0]!.shape[1]!;
  return {
    platform: 'millrace',
    inputs,
    outputs: builtInOutputs(builtIn),
    notes,
    builtIn,
    async run([input], options) {
      const rows = input!.shape[0]!;
      const data = input!.data as Float32Array | Float64Array;
      if (rows <= TURN) return answerBuiltIn(builtIn, data, rows);
      const parts: Tensor[][] = [];
      for (let from = 0; from < rows; from += TURN) {
        options.signal?.throwIfAborted();
        const count = Math.min(TURN, rows - from);
        parts.push(answerBuiltIn(builtIn, data.subarray(from * width, (from + count) * width), count));
        await new Promise(setImmediate);
      }
      return joinParts(parts);
    },
    close: () => Promise.resolve(),
  };
}

async function inRuntime(bytes: Uint8Array, options: SessionOptions, note: string): Promise<Evaluator> {
  const session = await OnnxSession.open(bytes, options);
  const {inputs, outputs, rule} = session;
  return {
    platform: 'onnxruntime_onnx',
    inputs,
    outputs,
    notes: rule.multiple === null ? [note, `Every request is a run of its own: ${rule.reason}.`] : [note],
    builtIn: null,
    run: (tensors, run) => session.run(tensors, run),
    close: () => session.close(),
  };
}

function checkColumns(
  inputs: readonly {readonly shape: readonly number[] | null}[],
  columns: readonly string[] | null,
): void {
  if (columns === null) return;
  const [input, ...more] = inputs;
  if (more.length === 0 && input?.shape?.length === 2 && input.shape[1] === columns.length) return;
  throw new MillraceError(
    'MODEL_INVALID',
    `${columns.length} columns are named, but the model's inputs are ${inputs.map(({shape}) => `[${shape}]`).join(', ')}.`,
    {fix: 'Name one column per number of its one input [rows, columns], or none.'},
  );
}
