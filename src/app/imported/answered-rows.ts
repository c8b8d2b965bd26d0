import type {Tensor, TensorSpec} from '../../protocol/index.ts';

/** What an imported model answered, row by row, for the prediction log. */
export type AnsweredRows = {
  readonly model: string;
  readonly version: number;
  /** The caller's own id of the request. */
  readonly id: string | null;
  /** Names of the numbers in a row. */
  readonly columns: readonly string[];
  /** One per row, views of one array. NaN is missing. */
  readonly rows: readonly Float64Array[];
  /** One per row, of the first output of floats: its number, of two the second (that of class 1), of more the largest. */
  readonly predictions: Float64Array;
  /** Which level answered: `model`, or what stood in for it. */
  readonly level: string;
  /** From the call to the answer. */
  readonly latencyUs: number;
};

/** Wider inputs are pictures and embeddings, not columns. */
const MOST_COLUMNS = 1_024;

/** Makes rows of a request and its answer; null for models whose inputs are no columns of numbers. */
export type RowReader = {
  readonly columns: readonly string[];
  read(inputs: readonly Tensor[], outputs: readonly Tensor[]): Pick<AnsweredRows, 'rows' | 'predictions'>;
};

const isNumeric = ({datatype}: TensorSpec): boolean => datatype !== 'BYTES' && datatype !== 'FP16';
const isScalar = ({shape}: TensorSpec): boolean =>
  shape[0] === -1 && (shape.length === 1 || (shape.length === 2 && shape[1] === 1));

/** For one input [-1, columns], or any number of inputs [-1] or [-1, 1]. */
export function rowReader(
  inputs: readonly TensorSpec[],
  outputs: readonly TensorSpec[],
  names: readonly string[] | null,
): RowReader | null {
  const scored = outputs.findIndex(
    ({datatype, shape}) => (datatype === 'FP32' || datatype === 'FP64') && shape[0] === -1,
  );
  if (scored < 0 || inputs.length === 0 || inputs.length > MOST_COLUMNS || !inputs.every(isNumeric)) return null;
  const [input] = inputs;
  const width = input!.shape[1]!;
  const matrix =
    inputs.length === 1 && input!.shape.length === 2 && input!.shape[0] === -1 && width >= 1 && width <= MOST_COLUMNS;
  if (!matrix && !inputs.every(isScalar)) return null;
  const columns = matrix ? Array.from({length: width}, (_, f) => names?.[f] ?? `f${f}`) : inputs.map(({name}) => name);
  return {
    columns,
    read(tensors, answers) {
      const count = tensors[0]!.shape[0]!;
      const values = new Float64Array(count * columns.length);
      tensors.forEach(({data}, f) => {
        const step = matrix ? 1 : columns.length;
        for (let i = 0, at = matrix ? 0 : f; i < data.length; i++, at += step) values[at] = Number(data[i]);
      });
      const rows = Array.from({length: count}, (_, i) => values.subarray(i * columns.length, (i + 1) * columns.length));
      return {rows, predictions: predictionsOf(answers[scored]!, count)};
    },
  };
}

function predictionsOf({data}: Tensor, rows: number): Float64Array {
  const scores = Float64Array.from(data as Float32Array | Float64Array);
  const width = scores.length / rows;
  return Float64Array.from({length: rows}, (_, i) => {
    if (width === 1) return scores[i]!;
    if (width === 2) return scores[2 * i + 1]!;
    return scores
      .subarray(i * width, (i + 1) * width)
      .reduce((most, score) => Math.max(most, score), Number.NEGATIVE_INFINITY);
  });
}
