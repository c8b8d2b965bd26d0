/** Keys as plain UTF-8, so that LMDB compares them byte by byte, and no character is special. */

/** The encoder that `lmdb` calls with its own buffer; `writeKey` answers with the offset after the key. */
export const utf8Keys = {
  writeKey: (key: string, target: Buffer, position: number): number => position + target.write(key, position, 'utf8'),
  readKey: (source: Buffer, start: number, end: number): string => source.toString('utf8', start, end),
};
