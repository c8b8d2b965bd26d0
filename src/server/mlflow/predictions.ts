/** An answer as MLflow gives it: `{"predictions": […]}`. */
import type {Tensor} from '../../protocol/index.ts';
import {elementsJson, nestJson} from '../tensors/tensor-json.ts';

/**
 * One output is nested as its shape says; several that have a row each make a list of records. NaN is null. Throws
 * REQUEST_INVALID for what JSON cannot hold.
 */
export function writePredictions(outputs: readonly Tensor[]): string {
  const [first] = outputs;
  if (first && outputs.length === 1) return `{"predictions":${nestJson(elementsJson(first), first.shape)}}`;
  const rows = first?.shape[0] ?? 0;
  const byRow = outputs.map(output => rowsJson(output));
  const names = outputs.map(({name}) => JSON.stringify(name));
  const records = Array.from(
    {length: rows},
    (_, i) => `{${names.map((name, k) => `${name}:${byRow[k]![i] ?? 'null'}`).join(',')}}`,
  );
  return `{"predictions":[${records.join(',')}]}`;
}

/** The text of each row; a tensor without rows has one. */
function rowsJson(tensor: Tensor): string[] {
  const texts = elementsJson(tensor);
  const [rows = 1, ...shape] = tensor.shape;
  const width = rows === 0 ? 0 : texts.length / rows;
  return Array.from({length: rows}, (_, i) => nestJson(texts.slice(i * width, (i + 1) * width), shape));
}
