export {type CheckResult, checkOnnx} from './check-onnx.ts';
export {OnnxSession, type SessionOptions} from './onnx-session.ts';
export {isUtf8} from './pack-rows.ts';
export type {RowRule} from './row-rule.ts';
export type {PoolState, RunOptions} from './session-pool.ts';
