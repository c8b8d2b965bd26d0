import {readFields, readInt} from './fields.ts';

/** An input or output as the file declares it. What is declared may be less than what is given: see `shape`. */
export type OnnxPort = {
  readonly name: string;
  readonly kind: 'tensor' | 'sparse tensor' | 'sequence' | 'map' | 'optional' | 'undeclared';
  /** TensorProto.DataType of a tensor. */
  readonly element: number;
  /** -1 is a dimension of any size; null: not even the number of dimensions is declared. */
  readonly shape: readonly number[] | null;
  /** Names of the dimensions of any size, where they have one. */
  readonly symbols: readonly (string | null)[];
};

const KINDS: Readonly<Record<number, OnnxPort['kind']>> = {
  1: 'tensor',
  4: 'sequence',
  5: 'map',
  8: 'sparse tensor',
  9: 'optional',
};

/** A ValueInfoProto. */
export function readPort(bytes: Uint8Array): OnnxPort {
  let name = '';
  let kind: OnnxPort['kind'] = 'undeclared';
  let element = 0;
  let shape: number[] | null = null;
  const symbols: (string | null)[] = [];
  const dimension = (dim: Uint8Array) => {
    let size = -1;
    let symbol: string | null = null;
    readFields(dim, (field, reader) => {
      if (field === 1) size = readInt(reader);
      else if (field === 2) symbol = reader.string();
      else return false;
      return true;
    });
    shape!.push(size < 0 ? -1 : size);
    symbols.push(symbol);
  };
  readFields(bytes, (field, reader) => {
    if (field === 1) name = reader.string();
    else if (field !== 2) return false;
    else
      readFields(reader.bytes(), (which, type) => {
        const known = KINDS[which];
        if (known === undefined) return false;
        kind = known;
        const body = type.bytes();
        if (kind === 'tensor')
          readFields(body, (part, tensor) => {
            if (part === 1) element = tensor.int32();
            else if (part !== 2) return false;
            else {
              shape = [];
              readFields(tensor.bytes(), (dim, dims) => (dim === 1 ? dimension(dims.bytes()) : false));
            }
            return true;
          });
        return true;
      });
    return true;
  });
  return {name, kind, element, shape, symbols};
}
