/** What the killed writer writes, so that the test can tell what must be there. */

/** The number of events in the batch that begins at a position: 1 to 4,000. */
export const batchSize = (position: number): number => 1 + ((position * 7_919) % 4_000);

/** Written together, again and again. */
export const KEYS = Array.from({length: 200}, (_, i) => `key-${i}`);

/** The number of the round, and enough bytes after it that a round takes several pages. */
export function stateOf(round: number): Uint8Array {
  const value = Buffer.alloc(300, round & 0xff);
  value.writeUInt32LE(round);
  return value;
}
