/** The forms in which MLflow's clients send what is to be scored, brought to two: a table, or one nested list. */
import {MillraceError} from '../../protocol/index.ts';
import {type JsonObject, listOf, objectOf} from '../inference/json-fields.ts';
import {brief} from '../tensors/nested-data.ts';
import {parseCsv} from './csv.ts';

export type Table = {
  /** null: columns are known by their places only. */
  readonly names: readonly string[] | null;
  readonly columns: readonly (readonly unknown[])[];
  readonly rows: number;
};

export type InvocationData = {readonly table: Table} | {readonly list: readonly unknown[]};

const FORMS = ['dataframe_split', 'dataframe_records', 'instances', 'inputs'] as const;

/** Throws REQUEST_INVALID for a body with none of the forms, or with two. */
export function readInvocation(value: unknown): InvocationData {
  const body = objectOf(value, 'The body');
  const given = FORMS.filter(form => body[form] !== undefined);
  const [form] = given;
  if (form === undefined || given.length > 1)
    throw new MillraceError(
      'REQUEST_INVALID',
      `The body has ${given.length === 0 ? 'no data' : given.join(' and ')}.`,
      {
        fix: `Send exactly one of ${FORMS.join(', ')}.`,
      },
    );
  if (form === 'dataframe_split') return {table: splitTable(objectOf(body[form], `'${form}'`))};
  if (form === 'dataframe_records') return {table: recordTable(listOf(body[form], form), form)};
  const data = body[form];
  if (Array.isArray(data)) return isRecord(data[0]) ? {table: recordTable(data, form)} : {list: data};
  if (form === 'inputs' && isRecord(data)) return {table: columnTable(data)};
  throw new MillraceError('REQUEST_INVALID', `'${form}' is ${brief(data)}.`, {
    fix: "Give a list of rows, or as 'inputs' an object with a list for each input.",
  });
}

/** The first line of a CSV text names the columns. */
export function readCsv(text: string): {readonly table: Table} {
  const [names = [], ...rows] = parseCsv(text);
  return {table: rowTable(names, rows)};
}

function splitTable({columns, data}: JsonObject): Table {
  const rows = listOf(data, 'dataframe_split.data').map((row, i) => listOf(row, `dataframe_split.data[${i}]`));
  if (columns === undefined) return rowTable(null, rows);
  const names = listOf(columns, 'dataframe_split.columns');
  // A data frame whose columns nobody named counts them.
  if (names.every((name, i) => name === i)) return rowTable(null, rows, names.length);
  return rowTable(names.map(String), rows);
}

function rowTable(
  names: readonly string[] | null,
  rows: readonly (readonly unknown[])[],
  width: number = names?.length ?? rows[0]?.length ?? 0,
): Table {
  const wrong = rows.findIndex(row => row.length !== width);
  if (wrong !== -1)
    throw new MillraceError('REQUEST_INVALID', `Row ${wrong} has ${rows[wrong]!.length} cells.`, {
      fix: `Give each row ${width} cells, one for each column.`,
    });
  const columns = Array.from({length: width}, (_, j) => rows.map(row => row[j]));
  return {names: names && checkNames(names), columns, rows: rows.length};
}

/** A record that lacks a column has null there. */
function recordTable(records: readonly unknown[], form: string): Table {
  const columns = new Map<string, unknown[]>();
  for (const [i, item] of records.entries())
    for (const [name, value] of Object.entries(objectOf(item, `Row ${i} of '${form}'`))) {
      let column = columns.get(name);
      if (!column) {
        refuseTooWide(columns.size + 1, records.length);
        column = new Array(records.length).fill(null);
        columns.set(name, column);
      }
      column[i] = value;
    }
  return {names: [...columns.keys()], columns: [...columns.values()], rows: records.length};
}

function columnTable(inputs: JsonObject): Table {
  const names = Object.keys(inputs);
  const columns = names.map(name => listOf(inputs[name], `inputs.${name}`));
  const rows = columns[0]?.length ?? 0;
  const wrong = columns.findIndex(column => column.length !== rows);
  if (wrong !== -1)
    throw new MillraceError('REQUEST_INVALID', `'${names[wrong]}' has ${columns[wrong]!.length} rows.`, {
      fix: `Give it as many as '${names[0]}', ${rows}.`,
    });
  return {names, columns, rows};
}

/** Records that share no column would make a table as wide as it is long. */
const MAX_CELLS = 10_000_000;

function refuseTooWide(columns: number, rows: number): void {
  if (columns * rows > MAX_CELLS)
    throw new MillraceError('REQUEST_TOO_LARGE', `The records make a table of more than ${MAX_CELLS} cells.`, {
      fix: 'Give all records the same columns, or split the batch.',
    });
}

function checkNames(names: readonly string[]): readonly string[] {
  const seen = new Set<string>();
  for (const name of names) {
    if (seen.has(name))
      throw new MillraceError('REQUEST_INVALID', `Two columns are called '${name.slice(0, 60)}'.`, {
        fix: 'Give each column a name of its own.',
      });
    seen.add(name);
  }
  return names;
}

const isRecord = (value: unknown): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
