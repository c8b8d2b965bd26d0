/** The body of `POST /v2/models/:model/infer`: JSON, with the data of some inputs as bytes behind it. */
import {MillraceError, type Tensor} from '../../protocol/index.ts';
import {brief} from '../tensors/nested-data.ts';
import {readInputs} from './infer-inputs.ts';
import {type CallOptions, callOptions, refuseUnoffered} from './infer-parameters.ts';
import {JsonBody} from './json-body.ts';
import {listOf, nameOf, objectOf, parametersOf} from './json-fields.ts';

/** What an answer is to hold, and how. */
export type WantedOutputs = {
  /** Names; empty: all. */
  readonly outputs: readonly string[];
  /** Whether an output is to be sent as bytes. */
  readonly isBinary: (output: string) => boolean;
};

export type InferBody = CallOptions & WantedOutputs & {readonly id?: string; readonly inputs: readonly Tensor[]};

/** `headerBytes`: the length of the JSON, if bytes follow it. Throws REQUEST_INVALID, REQUEST_TOO_LARGE. */
export function readInferBody(bytes: Buffer, headerBytes: number | undefined): InferBody {
  const length = headerBytes ?? bytes.length;
  if (length > bytes.length)
    throw new MillraceError(
      'REQUEST_INVALID',
      `Inference-Header-Content-Length is ${length}, but the body has ${bytes.length} bytes.`,
      {fix: 'Give the length of the JSON alone, before the body is compressed.'},
    );
  const body = new JsonBody(bytes.subarray(0, length));
  const {id, inputs, outputs, parameters} = objectOf(body.value, 'The body');
  if (id !== undefined && typeof id !== 'string')
    throw new MillraceError('REQUEST_INVALID', `'id' is ${brief(id)}.`, {fix: 'Give a string, or leave it out.'});
  const given = parametersOf(parameters, 'the request');
  return {
    ...callOptions(given),
    ...(id === undefined ? {} : {id}),
    inputs: readInputs(inputs, body, bytes.subarray(length)),
    ...readOutputs(outputs, given.get('binary_data_output') === true),
  };
}

/** The value of the header Inference-Header-Content-Length. Throws REQUEST_INVALID if it is no length. */
export function readHeaderLength(given: string | readonly string[] | undefined): number | undefined {
  if (given === undefined) return undefined;
  if (typeof given === 'string' && /^\d{1,15}$/.test(given)) return Number(given);
  throw new MillraceError('REQUEST_INVALID', `Inference-Header-Content-Length is ${brief(given)}.`, {
    fix: 'Give the length of the JSON in bytes, or leave it out if no bytes follow.',
  });
}

function readOutputs(given: unknown, binaryDefault: boolean): WantedOutputs {
  if (given === undefined) return {outputs: [], isBinary: () => binaryDefault};
  const binary = new Map<string, boolean>();
  for (const [i, item] of listOf(given, 'outputs').entries()) {
    const entry = objectOf(item, `Entry ${i} of 'outputs'`);
    const name = nameOf(entry, 'outputs', binary);
    const parameters = parametersOf(entry.parameters, `output '${name}'`);
    refuseUnoffered(parameters);
    const asked = parameters.get('binary_data');
    binary.set(name, asked === undefined ? binaryDefault : asked === true);
  }
  return {outputs: [...binary.keys()], isBinary: name => binary.get(name) ?? binaryDefault};
}
