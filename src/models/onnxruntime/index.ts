export {type CheckResult, checkOnnx} from './check-onnx.ts';
