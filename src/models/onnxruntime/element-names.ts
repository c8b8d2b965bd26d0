import {type Datatype, MillraceError, type TensorSpec} from '../../protocol/index.ts';
import type {SessionPort} from './session-messages.ts';

/** ONNX Runtime's name of each datatype. */
export const ELEMENT_NAME: Readonly<Record<Datatype, string>> = {
  BOOL: 'bool',
  UINT8: 'uint8',
  UINT16: 'uint16',
  UINT32: 'uint32',
  UINT64: 'uint64',
  INT8: 'int8',
  INT16: 'int16',
  INT32: 'int32',
  INT64: 'int64',
  FP16: 'float16',
  FP32: 'float32',
  FP64: 'float64',
  BYTES: 'string',
};

const DATATYPE_OF = new Map(Object.entries(ELEMENT_NAME).map(([datatype, name]) => [name, datatype as Datatype]));

/** The datatype of a name. Throws MODEL_INVALID for what no protocol of tensors can carry. */
export function datatypeNamed(type: string | null, port: string): Datatype {
  const datatype = type === null ? undefined : DATATYPE_OF.get(type);
  if (datatype !== undefined) return datatype;
  throw new MillraceError(
    'MODEL_INVALID',
    `'${port}' of the ONNX model is ${type === null ? 'no tensor' : `of type ${type}`}, which cannot be sent or answered.`,
    {fix: 'Export the model so that all its inputs and outputs are tensors of numbers, booleans or strings.'},
  );
}

/** -1 for dimensions of any size. */
export const specOf = ({name, type, shape}: SessionPort): TensorSpec => ({
  name,
  datatype: datatypeNamed(type, name),
  shape: shape.map(size => (typeof size === 'number' ? size : -1)),
});
