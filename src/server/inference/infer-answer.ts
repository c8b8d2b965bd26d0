/** The answer to `POST /v2/models/:model/infer`. */
import type {InferAnswer, TensorModel} from '../../app/index.ts';
import type {Tensor} from '../../protocol/index.ts';
import {rawBytes} from '../tensors/raw-tensor.ts';
import {flatJson} from '../tensors/tensor-json.ts';
import type {InferBody} from './infer-body.ts';

export type InferReply = {
  readonly body: string | Buffer;
  /** The length of the JSON, if bytes follow it. */
  readonly headerBytes?: number;
};

/** Throws REQUEST_INVALID for an output that JSON cannot hold. */
export function writeInferAnswer(
  {name, version}: Pick<TensorModel, 'name' | 'version'>,
  {id, isBinary}: Pick<InferBody, 'id' | 'isBinary'>,
  {outputs, parameters}: InferAnswer,
): InferReply {
  const binary: Uint8Array[] = [];
  const tensors = outputs.map(output => {
    if (!isBinary(output.name)) return `${headOf(output)},"data":${flatJson(output)}}`;
    const bytes = rawBytes(output.data);
    binary.push(bytes);
    return `${headOf(output)},"parameters":{"binary_data_size":${bytes.byteLength}}}`;
  });
  const json = `{"model_name":${JSON.stringify(name)},"model_version":${JSON.stringify(version)}${
    id === undefined ? '' : `,"id":${JSON.stringify(id)}`
  }${isEmpty(parameters) ? '' : `,"parameters":${JSON.stringify(parameters)}`},"outputs":[${tensors.join(',')}]}`;
  if (binary.length === 0) return {body: json};
  const head = Buffer.from(json);
  return {body: Buffer.concat([head, ...binary]), headerBytes: head.length};
}

const headOf = ({name, datatype, shape}: Tensor): string =>
  `{"name":${JSON.stringify(name)},"datatype":"${datatype}","shape":[${shape.join(',')}]`;

function isEmpty(parameters: InferAnswer['parameters']): boolean {
  for (const _ in parameters) return false;
  return true;
}
