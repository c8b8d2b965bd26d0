import {readdir, stat} from 'node:fs/promises';
import {basename, dirname, join, resolve} from 'node:path';
import {MillraceError, nearest} from '../../protocol/index.ts';
import type {SqlEngine} from '../../stores/index.ts';
import type {FileOrigin} from '../origin.ts';
import {quoteText} from '../sql-text.ts';

const EXTENSIONS: Record<FileOrigin['format'], readonly string[]> = {
  csv: ['.csv', '.csv.gz', '.csv.zst'],
  jsonl: ['.jsonl', '.ndjson', '.jsonl.gz', '.ndjson.gz', '.jsonl.zst'],
  parquet: ['.parquet'],
};

/**
 * The files that an origin names, as absolute paths in order: one file, all files of the format in a folder
 * and below it, or the matches of a glob. Throws SOURCE_NOT_FOUND that says what stands nearby.
 */
export async function originFiles(origin: FileOrigin, folder: string, sql: SqlEngine): Promise<string[]> {
  const path = resolve(folder, origin.path);
  const found = await stat(path).catch(() => null);
  if (found?.isFile()) return [path];
  let files: string[] = [];
  if (found?.isDirectory()) {
    const entries = await readdir(path, {recursive: true, withFileTypes: true});
    files = entries
      .filter(entry => entry.isFile() && EXTENSIONS[origin.format].some(end => entry.name.endsWith(end)))
      .map(entry => join(entry.parentPath, entry.name));
  } else if (/[*?[]/.test(origin.path)) {
    const rows = await sql.rows(`SELECT file FROM glob(${quoteText(path)})`);
    files = rows.map(row => String(row.file));
  }
  if (files.length === 0) throw await notFound(origin, path, found !== null);
  return files.sort();
}

/** A path as DuckDB's file functions read it: its own characters are no wildcards. */
export const quotePath = (path: string): string => quoteText(path.replace(/[*?[]/g, c => `[${c}]`));

async function notFound(origin: FileOrigin, path: string, isFolder: boolean): Promise<MillraceError> {
  if (isFolder)
    return new MillraceError('SOURCE_NOT_FOUND', `The folder ${path} holds no ${origin.format} file.`, {
      fix: `Put files that end in ${EXTENSIONS[origin.format].join(' or ')} there.`,
    });
  let parent = dirname(path);
  let entries: string[] | null = null;
  while (entries === null && dirname(parent) !== parent) {
    entries = await readdir(parent).catch(() => null);
    if (entries === null) parent = dirname(parent);
  }
  const near = nearest(basename(path), entries ?? []);
  const listed = (entries ?? []).filter(name => !name.startsWith('.')).sort();
  const there = listed.length === 0 ? 'nothing' : `${listed.slice(0, 8).join(', ')}${listed.length > 8 ? ', ...' : ''}`;
  return new MillraceError('SOURCE_NOT_FOUND', `There is no ${path}. In ${parent} there is ${there}.`, {
    fix:
      near.length > 0
        ? `Did you mean ${near.map(name => join(parent, name)).join(' or ')}?`
        : `Correct the path '${origin.path}' of the source; it is relative to the project.`,
  });
}
