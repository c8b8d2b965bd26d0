// The hot path of arithmetic: closures over float64 in which NaN is null, so that nothing is
// compared with null or boxed on the way.
import type {FunctionName} from './functions.ts';

export type NumberReader = (row: number) => number;
type Fusion = (a: NumberReader, b: NumberReader) => NumberReader;

const checked = (x: number): number => (x - x === 0 ? x : Number.NaN);

/** The same functions as in the table; the property test compares both forms. */
export const FUSED: {readonly [F in FunctionName]?: Fusion} = {
  plus: (a, b) => row => checked(a(row) + b(row)),
  minus: (a, b) => row => checked(a(row) - b(row)),
  times: (a, b) => row => checked(a(row) * b(row)),
  over: (a, b) => row => checked(a(row) / b(row)),
};
