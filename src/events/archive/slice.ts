/**
 * What of a partition a file holds, as a number that tells whether two sets of events are the same.
 *
 * Events never change, so a set of them is known by its positions. Their hashes are folded by exclusive or and by
 * addition, which do not ask for an order and can be taken back: the slices of files add up to that of the partition,
 * however its events are spread over files.
 */
import {type PartitionBy, partitionAt} from './partition.ts';

export type Slice = {
  /** Where the partition begins (UTC ms). */
  readonly from: number;
  readonly rows: number;
  /** Exclusive or, and sum modulo 2^32, of two 32-bit hashes of each position. */
  readonly xor: number;
  readonly sum: number;
};

type Counted = {from: number; rows: number; xor: number; sum: number};

/** Counts events into slices. */
export class SliceCounter {
  readonly #by: PartitionBy;
  readonly #slices = new Map<number, Counted>();

  constructor(by: PartitionBy) {
    this.#by = by;
  }

  add(times: Float64Array, positions: Float64Array): void {
    let to = Number.NEGATIVE_INFINITY;
    let slice: Counted = {from: Number.POSITIVE_INFINITY, rows: 0, xor: 0, sum: 0};
    for (let i = 0; i < times.length; i++) {
      const time = times[i]!;
      if (time < slice.from || time >= to) {
        const partition = partitionAt(this.#by, time);
        to = partition.to;
        slice = this.#slices.get(partition.from) ?? {from: partition.from, rows: 0, xor: 0, sum: 0};
        this.#slices.set(partition.from, slice);
      }
      slice.rows++;
      slice.xor ^= hash(positions[i]!, 0x9e3779b1);
      slice.sum = (slice.sum + hash(positions[i]!, 0x85ebca77)) | 0;
    }
  }

  slices(): Slice[] {
    return [...this.#slices.values()].sort((a, b) => a.from - b.from);
  }
}

/** One slice for each partition, in the order of time. */
export function addSlices(slices: Iterable<Slice>): Slice[] {
  const sums = new Map<number, Slice>();
  for (const slice of slices) {
    const {from, rows, xor, sum} = sums.get(slice.from) ?? {from: slice.from, rows: 0, xor: 0, sum: 0};
    sums.set(from, {from, rows: rows + slice.rows, xor: xor ^ slice.xor, sum: (sum + slice.sum) | 0});
  }
  return [...sums.values()].sort((a, b) => a.from - b.from);
}

/** What is left of slices when others, which are part of them, are taken out. */
export function subtractSlices(slices: Iterable<Slice>, less: readonly Slice[]): Slice[] {
  const taken = less.map(({from, rows, xor, sum}) => ({from, rows: -rows, xor, sum: -sum | 0}));
  return addSlices([...slices, ...taken]).filter(({rows}) => rows > 0);
}

/** Changes if and only if the set of events does (but for collisions of 64 bits). */
export function sliceVersion({rows, xor, sum}: Slice): string {
  const hex = (bits: number) => (bits >>> 0).toString(16).padStart(8, '0');
  return `${rows}-${hex(xor)}${hex(sum)}`;
}

/** Both halves of a position, mixed by the finaliser of MurmurHash3 (Appleby, 2011). */
function hash(position: number, seed: number): number {
  let h = Math.imul(position | 0, seed) ^ Math.imul((position / 2 ** 32) | 0, 0x27d4eb2f) ^ seed;
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
  return h ^ (h >>> 16);
}
