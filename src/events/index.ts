export {EventArchive, type EventArchiveOptions} from './archive/archive.ts';
export type {ArchivePartition, PartitionBy, TimeRange} from './archive/partition.ts';
export {type Check, inRange, matches, oneOf} from './checks/check.ts';
export {fresh, nullShare, timeNotBackwards, unique, volume} from './checks/stream-check.ts';
export type {StreamKey} from './erasure/entity-keys.ts';
export {
  type Derived,
  type EntityFound,
  type ErasedStream,
  type ErasureOptions,
  type ErasureReport,
  eraseEntity,
  findEntity,
} from './erasure/erase-entity.ts';
export type {Backoff} from './follow/backoff.ts';
export type {Connections} from './follow/connection.ts';
export type {EventFeed, FeedBatch} from './follow/feed.ts';
export {type Following, type FollowOptions, follow} from './follow/follow.ts';
export type {FollowState} from './follow/follow-state.ts';
export {type ColumnsPushed, EventGate, type EventGateOptions} from './gate/gate.ts';
export type {RefusedRow} from './gate/refusal.ts';
export type {Arrival} from './gate/stream-gate.ts';
export {csvScan} from './history/csv-scan.ts';
export {type IngestOptions, type IngestReport, ingest} from './history/ingest.ts';
export {jsonLinesScan} from './history/json-lines-scan.ts';
export {parquetScan} from './history/parquet-scan.ts';
export {type HistoryBatch, type HistoryOptions, historyRange, readHistory} from './history/read-history.ts';
export type {Scan} from './history/scan.ts';
export {
  type Connection,
  csv,
  type FileOrigin,
  jsonLines,
  type KafkaOptions,
  type KafkaOrigin,
  kafkaTopic,
  type LiveOrigin,
  type Origin,
  type PostgresOptions,
  type PostgresOrigin,
  parquet,
  postgresTable,
} from './origin.ts';
export {FileQuarantine} from './quarantine/file-quarantine.ts';
export type {Quarantine, QuarantinedRow, QuarantineRange, Settlement, StoredRow} from './quarantine/quarantine.ts';
export {discardQuarantined, type ReplayCounts, type ReplayOptions, replayQuarantine} from './quarantine/replay.ts';
export {diffSchemas, type SchemaChange} from './schema/diff-schemas.ts';
export {type InferOptions, inferSchema} from './schema/infer-files.ts';
export {inferRows} from './schema/infer-rows.ts';
export {
  freezeSchema,
  type InferredColumn,
  type InferredSchema,
  schemaText,
  thawSchema,
} from './schema/inferred-schema.ts';
export {type DoorColumn, doorColumns} from './schema/vectors.ts';
export {events, type Source, type SourceOptions} from './source.ts';
