export {csv, events, inRange, jsonLines, matches, oneOf, parquet} from './events/index.ts';
export {choose, entity, featureSet, featureView, use} from './features/index.ts';
export {MillraceError, t} from './protocol/index.ts';
