// The whole of a refused row as JSON, whatever it was, so that it can be mended and pushed again.
import type {Columns, JsonValue} from '../../protocol/index.ts';
import {cellValue} from '../checks/rule.ts';
import {doorColumns} from '../schema/vectors.ts';
import type {Source} from '../source.ts';

/** A pushed row. What JSON cannot hold (NaN, infinities, big integers, a cycle) becomes text. */
export function rowAsJson(row: unknown): JsonValue {
  const text = (_: string, v: unknown) =>
    typeof v === 'bigint' || (typeof v === 'number' && !Number.isFinite(v)) ? String(v) : v;
  try {
    return JSON.parse(JSON.stringify(row, text) ?? 'null') as JsonValue;
  } catch {
    return String(row);
  }
}

/** Row `i` of a batch of columns, as it would be pushed. */
export function columnsRowAsJson(source: Source, {columns}: Columns, i: number): JsonValue {
  return Object.fromEntries(
    doorColumns(source).map(({name, type, size, parts}) => [
      name,
      size === null ? cellValue(columns[name]!, type.type, i) : vectorAsJson(parts.map(part => columns[part]![i]!)),
    ]),
  );
}

const vectorAsJson = (cells: readonly (number | string)[]): JsonValue =>
  cells.every(Number.isNaN) ? null : cells.map((_, k) => cellValue(Float64Array.of(cells[k] as number), 'number', 0));
