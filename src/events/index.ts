export {type Check, inRange, matches, oneOf} from './checks/check.ts';
export {csv, type FileOrigin, jsonLines, parquet} from './origin.ts';
export {events, type Source, type SourceOptions} from './source.ts';
