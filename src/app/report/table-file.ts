import {existsSync, rmSync} from 'node:fs';
import {extname, join} from 'node:path';
import {identifier} from '../../features/index.ts';
import type {ColumnType} from '../../monitoring/index.ts';
import {MillraceError, nearest} from '../../protocol/index.ts';
import type {SqlEngine} from '../../stores/index.ts';
import {quoted} from '../batch/requests.ts';

export type TableColumn = {readonly name: string; readonly type: ColumnType};

/** Rows to be profiled: Parquet, or made so, since columns are read several times. */
export type Table = {
  /** What a SELECT reads from. */
  readonly relation: string;
  /** The same with a column `file_row_number`. */
  readonly numbered: string;
  /** A condition on the rows, or null for all. */
  readonly where: string | null;
  readonly rows: number;
  readonly columns: readonly TableColumn[];
};

export const ROW_NUMBER = 'file_row_number';

/**
 * Opens a Parquet or CSV file, or a glob of them. The types of a CSV file are those that all its rows agree on; it is
 * copied to a Parquet file in `folder`, which is the caller's to remove. Throws SOURCE_NOT_FOUND and USAGE.
 */
export async function openTable(sql: SqlEngine, path: string, folder: string): Promise<Table> {
  const parquet = formatOf(path) === 'parquet' ? path : await toParquet(sql, path, folder);
  const reading = (options: string) => `read_parquet(${quoted(parquet)}, union_by_name = true${options})`;
  const relation = reading('');
  const described = await readable(path, sql.rows(`DESCRIBE SELECT * FROM ${relation}`));
  const columns = described.map(row => ({name: String(row.column_name), type: typeOf(String(row.column_type))}));
  // Who has a column of that name has it numbered.
  const numbered = columns.some(({name}) => name === ROW_NUMBER) ? relation : reading(`, ${ROW_NUMBER} = true`);
  return {relation, numbered, where: null, rows: await countRows(sql, relation, null), columns};
}

/** The rows before a time, and those from then on. Throws USAGE if the column is not there or is no time. */
export async function splitTable(
  sql: SqlEngine,
  table: Table,
  {time, at}: {readonly time: string; readonly at: number},
): Promise<readonly [before: Table, after: Table]> {
  const column = requireColumn(table, time);
  if (column.type !== 'time')
    throw new MillraceError('USAGE', `'${time}' is a column of type ${column.type}, not of times.`, {
      fix: `Name a column of times${timesOf(table)}.`,
    });
  const part = async (condition: string): Promise<Table> => {
    const where = `epoch_ms(${identifier(time)}::TIMESTAMP) ${condition} ${at}`;
    return {...table, where, rows: await countRows(sql, table.relation, where)};
  };
  return [await part('<'), await part('>=')];
}

/** Throws USAGE if the table has no such column. */
export function requireColumn(table: Table, name: string): TableColumn {
  const found = table.columns.find(column => column.name === name);
  if (found) return found;
  const names = table.columns.map(column => column.name);
  const [meant] = nearest(name, names);
  throw new MillraceError('USAGE', `There is no column '${name}'.`, {
    fix: meant === undefined ? `There are ${names.slice(0, 20).join(', ')}.` : `Did you mean '${meant}'?`,
  });
}

export const rowsOf = ({relation, where}: Table): string => (where === null ? relation : `${relation} WHERE ${where}`);

const timesOf = ({columns}: Table): string => {
  const times = columns.filter(({type}) => type === 'time').map(({name}) => name);
  return times.length === 0 ? ', of which there is none' : `: ${times.join(', ')}`;
};

function formatOf(path: string): 'csv' | 'parquet' {
  const ending = extname(path).toLowerCase();
  if (!/[*?[]/.test(path) && !existsSync(path))
    throw new MillraceError('SOURCE_NOT_FOUND', `There is no file ${path}.`, {fix: 'Correct the path.'});
  if (ending === '.parquet') return 'parquet';
  if (ending === '.csv' || ending === '.tsv') return 'csv';
  throw new MillraceError('USAGE', `${path} is neither a Parquet nor a CSV file by its name.`, {
    fix: 'Give files that end in .parquet, .csv or .tsv.',
  });
}

let copies = 0;

async function toParquet(sql: SqlEngine, path: string, folder: string): Promise<string> {
  const copy = join(folder, `rows-${process.pid}-${++copies}.parquet`);
  rmSync(copy, {force: true});
  // All rows say what a column is: a text in the last one would else end the report.
  const rows = `read_csv(${quoted(path)}, sample_size = -1, union_by_name = true)`;
  await readable(path, sql.run(`COPY (SELECT * FROM ${rows}) TO ${quoted(copy)} (FORMAT parquet)`));
  return copy;
}

const NONE_FOUND = 'No files found';
const SNIFFING = 'Error when sniffing file';

/** What the engine says of a file runs to a page of its own settings: the line that is about the file will do. */
async function readable<T>(path: string, work: Promise<T>): Promise<T> {
  try {
    return await work;
  } catch (error) {
    if (!(error instanceof MillraceError) || error.code !== 'STORE_FAILED') throw error;
    const lines = error.message.replace(/^DuckDB could not run the query\. (\w+ )*Error: /, '').split('\n');
    const said = lines.find(line => line.startsWith('Invalid unicode')) ?? lines[0]!;
    if (said.startsWith(NONE_FOUND))
      throw new MillraceError('SOURCE_NOT_FOUND', `There is no file ${path}.`, {fix: 'Correct the path.'});
    const reason = said.startsWith(SNIFFING) ? 'how its lines and fields are told apart is not clear' : said;
    throw new MillraceError('SOURCE_SCHEMA', `${path} cannot be read: ${reason.replace(/\.$/, '')}.`, {
      fix:
        formatOf(path) === 'parquet'
          ? 'Write the file again, or name another one.'
          : 'Give a file in UTF-8 with a line of names, as many fields in each line, and one kind of line ending; or a Parquet file.',
      cause: error,
    });
  }
}

async function countRows(sql: SqlEngine, relation: string, where: string | null): Promise<number> {
  const [row] = await sql.rows(`SELECT count(*) AS n FROM ${relation}${where === null ? '' : ` WHERE ${where}`}`);
  return Number(row?.n);
}

const INTEGER = /^U?(TINY|SMALL|BIG|HUGE)?INT(EGER)?$/;
const NUMBER = /^(FLOAT|DOUBLE|DECIMAL.*|"?NULL"?)$/;
const TIME = /^(DATE|TIMESTAMP.*)$/;

/** Lists, structs and the like are texts: what they look like. */
function typeOf(type: string): ColumnType {
  if (type === 'BOOLEAN') return 'boolean';
  if (INTEGER.test(type)) return 'integer';
  if (NUMBER.test(type)) return 'number';
  return TIME.test(type) ? 'time' : 'text';
}
