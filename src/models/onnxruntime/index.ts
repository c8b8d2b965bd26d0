export {type CheckResult, checkOnnx} from './check-onnx.ts';
export {type LocalSession, openLocalSession} from './local-session.ts';
export {OnnxSession, type SessionOptions} from './onnx-session.ts';
export {isUtf8, joinParts} from './pack-rows.ts';
export type {RowRule} from './row-rule.ts';
export type {PoolState, RunOptions} from './session-pool.ts';
