import {createHash} from 'node:crypto';
import type {ColumnData} from '../../protocol/index.ts';

/** SHA-256 of columns with their names: the same values in the same order give the same digits. */
export function hashColumns(columns: Readonly<Record<string, ColumnData>>): string {
  const hash = createHash('sha256');
  for (const [name, column] of Object.entries(columns)) {
    hash.update(JSON.stringify([name, column.length]));
    if (column instanceof Float64Array)
      hash.update(new Uint8Array(column.buffer, column.byteOffset, column.byteLength));
    else for (let i = 0; i < column.length; i += 10_000) hash.update(JSON.stringify(column.slice(i, i + 10_000)));
  }
  return hash.digest('hex');
}
