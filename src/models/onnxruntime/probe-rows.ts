// Rows to try a model with, when nobody has given any.
import {normal, type Random} from '../../math/index.ts';
import {makeTensorData, type Tensor, type TensorSpec} from '../../protocol/index.ts';

/** Size taken for a dimension of any size behind the first. */
const ANY = 4;
/** 1, 0.5, -0.5 and 0 as FP16. */
const HALVES = [0x3c00, 0x3800, 0xb800, 0];
const WORDS = ['a', 'b', ''].map(word => new TextEncoder().encode(word));

/** `rows` rows: standard normal numbers, integers and booleans of 0 and 1, short words. A first dimension of fixed size stays. */
export function probeRows(specs: readonly TensorSpec[], rows: number, random: Random): Tensor[] {
  return specs.map(({name, datatype, shape}) => {
    const dims = shape.map((size, d) => (size >= 0 ? size : d === 0 ? rows : ANY));
    const length = dims.reduce((product, size) => product * size, 1);
    const choose = <T>(list: readonly T[]): T => list[Math.floor(random() * list.length)]!;
    if (datatype === 'BYTES') return {name, datatype, shape: dims, data: Array.from({length}, () => choose(WORDS))};
    const data = makeTensorData(datatype, length);
    for (let i = 0; i < length; i++) {
      if (data instanceof Float32Array || data instanceof Float64Array) data[i] = normal(random);
      else if (datatype === 'FP16') (data as Uint16Array)[i] = choose(HALVES);
      else if (data instanceof BigInt64Array || data instanceof BigUint64Array) data[i] = BigInt(Math.round(random()));
      else (data as Uint8Array)[i] = Math.round(random());
    }
    return {name, datatype, shape: dims, data};
  });
}
