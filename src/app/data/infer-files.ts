/** Schemas of files that no project knows of yet. */
import {existsSync, readdirSync, statSync} from 'node:fs';
import {extname} from 'node:path';
import {csv, type FileOrigin, type InferredSchema, inferSchema, jsonLines, parquet} from '../../events/index.ts';
import {MillraceError} from '../../protocol/index.ts';
import {openDuckDb} from '../../stores/duckdb/index.ts';

export type FileFormat = FileOrigin['format'];

const ORIGINS = {csv, jsonl: jsonLines, parquet};

const FORMATS: Readonly<Record<string, FileFormat>> = {
  '.csv': 'csv',
  '.jsonl': 'jsonl',
  '.ndjson': 'jsonl',
  '.parquet': 'parquet',
};

export const FILE_FORMATS = Object.keys(ORIGINS) as readonly FileFormat[];

/**
 * What a file, a folder or a glob holds. The format is that of the name's ending, or of the files in the folder, unless
 * it is given. Throws SOURCE_NOT_FOUND, SOURCE_SCHEMA, and USAGE if nobody can tell the format.
 */
export async function inferFiles(
  path: string,
  {format = formatOf(path), values}: {readonly format?: FileFormat; readonly values?: number} = {},
): Promise<InferredSchema> {
  const sql = await openDuckDb({threads: 2});
  try {
    const origin = ORIGINS[format](path);
    return await inferSchema({sql, origin, folder: process.cwd(), ...(values === undefined ? {} : {values})});
  } finally {
    await sql.close();
  }
}

function formatOf(path: string): FileFormat {
  const named = FORMATS[extname(path).toLowerCase()];
  if (named) return named;
  const within = existsSync(path) && statSync(path).isDirectory() ? readdirSync(path, {recursive: true}) : [];
  const found = [...new Set(within.flatMap(name => FORMATS[extname(String(name)).toLowerCase()] ?? []))];
  if (found.length === 1) return found[0]!;
  if (found.length === 0 && !existsSync(path) && !/[*?[{]/.test(path))
    throw new MillraceError('SOURCE_NOT_FOUND', `There is no file or folder ${path}.`, {fix: 'Correct the path.'});
  const what =
    found.length > 1 ? `${path} holds files of ${found.join(' and ')}.` : `${path} does not tell its format.`;
  throw new MillraceError('USAGE', what, {fix: `Name one: --format ${FILE_FORMATS.join('|')}.`});
}
