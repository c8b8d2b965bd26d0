import type {Datatype} from '../../../protocol/index.ts';

/** TensorProto.DataType by number: what the Open Inference Protocol calls each. Others (bfloat16, 4 bits, complex) it has no name for. */
const DATATYPE_OF: readonly (Datatype | undefined)[] = [
  undefined,
  'FP32',
  'UINT8',
  'INT8',
  'UINT16',
  'INT16',
  'INT32',
  'INT64',
  'BYTES',
  'BOOL',
  'FP16',
  'FP64',
  'UINT32',
  'UINT64',
];

export const datatypeOf = (element: number): Datatype | null => DATATYPE_OF[element] ?? null;
