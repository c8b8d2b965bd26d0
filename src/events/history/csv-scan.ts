import {MillraceError, type Problem} from '../../protocol/index.ts';
import type {SqlEngine} from '../../stores/index.ts';
import {quoteText} from '../sql-text.ts';
import {quotePath} from './files.ts';
import type {Scan} from './scan.ts';

/**
 * CSV files with a header line, all with the same one; fields are separated by the one of `,` `;` tab `|` that
 * the header has most of, and quoted with `"`. Every value is read as text and converted by the declared type;
 * an empty field is null. A time is ISO 8601, in UTC unless it names its zone, or epoch milliseconds.
 */
export async function csvScan(files: readonly string[], sql: SqlEngine): Promise<Scan> {
  const lines: string[] = [];
  for (const file of files) lines.push(await headerLine(file, sql));
  const [first = ''] = lines;
  const problems = files.flatMap((file, i): Problem[] =>
    lines[i] === first && first !== ''
      ? []
      : [
          {
            path: file,
            message:
              first === '' || lines[i] === ''
                ? 'The file is empty.'
                : `The header is ${lines[i]}, not ${first} as in ${files[0]}.`,
          },
        ],
  );
  if (problems.length > 0)
    throw new MillraceError(
      'SOURCE_SCHEMA',
      `The CSV files do not have one header: ${problems[0]!.path}: ${problems[0]!.message}`,
      {
        problems,
        fix: 'Begin every file with the same line of column names.',
      },
    );
  const {delimiter, names} = parseHeader(first);
  const columns = names.map(name => `${quoteText(name)}: 'VARCHAR'`).join(', ');
  return {
    relation:
      `read_csv([${files.map(quotePath).join(', ')}], auto_detect = false, header = true, delim = ${quoteText(delimiter)}, ` +
      `quote = '"', escape = '"', hive_partitioning = false, columns = {${columns}})`,
    found: new Map(names.map(name => [name, 'text'])),
    mayBeAbsent: false,
    fits: () => true,
    value(column, declared) {
      if (declared === 'string') return column;
      if (declared === 'bool') return `TRY_CAST(${column} AS BOOLEAN)`;
      if (declared === 'time')
        return `coalesce(epoch_ms(TRY_CAST(${column} AS TIMESTAMPTZ)), TRY_CAST(${column} AS DOUBLE))`;
      return `TRY_CAST(${column} AS DOUBLE)`;
    },
    convertible: declared => declared !== 'string',
    raw: column => column,
  };
}

/** Reads the first line whole, by a separator that no text has. */
async function headerLine(file: string, sql: SqlEngine): Promise<string> {
  const [row] = await sql.rows(
    `SELECT line FROM read_csv(${quotePath(file)}, auto_detect = false, header = false, delim = chr(1), quote = '', ` +
      `escape = '', hive_partitioning = false, columns = {'line': 'VARCHAR'}) LIMIT 1`,
  );
  return String(row?.line ?? '').replace(/^\uFEFF/, '');
}

function parseHeader(line: string): {delimiter: string; names: string[]} {
  const bare = line.replace(/"[^"]*"/g, '');
  const counts = [',', ';', '\t', '|'].map(delimiter => ({delimiter, count: bare.split(delimiter).length}));
  const {delimiter} = counts.reduce((most, next) => (next.count > most.count ? next : most));
  const names: string[] = [];
  let name = '';
  let quoted = false;
  for (const c of line) {
    if (c === '"') quoted = !quoted;
    if (c === delimiter && !quoted) {
      names.push(name);
      name = '';
    } else name += c;
  }
  names.push(name);
  return {
    delimiter,
    names: names.map(n =>
      n
        .trim()
        .replace(/^"(.*)"$/, '$1')
        .replaceAll('""', '"'),
    ),
  };
}
