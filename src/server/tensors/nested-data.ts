/** Data of JSON tensors, which may be flat in row-major order or nested as their shape says. */
import {elementsOf, MillraceError} from '../../protocol/index.ts';

/** More dimensions than any model has; it bounds how deep data are read. */
const MAX_DIMENSIONS = 32;

/** Elements of a shape that a request gives. Throws REQUEST_INVALID if it is none. */
export function checkShape(name: string, shape: unknown): number {
  const elements = isShape(shape) ? elementsOf(shape) : Number.NaN;
  if (Number.isNaN(elements))
    throw new MillraceError('REQUEST_INVALID', `The shape of input '${name}' is ${brief(shape)}.`, {
      fix: `Give a list of at most ${MAX_DIMENSIONS} whole numbers from 0 on, whose product is below 2^53.`,
    });
  return elements;
}

export const isShape = (shape: unknown): shape is number[] =>
  Array.isArray(shape) && shape.length <= MAX_DIMENSIONS && shape.every(size => typeof size === 'number');

/** All elements in row-major order. Throws REQUEST_INVALID if they are not as many, or not nested as the shape says. */
export function flatten(name: string, data: unknown, shape: readonly number[], elements: number): readonly unknown[] {
  if (!Array.isArray(data))
    throw new MillraceError('REQUEST_INVALID', `The data of input '${name}' is ${brief(data)}.`, {
      fix: 'Give a list, flat in row-major order or nested as the shape says.',
    });
  if (shape.length > 1 && Array.isArray(data[0])) {
    const flat: unknown[] = [];
    gather(name, data, shape, 0, flat);
    return flat;
  }
  if (data.length !== elements)
    throw new MillraceError('REQUEST_INVALID', `Input '${name}' has ${data.length} elements of data.`, {
      fix: `Send ${elements}, the product of its shape [${shape.join(', ')}].`,
    });
  return data;
}

function gather(
  name: string,
  list: readonly unknown[],
  shape: readonly number[],
  depth: number,
  into: unknown[],
): void {
  if (list.length !== shape[depth])
    throw new MillraceError(
      'REQUEST_INVALID',
      `The data of input '${name}' has a list of ${list.length} in dimension ${depth}.`,
      {fix: `Nest it as the shape [${shape.join(', ')}] says, or send it flat.`},
    );
  if (depth === shape.length - 1) for (const item of list) into.push(item);
  else
    for (const item of list)
      if (Array.isArray(item)) gather(name, item, shape, depth + 1, into);
      else
        throw new MillraceError(
          'REQUEST_INVALID',
          `The data of input '${name}' has ${brief(item)} in dimension ${depth}, where a list is due.`,
          {fix: `Nest it as the shape [${shape.join(', ')}] says, or send it flat.`},
        );
}

/** A value of a request in a message: short, whatever it is. */
export function brief(value: unknown): string {
  if (value === undefined) return 'absent';
  if (Array.isArray(value) && !value.every(item => typeof item === 'number')) return `a list of ${value.length}`;
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return 'an object';
  const text = JSON.stringify(value);
  return text.length > 60 ? `${text.slice(0, 60)}…` : text;
}
