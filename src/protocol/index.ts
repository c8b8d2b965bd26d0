export {type ColumnData, type Columns, type EventBatch, type PositionedBatch, type Value, valueAt} from './columns.ts';
export {type ErrorCode, type ErrorOptions, MillraceError, nearest, type Problem} from './errors.ts';
export {canonicalJson, type JsonValue} from './json.ts';
export {
  type ColumnSpec,
  type ColumnsOf,
  columnSpecs,
  type Row,
  type Schema,
  type Type,
  type TypeName,
  t,
} from './schema.ts';
export {type Clock, type Duration, durationMs, formatDuration, ManualClock, wallClock} from './time.ts';
