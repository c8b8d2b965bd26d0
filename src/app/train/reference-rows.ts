import {decodeReferenceRows, encodeReferenceRows, type ReferenceRows} from '../../monitoring/index.ts';
import type {Runtime} from '../runtime/runtime.ts';

const rowsName = (model: string, version: number): string => `profiles/${model}/${version}.rows`;

export async function saveReferenceRows(
  {objects}: Pick<Runtime, 'objects'>,
  model: string,
  version: number,
  rows: ReferenceRows,
): Promise<void> {
  await objects.put(rowsName(model, version), encodeReferenceRows(rows));
}

/** Rows of the test split of a version; null for versions of earlier releases. Throws STORE_CORRUPT if they are damaged. */
export async function loadReferenceRows(
  {objects}: Pick<Runtime, 'objects'>,
  model: string,
  version: number,
): Promise<ReferenceRows | null> {
  const bytes = await objects.get(rowsName(model, version));
  return bytes === undefined ? null : decodeReferenceRows(bytes);
}
