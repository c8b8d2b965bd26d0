// A Parquet file says at its end what it holds, so one that was cut off (a copy or a writer that died) is seen from
// its last bytes, before anything is read.
import {type FileHandle, open} from 'node:fs/promises';
import {MillraceError, type Problem} from '../../protocol/index.ts';
import type {SqlEngine} from '../../stores/index.ts';
import {quotePath} from './files.ts';

/** `PAR1`, the four bytes at both ends of a file; `PARE` ends one with an encrypted footer. */
const ENDS = new Set(['PAR1', 'PARE']);
/** Magic bytes at the start; length of the footer and magic bytes at the end. */
const SMALLEST = 12;

/** Throws SOURCE_SCHEMA that names every file that is no whole Parquet file, and what is wrong with it. */
export async function requireWhole(files: readonly string[]): Promise<void> {
  const problems: Problem[] = [];
  for (const path of files) {
    const message = await faultOf(path);
    if (message !== null) problems.push({path, message, fix: `Write or copy ${path} again.`});
  }
  if (problems.length === 0) return;
  const [first] = problems;
  const more = problems.length > 1 ? ` Neither can ${problems.length - 1} more.` : '';
  throw new MillraceError('SOURCE_SCHEMA', `The file ${first!.path} cannot be read: ${first!.message}${more}`, {
    problems,
    fix: `Write or copy ${problems.map(({path}) => path).join(', ')} again, then load again: nothing of this load was taken.`,
  });
}

/** The first of the files that cannot be read to its end, for an error that does not name it. Reads them all. */
export async function firstUnreadable(files: readonly string[], sql: SqlEngine): Promise<string | undefined> {
  for (const path of files)
    try {
      for await (const _ of sql.stream(`SELECT * FROM read_parquet(${quotePath(path)})`));
    } catch {
      return path;
    }
  return undefined;
}

async function faultOf(path: string): Promise<string | null> {
  let file: FileHandle | undefined;
  try {
    file = await open(path);
    const {size} = await file.stat();
    const bytes = size.toLocaleString('en');
    if (size < SMALLEST) return `its ${bytes} bytes are too few for a Parquet file.`;
    const start = await read(file, 0, 4);
    if (start.toString('latin1') !== 'PAR1') return 'it does not begin as a Parquet file does.';
    const end = await read(file, size - 8, 8);
    if (!ENDS.has(end.toString('latin1', 4)) || end.readUInt32LE(0) + SMALLEST > size)
      return `it is cut off: after ${bytes} bytes it does not end as a Parquet file does.`;
    return null;
  } catch (error) {
    return `${(error as NodeJS.ErrnoException).code ?? (error as Error).message}.`;
  } finally {
    await file?.close();
  }
}

async function read(file: FileHandle, position: number, length: number): Promise<Buffer> {
  const {buffer, bytesRead} = await file.read(Buffer.alloc(length), 0, length, position);
  return buffer.subarray(0, bytesRead);
}
