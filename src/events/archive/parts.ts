// The files of an archived stream: which log positions each covers, and what a crash may have left behind.
import {mkdir, readdir, rm, stat} from 'node:fs/promises';
import {join} from 'node:path';

/** A Parquet file with all events of a stream at log positions in [from, to). */
export type Part = {readonly path: string; readonly from: number; readonly to: number; readonly bytes: number};

const NAME = /^part-(\d+)-(\d+)\.parquet$/;

export function partPath(folder: string, from: number, to: number): string {
  return join(folder, `part-${String(from).padStart(12, '0')}-${String(to).padStart(12, '0')}.parquet`);
}

export async function partAt(folder: string, from: number, to: number): Promise<Part> {
  const path = partPath(folder, from, to);
  return {path, from, to, bytes: (await stat(path)).size};
}

/**
 * The parts that stand, without gap or overlap, from position 0 on. Removes everything else in the folder:
 * half-written files, parts whose events a merged part holds as well, parts behind a gap, and parts of a longer
 * log than this one, which another log has left.
 */
export async function openParts(folder: string, logEnd: number): Promise<Part[]> {
  await mkdir(folder, {recursive: true});
  const found: Part[] = [];
  for (const name of await readdir(folder)) {
    const [, from, to] = NAME.exec(name) ?? [];
    if (from !== undefined && to !== undefined) found.push(await partAt(folder, Number(from), Number(to)));
    else await rm(join(folder, name), {recursive: true});
  }
  const foreign = found.some(part => part.to > logEnd);
  found.sort((a, b) => a.from - b.from || b.to - a.to);
  const parts: Part[] = [];
  for (const part of found) {
    if (!foreign && part.from === (parts.at(-1)?.to ?? 0)) parts.push(part);
    else await rm(part.path);
  }
  return parts;
}

/**
 * The newest parts that are worth joining: all but the leading ones that are larger than everything after them,
 * so that an event is copied a number of times that grows with the logarithm of the stream.
 */
export function partsToMerge(parts: readonly Part[]): readonly Part[] {
  let after = parts.reduce((sum, part) => sum + part.bytes, 0);
  let first = 0;
  for (const part of parts) {
    after -= part.bytes;
    if (part.bytes <= after) break;
    first++;
  }
  return parts.slice(first);
}
