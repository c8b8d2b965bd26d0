/** What a model says of itself, in the words of the protocol and of Triton's model configuration. */
import type {TensorModel} from '../../app/index.ts';
import type {Datatype, TensorSpec} from '../../protocol/index.ts';
import {PRODUCT, VERSION} from '../product.ts';

/** Answers `GET /v2`. */
export const SERVER_METADATA = Object.freeze({
  name: PRODUCT,
  version: VERSION,
  extensions: ['binary_tensor_data', 'model_repository', 'model_configuration', 'statistics'],
});

export const tensorMetadata = ({name, datatype, shape}: TensorSpec) => ({name, datatype, shape});

export const modelMetadata = ({name, platform, inputs, outputs}: TensorModel, versions: readonly string[]) => ({
  name,
  versions,
  platform,
  inputs: inputs.map(tensorMetadata),
  outputs: outputs.map(tensorMetadata),
});

/** Triton's names for datatypes in a configuration; their places are those of the enum in its messages. */
export const CONFIG_TYPES = [
  'TYPE_INVALID',
  'TYPE_BOOL',
  'TYPE_UINT8',
  'TYPE_UINT16',
  'TYPE_UINT32',
  'TYPE_UINT64',
  'TYPE_INT8',
  'TYPE_INT16',
  'TYPE_INT32',
  'TYPE_INT64',
  'TYPE_FP16',
  'TYPE_FP32',
  'TYPE_FP64',
  'TYPE_STRING',
] as const;

export const configType = (datatype: Datatype): (typeof CONFIG_TYPES)[number] =>
  datatype === 'BYTES' ? 'TYPE_STRING' : `TYPE_${datatype}`;

/** Shapes are given whole, rows included, which a `max_batch_size` of 0 means. */
export const modelConfig = ({name, platform, inputs, outputs}: TensorModel) => ({
  name,
  platform,
  backend: platform,
  max_batch_size: 0,
  input: inputs.map(configTensor),
  output: outputs.map(configTensor),
});

const configTensor = ({name, datatype, shape}: TensorSpec) => ({name, data_type: configType(datatype), dims: shape});
