import {isUtf8} from '../../models/onnxruntime/index.ts';
import {elementsOf, MillraceError, nearest, type Problem, type Tensor, type TensorSpec} from '../../protocol/index.ts';

/** The inputs in the order of `specs`. Throws REQUEST_INVALID with everything that does not fit. */
export function checkInputs(specs: readonly TensorSpec[], given: readonly Tensor[]): Tensor[] {
  const problems: Problem[] = [];
  const known = new Set(specs.map(({name}) => name));
  given.forEach(({name}, i) => {
    if (!known.has(name)) problems.push({path: `inputs[${i}].name`, ...unknown('input', name, [...known])});
    if (given.findIndex(other => other.name === name) < i)
      problems.push({path: `inputs[${i}].name`, message: `Input '${name}' is given twice.`});
  });
  const ordered = specs.map(spec => given.find(({name}) => name === spec.name));
  specs.forEach((spec, k) => {
    const tensor = ordered[k];
    const path = `inputs[${tensor ? given.indexOf(tensor) : specs.indexOf(spec)}]`;
    const message = tensor ? misfit(spec, tensor) : `Input '${spec.name}' is missing.`;
    if (message !== null) problems.push({path, message, fix: `It is ${spec.datatype} [${spec.shape.join(', ')}].`});
  });
  if (problems.length === 0) checkRows(specs, ordered as Tensor[], problems);
  if (problems.length > 0)
    throw new MillraceError(
      'REQUEST_INVALID',
      `The request does not fit the model: ${problems.map(p => p.message).join(' ')}`,
      {
        problems,
      },
    );
  return ordered as Tensor[];
}

/** The wanted outputs, in the order asked for; all where none are named. Throws REQUEST_INVALID. */
export function checkOutputs(specs: readonly TensorSpec[], wanted: readonly string[] = []): void {
  const names = specs.map(({name}) => name);
  const problems = wanted.flatMap((name, i) =>
    names.includes(name) ? [] : [{path: `outputs[${i}].name`, ...unknown('output', name, names)}],
  );
  if (problems.length > 0)
    throw new MillraceError('REQUEST_INVALID', problems.map(({message}) => message).join(' '), {problems});
}

function misfit({name, datatype, shape}: TensorSpec, tensor: Tensor): string | null {
  if (tensor.datatype !== datatype) return `Input '${name}' is ${tensor.datatype}.`;
  const fits =
    tensor.shape.length === shape.length && shape.every((size, d) => size === -1 || size === tensor.shape[d]);
  if (!fits) return `Input '${name}' has the shape [${tensor.shape.join(', ')}].`;
  const elements = elementsOf(tensor.shape);
  if (elements !== tensor.data.length)
    return `Input '${name}' of shape [${tensor.shape.join(', ')}] comes with ${tensor.data.length} values.`;
  if (elements === 0) return `Input '${name}' has no values.`;
  if (datatype === 'BYTES' && !isUtf8(tensor.data as readonly Uint8Array[]))
    return `Input '${name}' holds bytes that are no UTF-8.`;
  return null;
}

/** Inputs whose first dimension is that of the rows have the same number of them. */
function checkRows(specs: readonly TensorSpec[], tensors: readonly Tensor[], problems: Problem[]): void {
  if (specs.some(({shape}) => shape[0] !== -1)) return;
  const rows = tensors.map(({shape}) => shape[0]!);
  if (rows.some(count => count !== rows[0]))
    problems.push({path: 'inputs', message: `The inputs have ${rows.join(', ')} rows; all have the same number.`});
}

function unknown(what: string, name: string, known: readonly string[]): Pick<Problem, 'message' | 'fix'> {
  const near = nearest(name, known);
  return {
    message: `The model has no ${what} '${name}'.`,
    fix: near.length > 0 ? `Did you mean ${near.join(' or ')}?` : `It has ${known.join(', ')}.`,
  };
}
