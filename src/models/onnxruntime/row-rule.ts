import type {Random} from '../../math/index.ts';
import type {Tensor, TensorData, TensorSpec} from '../../protocol/index.ts';
import {packRows, type Rows, unpack} from './pack-rows.ts';
import {probeRows} from './probe-rows.ts';
import type {PackedTensor} from './session-messages.ts';
import {RunFailed} from './session-thread.ts';

/**
 * How rows of several requests may be run together. Kernels that work on several rows at a time may round otherwise at
 * the edges of a matrix, so that a row's last bits depend on how many rows are run; with `multiple` rows run at least,
 * and always a multiple of them, they did not in any of the runs that were tried.
 */
export type RowRule =
  | {readonly multiple: number; readonly reason: null}
  | {readonly multiple: null /** Why requests are run one by one, as they come. */; readonly reason: string};

/** Different rows that are tried. */
const ROWS = 24;
/** Random mixes of them that are tried, per multiple. */
const MIXES = 12;

type Run = (inputs: readonly PackedTensor[]) => Promise<readonly PackedTensor[]>;

/** A first dimension of any size, the same one for all inputs. */
export function hasRows(inputs: readonly {readonly shape: readonly (number | string)[]}[]): boolean {
  const first = inputs.map(({shape}) => shape[0]);
  return first.length > 0 && first.every(size => typeof size === 'string' && size === first[0]);
}

/**
 * Tries 1, 2, 4, … up to `most` rows: the smallest multiple for which every row gives the same bits alone (padded to the
 * multiple) and in random company, in any place, in runs of up to `most` rows. It shows a difference, it proves none.
 */
export async function findRowRule(
  run: Run,
  inputs: readonly TensorSpec[],
  most: number,
  random: Random,
): Promise<RowRule> {
  const sample = probeRows(inputs, ROWS, random);
  try {
    for (let multiple = 1; multiple <= most; multiple *= 2) {
      const verdict = await isStable(run, inputs, sample, multiple, most, random);
      if (verdict === 'no rows') return {multiple: null, reason: 'its outputs have no row per row of its inputs'};
      if (verdict === 'stable') return {multiple, reason: null};
    }
  } catch (error) {
    if (error instanceof RunFailed)
      return {multiple: null, reason: `it cannot be tried on random rows (${error.message})`};
    throw error;
  }
  return {multiple: null, reason: `a row's answer changes with the rows beside it in runs of up to ${most} rows`};
}

async function isStable(
  run: Run,
  inputs: readonly TensorSpec[],
  sample: readonly Tensor[],
  multiple: number,
  most: number,
  random: Random,
): Promise<'stable' | 'unstable' | 'no rows'> {
  const answer = async (rows: readonly number[], size: number): Promise<Tensor[]> => {
    const pieces = rows.map((from): Rows => ({inputs: sample, from, count: 1}));
    return unpack(await run(packRows(inputs, pieces, size)));
  };
  const alone: Tensor[][] = [];
  for (let row = 0; row < ROWS; row++) alone.push(await answer([row], multiple));
  if (alone[0]!.some(({shape}) => shape[0] !== multiple)) return 'no rows';
  const runs = Math.floor(most / multiple);
  for (let mix = 0; mix < MIXES; mix++) {
    // The largest first, the smallest next: most differences show there.
    const size = multiple * (mix === 0 ? runs : mix === 1 ? Math.min(2, runs) : 1 + Math.floor(random() * runs));
    const rows = Array.from({length: size}, () => Math.floor(random() * ROWS));
    const together = await answer(rows, size);
    for (let k = 0; k < together.length; k++) {
      if (together[k]!.shape[0] !== size) return 'no rows';
      for (let i = 0; i < size; i++) if (!sameRow(together[k]!, i, alone[rows[i]!]![k]!)) return 'unstable';
    }
  }
  return 'stable';
}

/** Row `i` of one tensor has the bits of row 0 of another. */
function sameRow(tensor: Tensor, i: number, other: Tensor): boolean {
  const width = tensor.shape.slice(1).reduce((product, size) => product * size, 1);
  if (width !== other.shape.slice(1).reduce((product, size) => product * size, 1)) return false;
  return Buffer.compare(bytesOf(tensor.data, i * width, width), bytesOf(other.data, 0, width)) === 0;
}

function bytesOf(data: TensorData, from: number, length: number): Uint8Array {
  if (Array.isArray(data))
    return Buffer.from(
      data
        .slice(from, from + length)
        .map(text => Buffer.from(text as Uint8Array).toString('hex'))
        .join(),
    );
  const {buffer, byteOffset, BYTES_PER_ELEMENT} = data as Exclude<TensorData, readonly Uint8Array[]>;
  return new Uint8Array(buffer, byteOffset + from * BYTES_PER_ELEMENT, length * BYTES_PER_ELEMENT);
}
