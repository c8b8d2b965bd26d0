import {type JsonValue, parseTime, type TypeName} from '../../protocol/index.ts';
import {doorColumns} from '../schema/vectors.ts';
import type {Source} from '../source.ts';

/**
 * A row whose values are text, as a CSV file has them, with each value that can be one in its declared type; what
 * cannot stays text, and the gate says so. Values that are no text stay as they are. The columns of a vector
 * become the vector.
 */
export function readTexts(source: Source, row: JsonValue): JsonValue {
  if (typeof row !== 'object' || row === null || Array.isArray(row)) return row;
  const rest = new Map(Object.entries(row));
  const read: Record<string, JsonValue> = {};
  for (const {name, type, size, parts} of doorColumns(source)) {
    const values = parts.filter(part => rest.has(part)).map(part => typed(rest.get(part)!, type.type));
    for (const part of parts) rest.delete(part);
    if (size !== null && rest.has(name)) read[name] = listOf(rest.get(name)!);
    else if (size !== null && values.length > 0) read[name] = values.every(v => v === null) ? null : values;
    else if (values.length > 0) read[name] = values[0]!;
    rest.delete(name);
  }
  return {...read, ...Object.fromEntries(rest)};
}

/** A list that was cast to text. */
function listOf(value: JsonValue): JsonValue {
  if (typeof value !== 'string') return value;
  try {
    return JSON.parse(value) as JsonValue;
  } catch {
    return value;
  }
}

function typed(text: JsonValue, type: TypeName): JsonValue {
  if (typeof text !== 'string') return text;
  switch (type) {
    case 'string':
      return text;
    case 'bool':
      return /^(true|t|yes|y|1)$/i.test(text) ? true : /^(false|f|no|n|0)$/i.test(text) ? false : text;
    case 'time':
      return timeOf(text.trim()) ?? text;
    default: {
      const number = text.trim() === '' ? Number.NaN : Number(text);
      return Number.isFinite(number) ? number : text;
    }
  }
}

/** A time of a file is in UTC unless it names its zone. */
function timeOf(text: string): number | undefined {
  if (/^[+-]?\d+$/.test(text)) return Number(text);
  return parseTime(text) ?? parseTime(`${text}Z`);
}
