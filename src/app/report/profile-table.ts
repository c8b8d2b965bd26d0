import {identifier} from '../../features/index.ts';
import {type ColumnSketch, deciles, NumericSketch, TableProfile, TextCounts} from '../../monitoring/index.ts';
import type {SqlEngine} from '../../stores/index.ts';
import {ROW_NUMBER, rowsOf, type Table, type TableColumn} from './table-file.ts';

/** Rows from which the deciles of a reference are taken. */
const EDGE_ROWS = 20_000;

/** Edges by name of column, over which rows are counted exactly. */
export type Edges = ReadonlyMap<string, readonly number[]>;

/**
 * The profile of a table, read once: numbers batch by batch, texts as counts by value. At no time is more held than a batch,
 * and the sketches.
 */
export async function profileTable(sql: SqlEngine, table: Table, edges: Edges): Promise<TableProfile> {
  const sketches = new Map<string, ColumnSketch>();
  const numbers = table.columns.filter(isNumeric);
  for (const {name} of numbers) sketches.set(name, new NumericSketch({edges: edges.get(name) ?? null}));
  await readNumbers(sql, table, numbers, ({name}, values) => (sketches.get(name) as NumericSketch).add(values));
  for (const column of table.columns)
    if (!isNumeric(column)) sketches.set(column.name, await countTexts(sql, table, column));
  return new TableProfile(
    table.rows,
    table.columns.map(({name, type}) => ({name, type, sketch: sketches.get(name)!})),
  );
}

/** Deciles of each numeric column, from a sample that is the same in every run. */
export async function sampleEdges(sql: SqlEngine, table: Table): Promise<Edges> {
  const numbers = table.columns.filter(({type}) => type === 'number' || type === 'integer');
  const samples = new Map(numbers.map(({name}) => [name, [] as Float64Array[]]));
  const step = Math.max(1, Math.floor(table.rows / EDGE_ROWS));
  const sampled =
    step === 1
      ? table
      : {...table, relation: table.numbered, where: and(table.where, `hash(${ROW_NUMBER}) % ${step} = 0`)};
  await readNumbers(sql, sampled, numbers, ({name}, values) => samples.get(name)!.push(values));
  return new Map([...samples].map(([name, parts]) => [name, deciles(joined(parts))]));
}

async function readNumbers(
  sql: SqlEngine,
  table: Table,
  columns: readonly TableColumn[],
  take: (column: TableColumn, values: Float64Array) => void,
): Promise<void> {
  if (columns.length === 0) return;
  // Names may be anything: results go by place.
  const selected = columns.map(({name}, i) => `${identifier(name)} AS c${i}`).join(', ');
  for await (const batch of sql.stream(`SELECT ${selected} FROM ${rowsOf(table)}`))
    for (const [i, column] of columns.entries()) take(column, batch.columns[`c${i}`] as Float64Array);
}

async function countTexts(sql: SqlEngine, table: Table, {name}: TableColumn): Promise<ColumnSketch> {
  const counts = new TextCounts();
  // Grouped as what it is: to write every row as text would cost more than to count it.
  const groups = `SELECT ${identifier(name)} AS value, count(*) AS n FROM ${rowsOf(table)} GROUP BY 1`;
  const select = `SELECT value::VARCHAR AS value, n FROM (${groups})`;
  for await (const {count, columns} of sql.stream(select)) {
    const [values, rows] = [columns.value as readonly (string | null)[], columns.n as Float64Array];
    for (let i = 0; i < count; i++) counts.add(values[i]!, rows[i]!);
  }
  return counts.sketch();
}

const isNumeric = ({type}: TableColumn): boolean => type === 'number' || type === 'integer' || type === 'time';

const and = (a: string | null, b: string): string => (a === null ? b : `(${a}) AND ${b}`);

function joined(parts: readonly Float64Array[]): Float64Array {
  const all = new Float64Array(parts.reduce((sum, {length}) => sum + length, 0));
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  return all;
}
