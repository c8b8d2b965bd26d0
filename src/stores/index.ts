export {CopiedStore, type CopyState} from './copied-store.ts';
export type {EventLog} from './event-log.ts';
export type {MetadataQuery, MetadataRecord, MetadataStore, MetadataWrite} from './metadata-store.ts';
export type {ObjectStore} from './object-store.ts';
export type {LocalStore, OnlineStore} from './online-store.ts';
export type {SqlEngine, SqlParameter} from './sql-engine.ts';
