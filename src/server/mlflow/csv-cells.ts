import type {Datatype, TensorSpec} from '../../protocol/index.ts';
import type {InvocationData, Table} from './invocation-data.ts';

/** What a text of CSV means for a datatype: a number, true or false, null if it is empty; else the text, to be refused. */
export function readCell(cell: string, datatype: Datatype): unknown {
  if (datatype === 'BYTES') return cell;
  if (datatype === 'INT64' || datatype === 'UINT64') return cell.trim();
  if (datatype === 'BOOL' && /^(true|false)$/i.test(cell)) return cell.toLowerCase() === 'true';
  if (cell === '' || /^nan$/i.test(cell)) return null;
  const value = Number(cell);
  return Number.isNaN(value) || cell.trim() === '' ? cell : value;
}

/** A table of texts with its cells read as the inputs need them: a column as its own input, or all as the only one. */
export function readCells({table}: {readonly table: Table}, specs: readonly TensorSpec[]): InvocationData {
  const columns = table.columns.map((column, j) => {
    const spec = specs.find(({name}) => name === table.names?.[j]) ?? specs[0];
    return spec ? column.map(cell => readCell(String(cell), spec.datatype)) : column;
  });
  return {table: {...table, columns}};
}
