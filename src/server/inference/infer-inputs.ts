/** The tensors in 'inputs': data in the JSON, or as bytes behind it. */
import {DATATYPES, type Datatype, MillraceError, type Tensor, type TensorData} from '../../protocol/index.ts';
import {readJsonValues} from '../tensors/json-values.ts';
import {brief, checkShape, flatten} from '../tensors/nested-data.ts';
import {readRaw} from '../tensors/raw-tensor.ts';
import {refuseUnoffered} from './infer-parameters.ts';
import type {JsonBody} from './json-body.ts';
import {type JsonObject, listOf, nameOf, objectOf, parametersOf} from './json-fields.ts';

/** `bytes`: what follows the JSON, in the order of the inputs that have `binary_data_size`. Throws REQUEST_INVALID. */
export function readInputs(given: unknown, body: JsonBody, bytes: Buffer): Tensor[] {
  const names = new Set<string>();
  let at = 0;
  const inputs = listOf(given, 'inputs').map((item, i): Tensor => {
    const entry = objectOf(item, `Entry ${i} of 'inputs'`);
    const name = nameOf(entry, 'inputs', names);
    names.add(name);
    const datatype = checkDatatype(name, entry.datatype);
    const elements = checkShape(name, entry.shape);
    const shape = entry.shape as readonly number[];
    const size = binarySize(name, entry, bytes.length - at);
    if (size === undefined) {
      const values = flatten(name, entry.data, shape, elements);
      const rounded = isLong(datatype) && values.some(isUnsafe);
      const exact = rounded ? flatten(name, exactData(body, i), shape, elements) : values;
      return {name, datatype, shape, data: readJsonValues(name, datatype, exact)};
    }
    const data: TensorData = readRaw(name, datatype, elements, bytes.subarray(at, at + size));
    at += size;
    return {name, datatype, shape, data};
  });
  if (at !== bytes.length)
    throw new MillraceError('REQUEST_INVALID', `${bytes.length - at} bytes of data belong to no input.`, {
      fix: "Give each input its length in the parameter 'binary_data_size'.",
    });
  return inputs;
}

/** Throws REQUEST_INVALID for what is no datatype of the protocol. */
export function checkDatatype(name: string, datatype: unknown): Datatype {
  if (typeof datatype === 'string' && Object.hasOwn(DATATYPES, datatype)) return datatype as Datatype;
  throw new MillraceError('REQUEST_INVALID', `The datatype of input '${name}' is ${brief(datatype)}.`, {
    fix: `Give one of ${Object.keys(DATATYPES).join(', ')}.`,
  });
}

const isLong = (datatype: Datatype): boolean => datatype === 'INT64' || datatype === 'UINT64';
/** A number that `JSON.parse` may have rounded. */
const isUnsafe = (value: unknown): boolean => typeof value === 'number' && !Number.isSafeInteger(value);

const exactData = (body: JsonBody, input: number): unknown =>
  (body.exact() as {inputs: readonly JsonObject[]}).inputs[input]!.data;

/** Bytes of an input behind the JSON; undefined if its data are in the JSON. */
function binarySize(name: string, {parameters, data}: JsonObject, left: number): number | undefined {
  if (parameters === undefined) return undefined;
  const given = parametersOf(parameters, `input '${name}'`);
  refuseUnoffered(given);
  const size = given.get('binary_data_size');
  if (size === undefined) return undefined;
  if (data !== undefined)
    throw new MillraceError('REQUEST_INVALID', `Input '${name}' has both 'data' and 'binary_data_size'.`, {
      fix: 'Send its data either in the JSON or behind it.',
    });
  if (typeof size === 'number' && Number.isSafeInteger(size) && size >= 0 && size <= left) return size;
  throw new MillraceError('REQUEST_INVALID', `'binary_data_size' of input '${name}' is ${brief(size)}.`, {
    fix: `Give its bytes behind the JSON, of which ${left} are left, and the length of the JSON in the header Inference-Header-Content-Length.`,
  });
}
